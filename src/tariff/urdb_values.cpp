#include "tariff/urdb_values.hpp"

#include <fmt/format.h>

namespace loadstar::tariff {
namespace {

using nlohmann::json;

constexpr double without_end = 1e12;  // the database writes 1e38 for the last tier

std::string shown(const json& node) {
    auto text = node.dump();
    constexpr std::size_t longest = 40;
    return text.size() > longest ? text.substr(0, longest) + "..." : text;
}

}  // namespace

void UrdbValues::mistake(const std::string& pointer, std::string message, std::string hint) {
    tariff_.mistakes.push_back({.line = 0,
                                .column = 0,
                                .where = file_ + "#" + pointer,
                                .message = std::move(message),
                                .hint = std::move(hint)});
}

void UrdbValues::remark(const std::string& pointer, std::string message, std::string hint) {
    tariff_.remarks.push_back({.line = 0,
                               .column = 0,
                               .where = file_ + "#" + pointer,
                               .message = std::move(message),
                               .hint = std::move(hint)});
}

std::string UrdbValues::text(const std::string& key) {
    read_.insert(key);
    if (!has(key)) return "";
    const auto& node = rate_.at(key);
    if (node.is_string()) return node.get<std::string>();
    mistake("/" + key, fmt::format("expected a text, found {}", shown(node)));
    return "";
}

std::optional<Decimal> UrdbValues::number_at(const json& node, const std::string& pointer) {
    if (node.is_number() && node.get<double>() > -without_end) {
        const auto value = node.get<double>();
        return Decimal::from_double(value < without_end ? value : without_end);
    }
    mistake(pointer, fmt::format("expected a number, found {}", shown(node)));
    return std::nullopt;
}

std::optional<Decimal> UrdbValues::number(const std::string& key) {
    read_.insert(key);
    return has(key) ? number_at(rate_.at(key), "/" + key) : std::nullopt;
}

UrdbTier UrdbValues::tier_at(const json& node, const std::string& pointer) {
    UrdbTier tier;
    for (const auto& [key, value] : node.items()) {
        const auto at = pointer + "/" + key;
        if (key == "unit") {
            tier.unit = value.is_string() ? value.get<std::string>() : shown(value);
        } else if (key == "rate" || key == "adj") {
            tier.rate += number_at(value, at).value_or(Decimal());
        } else if (key == "max") {
            const auto max = number_at(value, at);
            if (max && *max < Decimal::from_double(without_end)) tier.max = max;
        } else if (key == "sell") {
            tier.sell = number_at(value, at);
        } else {
            remark(at, fmt::format("{} of a tier is not used", key));
        }
    }
    return tier;
}

std::vector<UrdbPeriod> UrdbValues::structure(const std::string& key) {
    read_.insert(key);
    std::vector<UrdbPeriod> periods;
    if (!has(key)) return periods;
    const auto& node = rate_.at(key);
    if (!node.is_array()) mistake("/" + key, fmt::format("expected a list of periods, found {}", shown(node)));
    for (std::size_t p = 0; node.is_array() && p < node.size(); ++p) {
        periods.emplace_back();
        const auto pointer = fmt::format("/{}/{}", key, p);
        if (!node[p].is_array() || node[p].empty())
            mistake(pointer, fmt::format("expected a list of tiers, found {}", shown(node[p])));
        for (std::size_t t = 0; node[p].is_array() && t < node[p].size(); ++t) {
            const auto at = fmt::format("{}/{}", pointer, t);
            if (!node[p][t].is_object()) mistake(at, fmt::format("expected a tier, found {}", shown(node[p][t])));
            periods.back().push_back(tier_at(node[p][t].is_object() ? node[p][t] : json::object(), at));
        }
    }
    return periods;
}

std::optional<int> UrdbValues::period_at(const json& node, const std::string& pointer, std::size_t periods) {
    const double value = node.is_number() ? node.get<double>() : -1;
    const bool inside = value >= 0 && value < static_cast<double>(periods);
    const int period = inside ? static_cast<int>(value) : -1;
    if (inside && value == static_cast<double>(period)) return period;
    mistake(pointer,
            fmt::format("expected a period from 0 to {}, found {}", static_cast<int>(periods) - 1, shown(node)));
    return std::nullopt;
}

std::optional<UrdbSchedule> UrdbValues::schedule(const std::string& key, std::size_t periods) {
    read_.insert(key);
    if (!has(key)) return std::nullopt;
    const auto& node = rate_.at(key);
    UrdbSchedule schedule{};
    if (!node.is_array() || node.size() != schedule.size()) {
        mistake("/" + key, fmt::format("expected 12 rows, one for each month, found {}",
                                       node.is_array() ? std::to_string(node.size()) : shown(node)));
        return std::nullopt;
    }
    for (std::size_t month = 0; month < schedule.size(); ++month) {
        const auto row = fmt::format("/{}/{}", key, month);
        if (!node[month].is_array() || node[month].size() != schedule[month].size()) {
            mistake(row, fmt::format("expected 24 periods, one for each hour, found {}",
                                     node[month].is_array() ? std::to_string(node[month].size()) : shown(node[month])));
            return std::nullopt;
        }
        for (std::size_t hour = 0; hour < schedule[month].size(); ++hour) {
            const auto period = period_at(node[month][hour], fmt::format("{}/{}", row, hour), periods);
            if (!period) return std::nullopt;
            schedule[month][hour] = *period;
        }
    }
    return schedule;
}

std::optional<std::array<int, 12>> UrdbValues::months(const std::string& key, std::size_t periods) {
    read_.insert(key);
    if (!has(key)) return std::nullopt;
    const auto& node = rate_.at(key);
    std::array<int, 12> months{};
    if (!node.is_array() || node.size() != months.size()) {
        mistake("/" + key, fmt::format("expected 12 values, one for each month, found {}", shown(node)));
        return std::nullopt;
    }
    for (std::size_t month = 0; month < months.size(); ++month) {
        const auto period = period_at(node[month], fmt::format("/{}/{}", key, month), periods);
        if (!period) return std::nullopt;
        months[month] = *period;
    }
    return months;
}

std::vector<std::string> UrdbValues::unread(const std::set<std::string>& ignored) const {
    std::vector<std::string> keys;
    for (const auto& [key, value] : rate_.items())
        if (!read_.contains(key) && !ignored.contains(key) && !value.is_null()) keys.push_back(key);
    return keys;
}

}  // namespace loadstar::tariff
