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
        changed("amount_digits", contract_.amount_digits, 2);
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
        }
        if (component.price_digits) number("price_digits", *component.price_digits);
        validity(component.validity);
        digits(component.amount_digits);
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
        text("mode", mode_word(charge.mode));
        number(by_capacity ? "rate_per_kva" : "rate_per_kw", charge.rate);
        if (charge.other_rate) number(by_capacity ? "rate_per_kw" : "rate_per_kva", *charge.other_rate);
        const auto mode = [](DemandMode choice) { return quoted(mode_word(choice)); };
        if (!charge.choices.empty()) raw("choices", list_text(charge.choices, mode));
        changed("metering_interval_minutes", static_cast<int>(charge.interval / minutes(1)), 15);
        if (charge.capacity_kva) number("capacity_kva", *charge.capacity_kva);
        if (charge.contract_kw) number("contract_kw", *charge.contract_kw);
        changed("contract_floor_percent", charge.contract_floor_percent, 40);
        changed("tolerance_percent", charge.tolerance_percent, 105);
        changed("excess_factor", charge.excess_factor, 2);
        if (charge.excess_reading == ExcessReading::tolerance_plus_excess)
            text("excess_reading", "tolerance_plus_excess");
        changed("minimum_kw", charge.minimum_kw, 0);
        if (charge.discount) {
            raw("discount", fmt::format("{{ from_kwh_per_kva = {}, percent = {} }}",
                                        charge.discount->kwh_per_kva.text(), charge.discount->percent.text()));
        }
        validity(charge.validity);
        digits(charge.amount_digits);
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

    void percentage(const Tax& tax) {
        table("tax");
        named(tax.line, tax.name);
        number("percent", tax.percent);
        selection(tax.basis);
        digits(tax.amount_digits);
    }

    const Contract& contract_;
    std::string text_;
};

}  // namespace

std::string contract_toml(const Contract& contract) { return TomlWriter(contract).write(); }

}  // namespace loadstar::tariff
