#include "service/day_beliefs.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <string>

#include "service/forecasting.hpp"
#include "service/site_carriers.hpp"
#include "service/slot_values.hpp"

namespace loadstar::service {
namespace {

using Paths = std::map<std::string, std::vector<double>>;

void append(std::vector<double>& all, const std::vector<double>& more) {
    all.insert(all.end(), more.begin(), more.end());
}
void append(std::map<std::string, std::vector<double>>& all, const std::map<std::string, std::vector<double>>& more) {
    for (const auto& [id, path] : more) append(all[id], path);
}
void append(operate::Outlook& all, const operate::Outlook& more) {
    append(all.load_kw, more.load_kw);
    all.load_scenarios_kw.resize(more.load_scenarios_kw.size());
    for (std::size_t i = 0; i < more.load_scenarios_kw.size(); ++i)
        append(all.load_scenarios_kw[i], more.load_scenarios_kw[i]);
    append(all.generation_kw, more.generation_kw);
    append(all.asset_load_kw, more.asset_load_kw);
    append(all.others.supply_load, more.others.supply_load);
    append(all.others.carrier_load, more.others.carrier_load);
    append(all.others.celsius, more.others.celsius);
    append(all.others.max_load, more.others.max_load);
    for (const auto& [carrier, factors] : more.others.carbon) {
        append(all.others.carbon[carrier].average, factors.average);
        append(all.others.carbon[carrier].marginal, factors.marginal);
    }
}

void cut_front(std::vector<double>& path, int slots) { path.erase(path.begin(), path.begin() + slots); }
void cut_front(operate::Outlook& outlook, int slots) {
    cut_front(outlook.load_kw, slots);
    for (auto& path : outlook.load_scenarios_kw) cut_front(path, slots);
    auto& others = outlook.others;
    for (auto* paths : {&outlook.generation_kw, &outlook.asset_load_kw, &others.supply_load, &others.carrier_load,
                        &others.celsius, &others.max_load})
        for (auto& [id, path] : *paths) cut_front(path, slots);
    for (auto& [carrier, factors] : others.carbon)
        for (auto* path : {&factors.average, &factors.marginal}) cut_front(*path, slots);
}

void add(std::vector<double>& path, const std::vector<double>& more) {
    for (std::size_t at = 0; at < path.size() && at < more.size(); ++at) path[at] += more[at];
}

/// Adds a deviation; no load turns into generation by it.
void correct(std::vector<double>& path, const std::vector<double>& deviation) {
    for (std::size_t at = 0; at < path.size() && at < deviation.size(); ++at)
        path[at] = std::max(std::min(path[at], 0.0), path[at] + deviation[at]);
}

double mean_before(const std::vector<double>& values, std::size_t end, std::size_t count) {
    return std::accumulate(values.begin() + static_cast<std::ptrdiff_t>(end - count),
                           values.begin() + static_cast<std::ptrdiff_t>(end), 0.0) /
           static_cast<double>(count);
}

/// What is left of the mean deviation over the last hour known in the slots from `now` on, as deviations have faded
/// away so far; nothing without a known hour.
/// @param past  [slot known], from the first slot on
std::vector<double> deviation_left(const std::vector<double>& past, int slots_per_hour, std::size_t now) {
    const auto hour = static_cast<std::size_t>(slots_per_hour);
    if (past.size() < hour) return {};
    const auto left = fading(past, slots_per_hour);
    const double mean = mean_before(past, past.size(), hour);
    std::vector<double> coming;
    for (auto waited = now - past.size(); waited < left.size(); ++waited) coming.push_back(left[waited] * mean);
    return coming;
}

/// Forecasts of series: from elsewhere where the plant has one, else rolled over all days when a series is first asked
/// for, that of a forecast target by models trained on the way, every other by repeating its past.
class RolledSeries {
  public:
    RolledSeries(Session& session, const BilledConnection& connection, const ReplayChoice& choice, Progress& progress)
        : session_(session), meter_(connection.meter.series), choice_(choice), progress_(progress) {}

    Result<SeriesPower> of_day(const std::string& series, const Horizon& day) {
        return foretold_or(session_, series, day, [&] { return predicted(series, day); });
    }
    std::vector<ReplayedRefit> take_refits() { return std::move(refits_); }

  private:
    Result<SeriesPower> predicted(const std::string& series, const Horizon& day) {
        if (!rolled_.contains(series)) {
            LOADSTAR_TRY(rolled_[series], is_target(session_.plant(), series) ? retrained(series) : repeated(series));
        }
        const auto& days = rolled_[series];
        const auto found = std::ranges::find_if(days, [&](const DayPower& one) { return one.axis == day; });
        if (found != days.end()) return found->power;
        return Error{.code = ErrorCode::not_found,
                     .message = "there is no forecast of the day " + session_.plant().time_zone.format(day.start),
                     .where = series,
                     .hint = "start the replay later: a forecast needs some weeks of readings"};
    }
    Result<std::vector<DayPower>> retrained(const std::string& series) {
        LOADSTAR_TRY(auto rolled, retrained_forecasts(session_, series,
                                                      {.from = choice_.first,
                                                       .to = add_days(choice_.last, 1),
                                                       .scenarios = series == meter_ ? choice_.scenarios : 0,
                                                       .refit_days = choice_.refit_days,
                                                       .method = choice_.method},
                                                      progress_));
        for (auto& refit : rolled.refits)
            refits_.push_back(
                {.series = series, .day = add_days(rolled.first_day, refit.day), .contest = std::move(refit.contest)});
        return day_powers(session_, series, rolled.forecasts);
    }
    Result<std::vector<DayPower>> repeated(const std::string& series) {
        auto request = rolling_request(session_, choice_.first, add_days(choice_.last, 1));
        if (series == meter_) request.scenarios = choice_.scenarios;
        return repeated_power(session_, series, request, progress_);
    }

