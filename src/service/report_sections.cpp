#include "service/report_sections.hpp"

#include <algorithm>
#include <array>
#include <map>

#include <nlohmann/json.hpp>

#include "service/report_words.hpp"

namespace loadstar::service {
namespace {

using nlohmann::json;

double minutes_of(Duration step) { return static_cast<double>(step.count()) / 60'000.0; }

json value_or_null(const Series& series, int slot) {
    const auto value = series.at(slot);
    return value ? json(*value) : json(nullptr);
}

/// The names the page knows, from the dearest to the cheapest band.
std::string level_name(std::size_t rank, std::size_t count) {
    static constexpr std::array<std::array<const char*, 5>, 5> levels{
        {{"flat", "", "", "", ""},
         {"peak", "valley", "", "", ""},
         {"peak", "flat", "valley", "", ""},
         {"critical", "peak", "flat", "valley", ""},
         {"critical", "peak", "flat", "valley", "deep_valley"}}};
    return levels[std::min<std::size_t>(count, 5) - 1][std::min<std::size_t>(rank, 4)];
}

}  // namespace

json to_json(const Text& text) { return {{"en", text.en}, {"zh", text.zh}}; }

json series_json(const Series& series, const TimeZone& zone) {
    json values = json::array();
    for (int slot = 0; slot < series.size(); ++slot) values.push_back(value_or_null(series, slot));
    return {{"start", zone.format(series.axis.start)},
            {"step_minutes", minutes_of(series.axis.step)},
            {"values", std::move(values)}};
}

json series_json(const Horizon& axis, const std::vector<double>& values, const TimeZone& zone) {
    return {{"start", zone.format(axis.start)}, {"step_minutes", minutes_of(axis.step)}, {"values", values}};
}

json heat_map_section(const Series& mean_power, const Text& meter, const TimeZone& zone) {
    json days = json::array();
    std::optional<LocalDay> current;
    for (int slot = 0; slot < mean_power.size(); ++slot) {
        const auto start = mean_power.axis.slot_start(slot);
        const auto day = zone.day_of(start);
        if (current != day) {
            days.push_back({{"start", zone.format(start)}, {"mean_kw", json::array()}});
            current = day;
        }
        days.back()["mean_kw"].push_back(value_or_null(mean_power, slot));
    }
    return {{"meter", to_json(meter)}, {"step_minutes", minutes_of(mean_power.axis.step)}, {"days", std::move(days)}};
}

json load_duration_section(const Series& mean_power, const Text& meter, int points) {
    std::vector<double> sorted;
    for (int slot = 0; slot < mean_power.size(); ++slot) {
        if (mean_power.has(slot)) sorted.push_back(mean_power.values[static_cast<std::size_t>(slot)]);
    }
    std::sort(sorted.begin(), sorted.end(), std::greater<>());
    json hours = json::array();
    json kw = json::array();
    const double step = mean_power.axis.step_hours().value();
    const auto stride = std::max<std::size_t>(1, sorted.size() / static_cast<std::size_t>(points));
    const auto add = [&](std::size_t i) {
        hours.push_back(static_cast<double>(i + 1) * step);
        kw.push_back(sorted[i]);
    };
    // The first day of the curve is where demand charges live: every slot of it is kept.
    const auto head = std::min<std::size_t>(sorted.size(), 96);
    for (std::size_t i = 0; i < head; ++i) add(i);
    for (std::size_t i = head; i < sorted.size(); i += stride) add(i);
    if (!sorted.empty() && (sorted.size() - 1 - head) % stride != 0) add(sorted.size() - 1);
    return {{"meter", to_json(meter)}, {"hours", std::move(hours)}, {"kw", std::move(kw)}};
}

std::vector<double> import_prices(const tariff::ChargeTerms& terms) {
    std::vector<double> prices(static_cast<std::size_t>(terms.axis.slots), 0.0);
    for (const auto& term : terms.energy) {
        if (term.is_export) continue;
        for (std::size_t slot = 0; slot < prices.size(); ++slot) {
            if (term.applies[slot]) prices[slot] += term.price[slot].to_double();
        }
    }
    return prices;
}

json tariff_bands_json(const tariff::ChargeTerms& terms, const TimeZone& zone) {
    const auto prices = import_prices(terms);
    std::map<std::string, std::pair<double, int>> sums;
    for (std::size_t slot = 0; slot < prices.size(); ++slot) {
        auto& [sum, count] = sums[terms.bands[slot]];
        sum += prices[slot];
        ++count;
    }
    std::vector<std::pair<double, std::string>> ranked;
    for (const auto& [band, sum] : sums) ranked.emplace_back(-sum.first / sum.second, band);
    std::sort(ranked.begin(), ranked.end());
    json bands = json::array();
    for (std::size_t rank = 0; rank < ranked.size(); ++rank) {
        const auto& band = ranked[rank].second;
        bands.push_back(
            {{"id", band}, {"label", to_json(band_name(band))}, {"level", level_name(rank, ranked.size())}});
    }
    json spans = json::array();
    for (int slot = 0; slot < terms.axis.slots; ++slot) {
        const auto at = static_cast<std::size_t>(slot);
        const bool continues = slot > 0 && terms.bands[at] == terms.bands[at - 1] && prices[at] == prices[at - 1];
        if (!continues) {
            spans.push_back({{"band", terms.bands[at]},
                             {"start", zone.format(terms.axis.slot_start(slot))},
                             {"price_per_kwh", prices[at]}});
        }
        spans.back()["end"] = zone.format(terms.axis.slot_start(slot + 1));
    }
    return {{"bands", std::move(bands)}, {"spans", std::move(spans)}};
}

}  // namespace loadstar::service
