#include "forecast/driver_groups.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>

namespace loadstar::forecast {
namespace {

using features::TargetHistory;

/// The covariates of a history, in the order of features::Known.
template <class History>
auto covariates_of(History& history) {
    std::vector<decltype(&history.target)> all;
    if (history.temperature) all.push_back(&*history.temperature);
    for (auto& series : history.past) all.push_back(&series);
    for (auto& series : history.known) all.push_back(&series);
    return all;
}

DriverGroup shared_group(SeriesKind kind) {
    switch (kind) {
        case SeriesKind::temperature: return {.id = "temperature", .name = {"temperature", "气温"}};
        case SeriesKind::count:
        case SeriesKind::state: return {.id = "production", .name = {"production", "生产"}};
        case SeriesKind::price: return {.id = "price", .name = {"prices", "价格"}};
        default: return {};
    }
}

/// Adds a covariate to the group of its kind, else to one of its own.
void add_covariate(std::vector<DriverGroup>& groups, const SeriesInfo& info, std::size_t which) {
    auto group = shared_group(info.kind);
    if (group.id.empty()) group = {.id = info.id, .name = {info.id, info.id}};
    const auto found = std::ranges::find(groups, group.id, &DriverGroup::id);
    if (found != groups.end()) return found->covariates.push_back(which);
    group.covariates = {which};
    groups.push_back(std::move(group));
}

bool is_shared(const DriverGroup& group) {
    return group.kind != DriverGroup::Kind::covariates || group.id == "temperature" || group.id == "production" ||
           group.id == "price";
}

/// Shared groups stand first; what is too much goes into the last.
void limit(std::vector<DriverGroup>& groups) {
    std::ranges::stable_partition(groups, is_shared);
    if (groups.size() <= most_driver_groups) return;
    DriverGroup others{.id = "others", .name = {"other series", "其他序列"}};
    for (std::size_t at = most_driver_groups - 1; at < groups.size(); ++at)
        others.covariates.insert(others.covariates.end(), groups[at].covariates.begin(), groups[at].covariates.end());
    groups.resize(most_driver_groups - 1);
    groups.push_back(std::move(others));
}

/// Mondays to Fridays, Saturdays, Sundays: what is known of a day without its calendar.
int day_kind(LocalDay day) { return std::max(0, weekday_from_monday(day) - 4); }

/// Median of a series by kind of day and time of day, over the weeks before a slot.
class UsualValues {
  public:
    UsualValues(const Series& series, const TimeZone& zone, Instant until) : zone_(zone) {
        const auto& axis = series.axis;
        const int end = std::clamp(axis.slot_of(until), 0, axis.slots);
        const int first = std::max(0, axis.slot_of(until - hours(24 * 7) * usual_weeks));
        for (int slot = first; slot < end; ++slot)
            if (const auto value = series.at(slot)) values_[key(axis.slot_start(slot))].push_back(*value);
        for (auto& [at, values] : values_) std::ranges::sort(values);
    }

    [[nodiscard]] std::optional<double> at(Instant instant) const {
        const auto found = values_.find(key(instant));
        if (found == values_.end()) return std::nullopt;
        return quantile_of_sorted(found->second, 0.5);
    }

  private:
    using Key = std::array<int, 2>;  ///< kind of day, minute of day
    [[nodiscard]] Key key(Instant instant) const {
        const auto civil = zone_.to_civil(instant);
        return {day_kind(civil.date()), civil.minute_of_day()};
    }
    TimeZone zone_;
    std::map<Key, std::vector<double>> values_;
};

void make_usual(Series& series, const TimeZone& zone, Instant from) {
    const UsualValues usual(series, zone, from);
    for (int slot = std::max(0, series.axis.slot_of(from)); slot < series.size(); ++slot) {
        if (!series.has(slot)) continue;
        if (const auto value = usual.at(series.axis.slot_start(slot))) {
            series.set(slot, *value);
        } else {
            series.clear(slot, Reason::missing);
        }
    }
}

void forget_from(std::set<LocalDay>& days, LocalDay first) { days.erase(days.lower_bound(first), days.end()); }

bool same(const Series& one, const Series& other) { return one.values == other.values && one.reasons == other.reasons; }

bool same(const WorkCalendar& one, const WorkCalendar& other) {
    return one.holidays == other.holidays && one.make_up_workdays == other.make_up_workdays &&
           one.shutdowns == other.shutdowns;
}

}  // namespace

std::vector<DriverGroup> driver_groups(const TargetHistory& history) {
    std::vector<DriverGroup> groups{
        {.id = "calendar", .name = {"holidays and stops", "节假日与停产"}, .kind = DriverGroup::Kind::calendar},
        {.id = "recent",
         .name = {"readings of the last two days", "最近两天的读数"},
         .kind = DriverGroup::Kind::recent}};
    const auto covariates = covariates_of(history);
    for (std::size_t which = 0; which < covariates.size(); ++which)
        add_covariate(groups, covariates[which]->info, which);
    limit(groups);
    return groups;
}

TargetHistory with_all_hidden(const TargetHistory& history, const Query& query) {
    auto hidden = history;
    const auto first_day = history.zone.day_of(query.axis.start);
    forget_from(hidden.calendar.holidays, first_day);
    forget_from(hidden.calendar.make_up_workdays, first_day);
    forget_from(hidden.calendar.shutdowns, first_day);
    const auto from = query.issued_at - history.latency - hidden_span;
    const auto& axis = hidden.target.axis;
    for (int slot = std::max(0, axis.slot_of(from)); slot < axis.slots; ++slot)
        hidden.target.clear(slot, Reason::missing);
    for (auto* series : covariates_of(hidden)) make_usual(*series, history.zone, from);
    return hidden;
}

void take_group(TargetHistory& history, const DriverGroup& group, const TargetHistory& from) {
    if (group.kind == DriverGroup::Kind::calendar) history.calendar = from.calendar;
    if (group.kind == DriverGroup::Kind::recent) history.target = from.target;
    const auto mine = covariates_of(history);
    const auto theirs = covariates_of(from);
    for (const auto which : group.covariates) *mine.at(which) = *theirs.at(which);
}

bool agree_on(const DriverGroup& group, const TargetHistory& one, const TargetHistory& other) {
    if (group.kind == DriverGroup::Kind::calendar) return same(one.calendar, other.calendar);
    if (group.kind == DriverGroup::Kind::recent) return same(one.target, other.target);
    const auto mine = covariates_of(one);
    const auto theirs = covariates_of(other);
    return std::ranges::all_of(group.covariates,
                               [&](std::size_t which) { return same(*mine.at(which), *theirs.at(which)); });
}

}  // namespace loadstar::forecast
