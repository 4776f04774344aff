#include "tariff/contract_toml.hpp"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

namespace loadstar::tariff {
namespace {

std::string quoted(const std::string& text) {
    std::string result = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') result += '\\';
        if (static_cast<unsigned char>(c) < 0x20) {
            result += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
        } else {
            result += c;
        }
    }
    return result + "\"";
}

/// A key as it may stand: bare, or quoted when it holds anything else.
std::string key_text(const std::string& key) {
    const bool bare = !key.empty() && std::ranges::all_of(key, [](unsigned char c) {
        return std::isalnum(c) != 0 || c == '_' || c == '-';
    });
    return bare ? key : quoted(key);
}

template <class List, class TextOf>
std::string list_text(const List& list, TextOf text_of) {
    std::string text;
    for (const auto& item : list) text += (text.empty() ? "" : ", ") + text_of(item);
    return "[" + text + "]";
}

std::string map_text(const std::map<std::string, Decimal>& map) {
    std::string text;
    for (const auto& [key, value] : map)
        text += fmt::format("{}{} = {}", text.empty() ? "" : ", ", key_text(key), value.text());
    return "{ " + text + " }";
}

/// "price_per_kwh": keys of a contract end in its unit.
std::string unit_key(const std::string& start, const Contract& contract) {
    std::string key = start;
    for (const unsigned char c : contract.unit) key += static_cast<char>(std::tolower(c));
    return key;
}

/// Writes tables, one `key = value` a line.
class TomlWriter {
  public:
    explicit TomlWriter(const Contract& contract) : contract_(contract) {}

    std::string write() {
        head();
        for (const auto& rule : contract_.bands.rules) band(rule);
        for (const auto& component : contract_.energy) energy("energy", component);
        for (const auto& component : contract_.exports) energy("export", component);
        for (const auto& charge : contract_.demands) demand(charge);
        for (const auto& item : contract_.fixed) fixed(item);
        if (contract_.power_factor) power_factor(*contract_.power_factor);
        for (const auto& charge : contract_.reactive) reactive(charge);
        for (const auto& rule : contract_.take_or_pay) take_or_pay(rule);
        if (contract_.minimum) minimum(*contract_.minimum);
        if (contract_.net_metering) net_metering(*contract_.net_metering);
        for (const auto& tax : contract_.taxes) percentage(tax);
        return std::move(text_);
    }

  private:
    void table(const char* part) {
        const auto path = "contract." + key_text(contract_.id);
        if (*part == '\0') {
            text_ += fmt::format("[{}]\n", path);
        } else {
            text_ += fmt::format("\n[[{}.{}]]\n", path, part);
        }
    }
    void raw(const std::string& key, const std::string& value) { text_ += fmt::format("{} = {}\n", key, value); }
    void text(const std::string& key, const std::string& value) { raw(key, quoted(value)); }
    void number(const std::string& key, const Decimal& value) { raw(key, value.text()); }
    void changed(const std::string& key, const Decimal& value, const Decimal& usual) {
        if (value != usual) number(key, value);
    }

    void named(const std::string& line, const std::string& name) {
        text("line", line);
        if (!name.empty() && name != line) text("name", name);
    }
    void validity(const Validity& validity) {
        if (validity.from) raw("valid_from", to_string(*validity.from));
        if (validity.until) raw("valid_until", to_string(*validity.until));
    }
    void digits(std::optional<int> own) {
        if (own) number("amount_digits", *own);
    }
    void selection(const LineSelection& selection) {
        if (selection.lines.empty()) return;
        raw(selection.kind == LineSelection::Kind::listed ? "basis" : "basis_except",
            list_text(selection.lines, quoted));
    }
    void months(const std::set<unsigned>& months) {
        if (!months.empty()) raw("months", list_text(months, [](unsigned month) { return std::to_string(month); }));
    }

    void head() {
        table("");
        text("name", contract_.name);
        if (contract_.carrier != "electricity") text("carrier", contract_.carrier);
        if (contract_.unit != "kWh") text("unit", contract_.unit);
        if (!contract_.currency.empty()) text("currency", contract_.currency);
        validity(contract_.validity);
        changed("billing_day", contract_.billing_day, 1);
        if (const int at = contract_.day_starts_at; at != 0)
            text("day_starts_at", fmt::format("{:02}:{:02}", at / 60, at % 60));
        if (contract_.export_limit) number("export_limit_kw", *contract_.export_limit);
        changed("amount_digits", contract_.amount_digits, 2);
        if (contract_.use_hours) number("use_hours", *contract_.use_hours);
        if (!contract_.bands.factors.empty()) raw("band_factors", map_text(contract_.bands.factors));
        if (!contract_.bands.otherwise.empty()) text("otherwise_band", contract_.bands.otherwise);
    }

    static std::string kind_word(DayKind kind) {
        switch (kind) {
            case DayKind::working: return "\"working\"";
            case DayKind::saturday: return "\"saturday\"";
            case DayKind::sunday: return "\"sunday\"";
            case DayKind::holiday: return "\"holiday\"";
        }
        return "";
    }

