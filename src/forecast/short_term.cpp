#include "forecast/short_term.hpp"

#include <algorithm>

#include "forecast/recalibration.hpp"
#include "forecast/residual_bands.hpp"

namespace loadstar::forecast {
namespace {

constexpr int fewest_trial_days = 21;
constexpr int most_trial_days = 60;
constexpr int fewest_days_before_trial = 28;  // with features
/// What is known of its own errors when the slots of a day are predicted: those up to the midnight before the last, so
/// that the forecast of a day's first slot, which is made the evening before, sees no more than was known.
constexpr IssueRule known_errors{.lead = 1, .slot = 0};

Error stopped() { return {.code = ErrorCode::cancelled, .message = "stopped between two steps ahead"}; }

/// The issues at which the slots of days [from, to) are predicted `ahead`.
IssueSpan issues_of(const features::DayGrid& grid, DaySpan days, int ahead) {
    return {.from = grid.moved({.day = days.from, .slot = 0}, -ahead),
            .to = grid.moved({.day = days.to, .slot = 0}, -ahead)};
}

struct Learnable {
    StepRows rows;
    std::vector<double> outcomes;
};

/// What can be learnt from the days before `end`.
Learnable learnable(features::ShortTermFeatures& features, const features::DayGrid& grid, int end, int ahead) {
    auto issues = issues_of(grid, {.from = 0, .to = end}, ahead);
    issues.from = {.day = features::short_term_history_days, .slot = 0};
    Learnable found{.rows = step_rows(features, grid, issues, ahead, Wanted::measured), .outcomes = {}};
    for (const auto& target : found.rows.targets) found.outcomes.push_back(grid.value(target));
    return found;
}

PointRecord medians_of(const TriedStep& tried, const Weights& weights, int from, int slots) {
    PointRecord record{.from = from};
    for (std::size_t at = 0; at < tried.said.size(); ++at) {
        if (at % static_cast<std::size_t>(slots) == 0) record.days.emplace_back();
        record.days.back().push_back(mixed(tried.said[at], weights));
    }
    return record;
}

/// Members fitted on the days before a trial, and what they say of it.
Result<TriedStep> try_step(features::ShortTermFeatures& features, const features::DayGrid& grid, DaySpan trial,
                           const ShortTermTrees& trees, int ahead) {
    const auto known = learnable(features, grid, trial.from, ahead);
    LOADSTAR_TRY(const auto models, StepModels::fit(known.rows, known.outcomes, trees));
    const auto rows = step_rows(features, grid, issues_of(grid, trial, ahead), ahead, Wanted::all);
    TriedStep tried{.said = models.predict(rows)};
    for (const auto& target : rows.targets)
        tried.outcomes.push_back(grid.measured(target) ? std::optional(grid.value(target)) : std::nullopt);
    return tried;
}

}  // namespace

Result<void> ShortTermModel::fit(const features::DayGrid& grid, int end, Progress& progress) {
    steps_.clear();
    end_ = end;
    const DaySpan trial{.from = end - std::clamp(end / 5, fewest_trial_days, most_trial_days), .to = end};
    if (trial.from - features::short_term_history_days < fewest_days_before_trial) return {};
    features::ShortTermFeatures features(grid);
    std::vector<TriedStep> tried;
    for (int ahead = 0; ahead < settings_.steps; ++ahead) {
        progress.report("train the next hours", ahead, 2 * settings_.steps);
        if (progress.cancelled()) return stopped();
        LOADSTAR_TRY(auto step, try_step(features, grid, trial, settings_.trees, ahead));
        tried.push_back(std::move(step));
    }
    const auto weights = weigh_members(tried);
    std::vector<Step> steps;
    for (int ahead = 0; ahead < settings_.steps; ++ahead) {
        progress.report("train the next hours", settings_.steps + ahead, 2 * settings_.steps);
        if (progress.cancelled()) return stopped();
        const auto at = static_cast<std::size_t>(ahead);
        const auto known = learnable(features, grid, end, ahead);
        LOADSTAR_TRY(auto models, StepModels::fit(known.rows, known.outcomes, settings_.trees));
        steps.push_back({.models = std::move(models),
                         .weights = weights[at],
                         .past = medians_of(tried[at], weights[at].median, trial.from, grid.slots())});
    }
    steps_ = std::move(steps);
    return {};
}

/// Adds what one step says at each issue; the forecasts of earlier slots tell its quantiles.
void ShortTermModel::add_step(std::vector<ShortTermForecast>& forecasts, features::ShortTermFeatures& features,
                              const features::DayGrid& grid, int ahead) const {
    const auto& step = steps_[static_cast<std::size_t>(ahead)];
    const IssueSpan issues{.from = grid.moved({.day = end_, .slot = 0}, -ahead),
                           .to = grid.moved(forecasts.back().end, 1)};
    const auto rows = step_rows(features, grid, issues, ahead, Wanted::all);
    const auto points = step.models.predict(rows);
    auto medians = step.past;
    for (int day = end_; day <= rows.targets.back().day; ++day)
        medians.days.emplace_back(static_cast<std::size_t>(grid.slots()), 0.0);  // the last day may stay unfinished
    for (std::size_t row = 0; row < points.size(); ++row) {
        const auto& target = rows.targets[row];
        medians.days[static_cast<std::size_t>(target.day - medians.from)][static_cast<std::size_t>(target.slot)] =
            mixed(points[row], step.weights.median);
    }
    const auto quantiles = recalibrated(with_residual_bands(medians, grid, known_errors), grid, known_errors);
    for (auto& forecast : forecasts) {
        const auto row = static_cast<std::size_t>(grid.slots_between(issues.from, forecast.end));
        const auto& target = rows.targets[row];
        forecast.mean.push_back(mixed(points[row], step.weights.mean));
        forecast.quantiles.push_back(quantiles.at(target.day)[static_cast<std::size_t>(target.slot)]);
        forecast.members.push_back(points[row]);
    }
}

Result<std::vector<ShortTermForecast>> ShortTermModel::forecast(const features::DayGrid& grid, IssueSpan issues,
                                                                Progress& progress) const {
    std::vector<ShortTermForecast> forecasts;
    for (auto end = std::max(issues.from, features::Cell{.day = end_, .slot = 0}); ready() && end < issues.to;
         end = grid.moved(end, 1))
        forecasts.push_back({.end = end, .mean = {}, .quantiles = {}, .members = {}});
    if (forecasts.empty()) return forecasts;
    features::ShortTermFeatures features(grid);
    for (int ahead = 0; ahead < settings_.steps; ++ahead) {
        progress.report("forecast the next hours", ahead, settings_.steps);
        if (progress.cancelled()) return stopped();
        add_step(forecasts, features, grid, ahead);
    }
    return forecasts;
}

}  // namespace loadstar::forecast
