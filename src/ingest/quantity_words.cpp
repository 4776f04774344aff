#include "ingest/quantity_words.hpp"

#include <algorithm>
#include <cctype>
#include <vector>

namespace loadstar::ingest {
namespace {

struct Entry {
    const char* word;
    NamedQuantity quantity;
};

/// Units stand between marks that are no letters; "³" and the like are letters here.
const std::vector<Entry>& units() {
    using Kind = SeriesKind;
    static const std::vector<Entry> entries{
        {"kvarh", {Kind::interval_energy, "kvarh"}},
        {"mvarh", {Kind::interval_energy, "kvarh", 1000}},
        {"kwh", {Kind::interval_energy, "kWh"}},
        {"mwh", {Kind::interval_energy, "kWh", 1000}},
        {"gwh", {Kind::interval_energy, "kWh", 1e6}},
        {"wh", {Kind::interval_energy, "kWh", 0.001}},
        {"千瓦时", {Kind::interval_energy, "kWh"}},
        {"兆瓦时", {Kind::interval_energy, "kWh", 1000}},
        {"kvar", {Kind::mean_power, "kvar"}},
        {"kva", {Kind::mean_power, "kVA"}},
        {"kw", {Kind::mean_power, "kW"}},
        {"mw", {Kind::mean_power, "kW", 1000}},
        {"gw", {Kind::mean_power, "kW", 1e6}},
        {"w", {Kind::mean_power, "kW", 0.001}},
        {"watt", {Kind::mean_power, "kW", 0.001}},
        {"千瓦", {Kind::mean_power, "kW"}},
        {"m3/h", {Kind::mean_power, "m3/h"}},
        {"m³/h", {Kind::mean_power, "m3/h"}},
        {"t/h", {Kind::mean_power, "t/h"}},
        {"m3", {Kind::interval_energy, "m3"}},
        {"m³", {Kind::interval_energy, "m3"}},
        {"立方米", {Kind::interval_energy, "m3"}},
        {"nm3", {Kind::interval_energy, "m3"}},
        {"gj", {Kind::interval_energy, "GJ"}},
        {"degc", {Kind::temperature, "C"}},
        {"°c", {Kind::temperature, "C"}},
        {"℃", {Kind::temperature, "C"}},
        {"celsius", {Kind::temperature, "C"}},
        {"pcs", {Kind::count, "pcs"}},
        {"stk", {Kind::count, "pcs"}},
    };
    return entries;
}

/// Words that may stand anywhere in a name; the first that is found tells.
const std::vector<Entry>& words() {
    using Kind = SeriesKind;
    static const std::vector<Entry> entries{
        {"zählerstand", {Kind::register_reading, "kWh"}},
        {"示数", {Kind::register_reading, "kWh"}},
        {"表底", {Kind::register_reading, "kWh"}},
        {"底码", {Kind::register_reading, "kWh"}},
        {"读数", {Kind::register_reading, "kWh"}},
        {"无功电量", {Kind::interval_energy, "kvarh"}},
        {"电价", {Kind::price, "CNY/kWh"}},
        {"价格", {Kind::price, "CNY/kWh"}},
        {"price", {Kind::price, ""}},
        {"preis", {Kind::price, ""}},
        {"温度", {Kind::temperature, "C"}},
        {"气温", {Kind::temperature, "C"}},
        {"temperatur", {Kind::temperature, "C"}},
        {"状态", {Kind::state, "1"}},
        {"status", {Kind::state, "1"}},
        {"state", {Kind::state, "1"}},
        {"产量", {Kind::count, "pcs"}},
        {"件数", {Kind::count, "pcs"}},
        {"pieces", {Kind::count, "pcs"}},
        {"items", {Kind::count, "pcs"}},
        {"stück", {Kind::count, "pcs"}},
        {"count", {Kind::count, "pcs"}},
        {"无功功率", {Kind::mean_power, "kvar"}},
        {"功率", {Kind::mean_power, "kW"}},
        {"负荷", {Kind::mean_power, "kW"}},
        {"leistung", {Kind::mean_power, "kW"}},
        {"power", {Kind::mean_power, "kW"}},
        {"电量", {Kind::interval_energy, "kWh"}},
        {"用电", {Kind::interval_energy, "kWh"}},
        {"energy", {Kind::interval_energy, "kWh"}},
        {"energie", {Kind::interval_energy, "kWh"}},
        {"consumption", {Kind::interval_energy, "kWh"}},
        {"verbrauch", {Kind::interval_energy, "kWh"}},
        {"usage", {Kind::interval_energy, "kWh"}},
        {"蒸汽", {Kind::interval_energy, "t"}},
        {"steam", {Kind::interval_energy, "t"}},
        {"燃气", {Kind::interval_energy, "m3"}},
        {"天然气", {Kind::interval_energy, "m3"}},
        {"gas", {Kind::interval_energy, "m3"}},
        {"用水", {Kind::interval_energy, "m3"}},
        {"water", {Kind::interval_energy, "m3"}},
        {"wasser", {Kind::interval_energy, "m3"}},
        {"load", {Kind::mean_power, "kW"}},
    };
    return entries;
}

std::string lowered(const std::string& text) {
    std::string result = text;
    std::transform(result.begin(), result.end(), result.begin(), [](unsigned char c) { return std::tolower(c); });
    return result;
}

bool is_letter(char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0; }

/// A unit that stands by itself: no letter before or behind it. Chinese ones need no room.
bool stands_alone(const std::string& name, std::size_t at, std::size_t length) {
    if (!is_letter(name[at])) return true;
    const bool before = at > 0 && is_letter(name[at - 1]);
    const bool behind = at + length < name.size() && is_letter(name[at + length]);
    return !before && !behind;
}

std::optional<NamedQuantity> price_per_unit(const std::string& name) {
    for (const auto* per : {"/mwh", "/kwh"}) {
        if (name.find(per) == std::string::npos) continue;
        const bool mega = per[1] == 'm';
        return NamedQuantity{SeriesKind::price, "", mega ? 0.001 : 1.0, per, true};
    }
    return std::nullopt;
}

}  // namespace

std::optional<NamedQuantity> quantity_named(const std::string& original) {
    const auto name = lowered(original);
    if (const auto price = price_per_unit(name)) return price;
    for (const auto& [unit, quantity] : units()) {
        for (auto at = name.find(unit); at != std::string::npos; at = name.find(unit, at + 1)) {
            if (!stands_alone(name, at, std::string(unit).size())) continue;
            auto found = quantity;
            found.word = unit;
            found.by_unit = true;
            return found;
        }
    }
    if (name.ends_with("time")) return std::nullopt;  // a duration, whatever else the name says
    for (const auto& [word, quantity] : words()) {
        if (name.find(word) == std::string::npos) continue;
        auto found = quantity;
        found.word = word;
        return found;
    }
    return std::nullopt;
}

bool is_derived_name(const std::string& original) {
    const auto name = lowered(original);
    const std::vector<std::string> derived{"co2",         "factor", "cos",      "weekday", "week_day", "weekstatus",
                                           "day_of_week", "carbon", "功率因数", "星期",    "碳"};
    return std::any_of(derived.begin(), derived.end(),
                       [&](const std::string& word) { return name.find(word) != std::string::npos; });
}

}  // namespace loadstar::ingest