    void band(const BandRule& rule) {
        table("band");
        text("name", rule.band);
        const auto window = [](const DayWindow& hours) { return quoted(loadstar::to_string(hours)); };
        if (!rule.windows.empty()) raw("windows", list_text(rule.windows, window));
        months(rule.months);
        if (!rule.days.empty()) raw("days", list_text(rule.days, kind_word));
        const auto date = [](LocalDay day) { return loadstar::to_string(day); };
        if (!rule.dates.empty()) raw("dates", list_text(rule.dates, date));
        changed("priority", rule.priority, 0);
    }

    void energy(const char* part, const EnergyComponent& component) {
        table(part);
        named(component.line, component.name);
        switch (component.source) {
            case PriceSource::flat: number(unit_key("price_per_", contract_), component.price); break;
            case PriceSource::floating:
                number(unit_key("price_per_", contract_), component.price);
                raw("floats", "true");
                break;
            case PriceSource::band_prices:
                raw(unit_key("prices_per_", contract_), map_text(component.band_prices));
                break;
            case PriceSource::series:
                text("price_series", component.price_series);
                changed("series_factor", component.series_factor, 1);
                changed(unit_key("adder_per_", contract_), component.series_adder, 0);
                break;
            case PriceSource::tiers: tiers_head(component.tiers); break;
        }
        if (component.price_digits) number("price_digits", *component.price_digits);
        window(component.window);
        changed("share_percent", component.share_percent, 100);
        use_hours(component.use_hours);
        validity(component.validity);
        digits(component.amount_digits);
        for (const auto& step : component.tiers.steps) {
            table((std::string(part) + ".tier").c_str());
            number(component.tiers.per == TierBasis::demand ? "from_hours" : unit_key("from_", contract_), step.from);
            number(unit_key("price_per_", contract_), step.price);
        }
    }

    void window(const ChargeWindow& window) {
        months(window.months);
        if (!window.bands.empty()) raw("bands", list_text(window.bands, quoted));
    }
    void use_hours(const UseHours& limits) {
        if (limits.from) number("use_hours_from", *limits.from);
        if (limits.below) number("use_hours_below", *limits.below);
    }
    void year_starts(unsigned month) { changed("year_starts", static_cast<int>(month), 1); }

    void tiers_head(const EnergyTiers& tiers) {
        switch (tiers.per) {
            case TierBasis::period: break;
            case TierBasis::day: text("tiers_per", "day"); break;
            case TierBasis::year:
                text("tiers_per", "year");
                year_starts(tiers.first_month);
                break;
            case TierBasis::demand:
                text("tiers_per", "demand");
                text("demand_line", tiers.demand_line);
                break;
        }
        if (tiers.whole) text("tier_price_for", "whole");
        if (tiers.agreed) number(unit_key("agreed_", contract_), *tiers.agreed);
    }

    static const char* mode_word(DemandMode mode) {
        switch (mode) {
            case DemandMode::actual: return "actual";
            case DemandMode::contract: return "contract";
            case DemandMode::capacity: return "capacity";
        }
        return "";
    }

    void demand(const DemandCharge& charge) {
        table("demand");
        named(charge.line, charge.name);
        const bool by_capacity = charge.mode == DemandMode::capacity;
        const auto unit = demand_word(charge.per_day);
        text("mode", mode_word(charge.mode));
        if (charge.tiers.empty()) number(by_capacity ? "rate_per_kva" : "rate_per_" + unit, charge.rate);
        if (charge.other_rate) number(by_capacity ? "rate_per_" + unit : "rate_per_kva", *charge.other_rate);
        const auto mode = [](DemandMode choice) { return quoted(mode_word(choice)); };
        if (!charge.choices.empty()) raw("choices", list_text(charge.choices, mode));
        if (charge.per_day) {
            text("metering_interval", "day");
        } else {
            changed("metering_interval_minutes", static_cast<int>(charge.interval / minutes(1)), 15);
        }
        if (charge.capacity_kva) number("capacity_kva", *charge.capacity_kva);
        if (charge.contract_kw) number("contract_" + unit, *charge.contract_kw);
        changed("contract_floor_percent", charge.contract_floor_percent, 40);
        changed("tolerance_percent", charge.tolerance_percent, 105);
        changed("excess_factor", charge.excess_factor, 2);
        if (charge.excess_rate) number("excess_rate_per_" + unit, *charge.excess_rate);
        if (charge.excess_reading == ExcessReading::tolerance_plus_excess)
            text("excess_reading", "tolerance_plus_excess");
        changed("minimum_" + unit, charge.minimum_kw, 0);
        if (charge.discount) {
            raw("discount", fmt::format("{{ from_kwh_per_kva = {}, percent = {} }}",
                                        charge.discount->kwh_per_kva.text(), charge.discount->percent.text()));
        }
        window(charge.window);
        demand_rules(charge);
        use_hours(charge.use_hours);
        validity(charge.validity);
        digits(charge.amount_digits);
        for (const auto& tier : charge.tiers) {
            table("demand.tier");
            number("from_" + unit, tier.from_kw);
            number("rate_per_" + unit, tier.rate);
        }
    }

