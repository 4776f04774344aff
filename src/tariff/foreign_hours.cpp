#include "tariff/foreign_hours.hpp"

#include <algorithm>
#include <bitset>
#include <map>

#include <fmt/format.h>

namespace loadstar::tariff {
namespace {

constexpr int hours_per_day = 24;
constexpr std::array all_days{HourDay::working, HourDay::saturday, HourDay::sunday};
constexpr std::array<const char*, 12> month_words{"jan", "feb", "mar", "apr", "may", "jun",
                                                  "jul", "aug", "sep", "oct", "nov", "dec"};
using Hours = std::bitset<hours_per_day>;

template <class Visit>
void for_each_hour(const HourTable& table, Visit visit) {
    for (unsigned month = 1; month <= 12; ++month)
        for (const auto day : all_days)
            for (int hour = 0; hour < hours_per_day; ++hour) visit(month, day, hour, table.at(month, day, hour));
}

/// "jun_sep" for months that follow one another, across the turn of the year too; else each of them; "" = all.
std::string words_of(const std::set<unsigned>& months) {
    if (months.size() == 12) return "";
    std::vector<unsigned> starts;
    for (const unsigned month : months)
        if (!months.contains(month == 1 ? 12 : month - 1)) starts.push_back(month);
    if (starts.size() == 1) {
        const auto first = starts.front();
        const auto last = (first - 1 + static_cast<unsigned>(months.size()) - 1) % 12 + 1;
        const std::string from = month_words.at(first - 1);
        return first == last ? from : fmt::format("{}_{}", from, month_words.at(last - 1));
    }
    std::vector<std::string> each;
    for (const unsigned month : months) each.emplace_back(month_words.at(month - 1));
    return fmt::format("{}", fmt::join(each, "_"));
}

/// What people call the bands of one season, from the cheapest to the dearest.
std::string level_word(std::size_t rank, std::size_t count, bool distinct) {
    static const std::vector<std::string> two{"offpeak", "peak"};
    static const std::vector<std::string> three{"offpeak", "midpeak", "peak"};
    if (distinct && count == 2) return two.at(rank);
    if (distinct && count == 3) return three.at(rank);
    return fmt::format("level{}", rank + 1);
}

Decimal first_price(const ForeignBand& band) {
    return band.terms.energy.empty() ? Decimal() : band.terms.energy.front().rate;
}

/// Names the bands of one season by how dear they are.
void name_season(const std::string& season, std::vector<ForeignBand*>& bands) {
    std::ranges::stable_sort(bands, {}, [](const ForeignBand* band) { return first_price(*band); });
    bool distinct = true;
    for (std::size_t i = 1; i < bands.size(); ++i)
        distinct = distinct && first_price(*bands[i]) != first_price(*bands[i - 1]);
    for (std::size_t i = 0; i < bands.size(); ++i) {
        const auto level = bands.size() == 1 && !season.empty() ? "" : level_word(i, bands.size(), distinct);
        bands[i]->name = season + (season.empty() || level.empty() ? "" : "_") + level;
    }
}

/// Bands that the file names keep their name, with a number where several share it.
void name_labelled(std::vector<ForeignBand>& bands) {
    std::map<std::string, int> count;
    for (const auto& band : bands) ++count[band.terms.label];
    std::map<std::string, int> used;
    for (auto& band : bands) {
        const auto& label = band.terms.label;
        if (label.empty()) continue;
        band.name = count[label] == 1 ? label : fmt::format("{}_{}", label, ++used[label]);
    }
}

void name_bands(std::vector<ForeignBand>& bands) {
    name_labelled(bands);
    std::map<std::set<unsigned>, std::vector<ForeignBand*>> seasons;
    for (auto& band : bands)
        if (band.name.empty()) seasons[band.months].push_back(&band);
    for (auto& [months, members] : seasons) name_season(words_of(months), members);
}

std::vector<DayWindow> windows_of(const Hours& hours) {
    std::vector<DayWindow> windows;
    if (hours.all()) return windows;  // the whole day
    for (int hour = 0; hour < hours_per_day; ++hour) {
        if (!hours[static_cast<std::size_t>(hour)]) continue;
        if (!windows.empty() && windows.back().to_minute == hour * 60) {
            windows.back().to_minute += 60;
        } else {
            windows.push_back({.from_minute = hour * 60, .to_minute = hour * 60 + 60});
        }
    }
    return windows;
}

std::set<DayKind> kinds_of(const std::set<HourDay>& days) {
    std::set<DayKind> kinds;
    if (days.size() == hour_days) return kinds;  // every day
    if (days.contains(HourDay::working)) kinds.insert(DayKind::working);
    if (days.contains(HourDay::saturday)) kinds.insert(DayKind::saturday);
    if (days.contains(HourDay::sunday)) kinds.insert({DayKind::sunday, DayKind::holiday});
    return kinds;
}

/// Rules of one band: months with the same hours on a kind of day are one rule, and kinds with the same months another.
void add_rules(const HourTable& table, const ForeignBand& band, BandPlan& plan) {
    std::map<HourDay, std::map<std::string, std::set<unsigned>>> months_by_hours;
    std::map<std::pair<unsigned, HourDay>, Hours> hours;
    for_each_hour(table, [&](unsigned month, HourDay day, int hour, const HourTerms& terms) {
        if (terms == band.terms) hours[{month, day}].set(static_cast<std::size_t>(hour));
    });
    for (const auto& [key, set] : hours) months_by_hours[key.second][set.to_string()].insert(key.first);
    std::map<std::pair<std::string, std::set<unsigned>>, std::set<HourDay>> rules;
    for (const auto& [day, by_hours] : months_by_hours)
        for (const auto& [set, months] : by_hours) rules[{set, months}].insert(day);
    for (const auto& [key, days] : rules) {
        const auto& [set, months] = key;
        plan.rules.push_back({.band = band.name,
                              .windows = windows_of(Hours(set)),
                              .months = months.size() == 12 ? std::set<unsigned>() : months,
                              .days = kinds_of(days)});
    }
}

const char* day_word(HourDay day) {
    switch (day) {
        case HourDay::working: return "working day";
        case HourDay::saturday: return "Saturday";
        case HourDay::sunday: return "Sunday";
    }
    return "";
}

}  // namespace

std::vector<std::string> hours_without_price(const HourTable& table) {
    std::vector<std::string> stretches;
    for (unsigned month = 1; month <= 12; ++month) {
        for (const auto day : all_days) {
            Hours missing;
            for (int hour = 0; hour < hours_per_day; ++hour)
                missing.set(static_cast<std::size_t>(hour), table.at(month, day, hour).energy.empty());
            if (missing.none()) continue;
            const auto windows = missing.all() ? std::vector{DayWindow{}} : windows_of(missing);
            for (const auto& window : windows)
                stretches.push_back(fmt::format("{} on a {} in {}", loadstar::to_string(window), day_word(day),
                                                month_words.at(month - 1)));
        }
    }
    return stretches;
}

ForeignBands bands_of(const HourTable& table) {
    ForeignBands result;
    for_each_hour(table, [&result](unsigned month, HourDay, int, const HourTerms& terms) {
        auto known = std::ranges::find(result.bands, terms, &ForeignBand::terms);
        if (known == result.bands.end())
            known = result.bands.insert(result.bands.end(), {.name = "", .terms = terms, .months = {}});
        known->months.insert(month);
        ++known->hours;
    });
    name_bands(result.bands);
    if (result.bands.size() == 1) return result;  // a contract without bands
    const auto commonest = std::ranges::max_element(result.bands, {}, &ForeignBand::hours);
    for (const auto& band : result.bands)
        if (&band != &*commonest) add_rules(table, band, result.plan);
    result.plan.otherwise = commonest->name;
    return result;
}

}  // namespace loadstar::tariff
