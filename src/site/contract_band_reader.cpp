#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "base/nearest.hpp"
#include "site/contract_charge_readers.hpp"

namespace loadstar {
namespace {

std::set<DayKind> read_day_kinds(TableReader& reader) {
    const std::map<std::string, std::set<DayKind>> words{
        {"working", {DayKind::working}},
        {"saturday", {DayKind::saturday}},
        {"sunday", {DayKind::sunday}},
        {"holiday", {DayKind::holiday}},
        {"weekend", {DayKind::saturday, DayKind::sunday}},
        {"rest", {DayKind::sunday, DayKind::holiday}},
    };
    std::vector<std::string> known;
    for (const auto& word : words) known.push_back(word.first);
    std::set<DayKind> kinds;
    for (const auto& word :
         reader.texts({"days", "working, saturday, sunday, holiday, weekend, rest; every day when absent"})) {
        if (const auto found = words.find(word); found != words.end()) {
            kinds.insert(found->second.begin(), found->second.end());
            continue;
        }
        const auto close = nearest(word, known);
        reader.mistake("days", fmt::format("expected one of {} in days, found \"{}\"", fmt::join(known, ", "), word),
                       close.empty() ? "" : fmt::format("did you mean \"{}\"?", close));
    }
    return kinds;
}

BandRule read_band(TableReader& reader) {
    BandRule rule;
    rule.band = reader.required_text({"name", "peak, flat, valley, ..."});
    rule.windows = reader.windows(
        {"windows", "local hours, such as [\"08:30-11:30\", \"23:00-07:00\"]; the whole day when absent"});
    for (const double month :
         reader.numbers({"months", "1 = January ... 12; every month when absent"}, {.minimum = 1, .maximum = 12})) {
        rule.months.insert(static_cast<unsigned>(month));
    }
    rule.days = read_day_kinds(reader);
    const auto dates = reader.days({"dates", "only on these days, such as announced critical days"});
    rule.dates = {dates.begin(), dates.end()};
    rule.priority =
        reader.integer({"priority", "where bands meet the higher one wins"}, 0, {.minimum = -100, .maximum = 100});
    return rule;
}

void check_factors(const BandPlan& plan, TableReader& reader) {
    if (plan.factors.empty()) return;
    const auto names = plan.names();
    for (const auto& [band, factor] : plan.factors) {
        if (std::ranges::find(names, band) != names.end()) continue;
        const auto close = nearest(band, names);
        reader.mistake("band_factors", fmt::format("no band named \"{}\"", band),
                       close.empty() ? fmt::format("bands: {}", fmt::join(names, ", "))
                                     : fmt::format("did you mean \"{}\"?", close));
    }
    for (const auto& name : names) {
        if (!plan.factors.contains(name)) {
            reader.mistake("band_factors", fmt::format("band_factors has no factor for band \"{}\"", name),
                           fmt::format("write {} = 1", name));
        }
    }
}

}  // namespace

BandPlan read_bands(TableReader& reader) {
    BandPlan plan;
    reader.table_list({"band", "time-of-use bands"},
                      [&plan](TableReader& band) { plan.rules.push_back(read_band(band)); });
    plan.otherwise = reader.text({"otherwise_band", "band of all hours that no band names"}, "");
    plan.factors = reader.decimal_map({"band_factors", "band = multiple of the base price of floating components"});
    if (reader.describing()) return plan;
    for (const auto& fault : find_band_faults(plan)) {
        const auto hint = fault.claimants.empty() ? "name the hours in a [[band]], or set otherwise_band"
                                                  : "change the windows, or give one of the bands a higher priority";
        reader.mistake("band", fault.message(), hint);
    }
    check_factors(plan, reader);
    return plan;
}

}  // namespace loadstar