    /// The unit of a demand as it stands in keys: "kw", "m3_per_h", "m3_per_day".
    [[nodiscard]] std::string demand_word(bool per_day) const {
        if (!per_day && contract_.unit == "kWh") return "kw";
        if (!per_day && contract_.unit == "MWh") return "mw";
        return unit_key("", contract_) + (per_day ? "_per_day" : "_per_h");
    }

    /// What a demand is besides the largest mean of a billing period.
    void demand_rules(const DemandCharge& charge) {
        if (charge.ratchet) {
            const auto& rule = *charge.ratchet;
            const auto month = [](unsigned of) { return std::to_string(of); };
            const auto of_months =
                rule.months.empty() ? "" : fmt::format(", months = {}", list_text(rule.months, month));
            raw("ratchet",
                fmt::format("{{ percent = {}, periods = {}{} }}", rule.percent.text(), rule.periods, of_months));
        }
        if (charge.year) {
            text("over", "year");
            if (charge.year->billing == YearBilling::twelfths) text("year_billing", "twelfths");
            if (charge.year->billing == YearBilling::year_end) text("year_billing", "year_end");
            year_starts(charge.year->first_month);
        }
        const auto time = [](const LocalTime& of) {
            return quoted(fmt::format("{} {:02}:{:02}", loadstar::to_string(of.day), of.minute / 60, of.minute % 60));
        };
        if (!charge.hours.empty()) raw("hours", list_text(charge.hours, time));
        if (charge.of == DemandOf::mean) text("demand_of", "mean");
        if (charge.of == DemandOf::sum) text("demand_of", "sum");
        if (!charge.probability_series.empty()) text("probability_series", charge.probability_series);
        changed("expected_hours", charge.expected_hours, 1);
        if (charge.measure == DemandMeasure::apparent) text("measure", "kva");
        changed("plan_power_factor", charge.plan_power_factor, 1);
    }

    void fixed(const FixedItem& item) {
        table("fixed");
        named(item.line, item.name);
        number("amount_per_month", item.amount);
        validity(item.validity);
        digits(item.amount_digits);
    }

    void stretches(const char* key, const std::vector<PowerFactorStretch>& stretches) {
        const auto stretch = [](const PowerFactorStretch& of) {
            return fmt::format("{{ until = {}, percent_per_step = {} }}", of.until.text(), of.percent_per_step.text());
        };
        if (!stretches.empty()) raw(key, list_text(stretches, stretch));
    }

    void power_factor(const PowerFactorRule& rule) {
        text_ += fmt::format("\n[contract.{}.power_factor]\n", key_text(contract_.id));
        named(rule.line, rule.name);
        number("standard", rule.standard);
        stretches("reward", rule.rewards);
        stretches("penalty", rule.penalties);
        selection(rule.basis);
        digits(rule.amount_digits);
    }

    void reactive(const ReactiveCharge& charge) {
        table("reactive");
        named(charge.line, charge.name);
        if (charge.flow == ReactiveFlow::leading) text("flow", "leading");
        if (charge.flow == ReactiveFlow::both) text("flow", "both");
        number("price_per_kvarh", charge.price);
        number("free_tan_phi", charge.free_share);
        window(charge.window);
        validity(charge.validity);
        digits(charge.amount_digits);
    }

    void take_or_pay(const TakeOrPay& rule) {
        table("take_or_pay");
        named(rule.line, rule.name);
        number(unit_key("minimum_", contract_), rule.quantity);
        number(unit_key("price_per_", contract_), rule.price);
        if (rule.per_year) text("over", "year");
        if (rule.per_year) year_starts(rule.first_month);
        validity(rule.validity);
        digits(rule.amount_digits);
    }

    void minimum(const MinimumBill& rule) {
        text_ += fmt::format("\n[contract.{}.minimum_bill]\n", key_text(contract_.id));
        named(rule.line, rule.name);
        number("amount_per_month", rule.amount);
        selection(rule.basis);
        digits(rule.amount_digits);
    }

    void net_metering(const NetMetering& rule) {
        text_ += fmt::format("\n[contract.{}.net_metering]\n", key_text(contract_.id));
        named(rule.line, rule.name);
        changed(unit_key("surplus_price_per_", contract_), rule.surplus_price, 0);
        selection(rule.basis);
        digits(rule.amount_digits);
    }

    void percentage(const Tax& tax) {
        table("tax");
        named(tax.line, tax.name);
        number("percent", tax.percent);
        selection(tax.basis);
        use_hours(tax.use_hours);
        digits(tax.amount_digits);
    }

    const Contract& contract_;
    std::string text_;
};

}  // namespace

std::string contract_toml(const Contract& contract) { return TomlWriter(contract).write(); }

}  // namespace loadstar::tariff
