#include <algorithm>

#include <fmt/format.h>

#include "site/contract_charge_readers.hpp"

namespace loadstar {
LineSelection read_selection(TableReader& reader) {
    const auto listed = reader.texts({"basis", "lines it applies to; all when absent"});
    const auto except = reader.texts({"basis_except", "all lines but these"});
    if (!listed.empty() && !except.empty()) reader.mistake("basis_except", "basis and basis_except exclude each other");
    if (!listed.empty()) return {.kind = LineSelection::Kind::listed, .lines = listed};
    return {.kind = LineSelection::Kind::all_except, .lines = except};
}

std::vector<PowerFactorStretch> read_stretches(TableReader& reader, Key key) {
    std::vector<PowerFactorStretch> stretches;
    reader.table_list(key, [&stretches](TableReader& stretch) {
        stretches.push_back(
            {.until = stretch.required_decimal({"until", "power factor where the stretch ends"}, share),
             .percent_per_step = stretch.required_decimal({"percent_per_step", "change per 0.01"}, not_negative)});
    });
    return stretches;
}

/// Each stretch must lead on from the one before, away from the standard.
void check_stretches(const PowerFactorRule& rule, TableReader& reader) {
    const auto monotone = [&](const std::vector<PowerFactorStretch>& stretches, int direction, const char* key) {
        auto from = rule.standard;
        for (const auto& stretch : stretches) {
            if ((stretch.until - from) * direction <= 0) {
                reader.mistake(key, fmt::format("{} out of order at until = {}", key, stretch.until.text()),
                               "rewards rise from the standard, penalties fall from it");
            }
            from = stretch.until;
        }
    };
    monotone(rule.rewards, 1, "reward");
    monotone(rule.penalties, -1, "penalty");
}

PowerFactorRule read_power_factor(TableReader& reader) {
    PowerFactorRule rule;
    rule.line = reader.text({"line", "name of the bill line"}, "power_factor");
    rule.name = reader.text({"name", "what people call it"}, rule.line);
    rule.standard = reader.required_decimal(
        {"standard", "power factor without reward or penalty: 0.90, 0.85, 0.80 or with an own table"}, share);
    rule.rewards = read_stretches(reader, {"reward", "own table above the standard"});
    rule.penalties = read_stretches(reader, {"penalty", "own table below the standard"});
    rule.basis = read_selection(reader);
    rule.amount_digits = read_amount_digits(reader);
    if (reader.describing()) return rule;
    if (!rule.rewards.empty() || !rule.penalties.empty()) {
        check_stretches(rule, reader);
    } else if (const auto table = standard_power_factor_rule(rule.standard)) {
        rule.rewards = table->rewards;
        rule.penalties = table->penalties;
    } else {
        reader.mistake("standard",
                       fmt::format("expected 0.90, 0.85 or 0.80 for standard, found {}", rule.standard.text()),
                       "for another standard write the [[reward]] and [[penalty]] stretches");
    }
    return rule;
}

Tax read_tax(TableReader& reader, const Contract& contract) {
    Tax tax;
    tax.line = reader.required_text({"line", "name of the bill line"});
    tax.name = reader.text({"name", "what people call it"}, tax.line);
    tax.percent = reader.required_decimal({"percent", "of the lines of its basis; negative for a credit"});
    tax.basis = read_selection(reader);
    tax.use_hours = read_use_hours(reader, contract);
    tax.amount_digits = read_amount_digits(reader);
    return tax;
}

FixedItem read_fixed(TableReader& reader) {
    FixedItem item;
    item.line = reader.required_text({"line", "name of the bill line"});
    item.name = reader.text({"name", "what people call it"}, item.line);
    item.amount = reader.required_decimal({"amount_per_month", "due every billing period; negative for a credit"});
    item.validity = read_validity(reader);
    item.amount_digits = read_amount_digits(reader);
    return item;
}

MinimumBill read_minimum(TableReader& reader) {
    MinimumBill minimum;
    minimum.line = reader.text({"line", "name of the bill line"}, "minimum");
    minimum.name = reader.text({"name", "what people call it"}, minimum.line);
    minimum.amount =
        reader.required_decimal({"amount_per_month", "least that its basis comes to in a billing period"}, positive);
    minimum.basis = read_selection(reader);
    minimum.amount_digits = read_amount_digits(reader);
    return minimum;
}

ReactiveCharge read_reactive(TableReader& reader, const Contract& contract) {
    ReactiveCharge charge;
    charge.line = reader.text({"line", "name of the bill line"}, "reactive");
    charge.name = reader.text({"name", "what people call it"}, charge.line);
    charge.flow = reader.choice<ReactiveFlow>(
        {"flow", "lagging (default), leading or both"},
        {{"lagging", ReactiveFlow::lagging}, {"leading", ReactiveFlow::leading}, {"both", ReactiveFlow::both}},
        ReactiveFlow::lagging);
    charge.price = reader.required_decimal({"price_per_kvarh", "price beyond the free share"}, not_negative);
    const auto tangent = reader.optional_decimal({"free_tan_phi", "kvarh per kWh that are free"}, not_negative);
    const auto percent = reader.optional_decimal({"free_percent", "free kvarh in percent of the kWh"}, not_negative);
    charge.free_share = tangent ? *tangent : percent.value_or(0) / 100;
    charge.window = read_window(reader, contract.bands);
    charge.validity = read_validity(reader);
    charge.amount_digits = read_amount_digits(reader);
    if (tangent && percent) reader.mistake("free_percent", "free_tan_phi and free_percent exclude each other");
    if (contract.unit != "kWh")
        reader.mistake("", fmt::format("reactive energy needs a contract in kWh, found {}", contract.unit));
    return charge;
}

TakeOrPay read_take_or_pay(TableReader& reader, const Contract& contract) {
    TakeOrPay rule;
    rule.line = reader.text({"line", "name of the bill line"}, "take_or_pay");
    rule.name = reader.text({"name", "what people call it"}, rule.line);
    for (const auto& keys : keys_to_read(reader, contract.unit)) {
        const auto quantity = "minimum" + std::string(keys.from.substr(std::string_view("from").size()));
        rule.quantity = reader.required_decimal({quantity, "quantity that is paid in any case"}, positive);
        rule.price = reader.required_decimal({keys.price, "price of what is not taken"}, not_negative);
    }
    rule.per_year =
        reader.choice<bool>({"over", "period (default) or year"}, {{"period", false}, {"year", true}}, false);
    rule.first_month = static_cast<unsigned>(
        reader.integer({"year_starts", "month in which the year starts"}, 1, {.minimum = 1, .maximum = 12}));
    if (!rule.per_year && reader.has("year_starts")) reader.mistake("year_starts", "year_starts needs over = \"year\"");
    rule.validity = read_validity(reader);
    rule.amount_digits = read_amount_digits(reader);
    return rule;
}

NetMetering read_net_metering(TableReader& reader, const Contract& contract) {
    NetMetering rule;
    rule.line = reader.text({"line", "name of the bill line"}, "net_surplus");
    rule.name = reader.text({"name", "what people call it"}, rule.line);
    for (const auto& keys : keys_to_read(reader, contract.unit)) {
        const auto key = "surplus_" + std::string(keys.price);
        rule.surplus_price = reader.decimal({key, "paid for what is fed in beyond what was drawn"}, 0);
    }
    rule.basis = read_selection(reader);
    rule.amount_digits = read_amount_digits(reader);
    return rule;
}

}  // namespace loadstar