    Session& session_;
    std::string meter_;
    const ReplayChoice& choice_;
    Progress& progress_;
    std::map<std::string, std::vector<DayPower>> rolled_;
    std::vector<ReplayedRefit> refits_;
};

}  // namespace

std::vector<double> fading(const std::vector<double>& deviations, int slots_per_hour) {
    const auto hour = static_cast<std::size_t>(slots_per_hour);
    std::vector<double> left(8 * hour, 0.0);
    if (deviations.size() < 3 * 24 * hour) return left;
    double square = 0;
    std::vector<double> together(left.size(), 0.0);
    for (auto end = hour; end + left.size() <= deviations.size(); ++end) {
        const double mean = mean_before(deviations, end, hour);
        square += mean * mean;
        for (std::size_t lag = 0; lag < left.size(); ++lag) together[lag] += mean * deviations[end + lag];
    }
    for (std::size_t lag = 0; lag < left.size() && square > 0; ++lag)
        left[lag] = std::clamp(together[lag] / square, 0.0, 1.0);
    return left;
}

Result<DayBeliefs> DayBeliefs::open(Session& session, const BilledConnection& connection, const ReplayChoice& choice,
                                    Progress& progress) {
    const auto& plant = session.plant();
    RolledSeries rolled(session, connection, choice, progress);
    DayBeliefs beliefs;
    for (auto day = choice.first; days_between(day, choice.last) >= 0; day = add_days(day, 1)) {
        const auto axis = days_axis(plant, day, 1);
        const auto of_day = [&](const std::string& series) { return rolled.of_day(series, axis); };
        LOADSTAR_TRY(auto outlook, outlook_of(plant, connection, of_day));
        LOADSTAR_TRY(outlook.values.others,
                     other_carriers(plant, connection.grid.carrier, axis.slots, {of_day, of_day}, outlook.bases));
        LOADSTAR_CHECK(
            add_slot_values(plant, connection.grid.id, {axis, of_day}, outlook.values.others, outlook.bases));
        beliefs.days_.push_back({axis, std::move(outlook.values)});
    }
    beliefs.refits_ = rolled.take_refits();
    return beliefs;
}

std::vector<double> DayBeliefs::deviations(const std::vector<double>& known, const PathOf& expected) const {
    std::vector<double> deviations;
    for (const auto& day : days_) {
        for (const double value : expected(day.outlook)) {
            if (deviations.size() == known.size()) return deviations;
            deviations.push_back(known[deviations.size()] - value);
        }
    }
    return deviations;
}

operate::Outlook DayBeliefs::outlook(const Horizon& horizon, const KnownPast& known) const {
    operate::Outlook outlook;
    int gone = 0;  // slots of the first day that lie before the horizon
    for (const auto& day : days_) {
        if (day.axis.end() <= horizon.start || day.axis.start >= horizon.end()) continue;
        if (day.axis.start <= horizon.start) gone = day.axis.slot_of(horizon.start);
        append(outlook, day.outlook);
    }
    cut_front(outlook, gone);
    const auto slots_per_hour = static_cast<int>(std::max<std::int64_t>(1, hours(1) / horizon.step));
    const auto now = static_cast<std::size_t>(known.axis.slot_of(horizon.start));
    const auto of_load = [](const operate::Outlook& day) -> const std::vector<double>& { return day.load_kw; };
    const auto load = deviation_left(deviations(known.load_kw, of_load), slots_per_hour, now);
    correct(outlook.load_kw, load);
    for (auto& path : outlook.load_scenarios_kw) correct(path, load);
    const auto correct_others = [&](Paths operate::OtherCarriers::*kind, bool is_load) {
        for (auto& [id, path] : outlook.others.*kind) {
            const auto measured = (known.others.*kind).find(id);
            if (measured == (known.others.*kind).end()) continue;
            const auto of_path = [&, name = id](const operate::Outlook& day) -> const std::vector<double>& {
                return (day.others.*kind).at(name);
            };
            const auto left = deviation_left(deviations(measured->second, of_path), slots_per_hour, now);
            is_load ? correct(path, left) : add(path, left);
        }
    };
    correct_others(&operate::OtherCarriers::supply_load, true);
    correct_others(&operate::OtherCarriers::carrier_load, true);
    correct_others(&operate::OtherCarriers::celsius, false);
    return outlook;
}

}  // namespace loadstar::service
