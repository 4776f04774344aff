#include "neural/history_windows.hpp"

#include <ATen/ATen.h>
#include <algorithm>
#include <cmath>
#include <random>

#include <fmt/format.h>

#include "neural/task_windows.hpp"

namespace loadstar::neural {
namespace {

constexpr int deciles = 9;

/// Predicting the horizon is what is asked of every arm: tokens of the context but the last count nothing.
void leave_horizon(PatchBatch& batch, std::int64_t context_tokens) {
    batch.weights.narrow(2, 0, context_tokens - 1).zero_();
}

double twice_pinball(double level, double quantile, double outcome) {
    const auto error = outcome - quantile;
    return 2 * std::max(level * error, (level - 1) * error);
}

}  // namespace

Result<HistoryWindows> HistoryWindows::create(std::vector<float> history, const WindowRules& rules) {
    const auto points = static_cast<std::int64_t>(history.size());
    const auto split = points - static_cast<std::int64_t>(std::lround(static_cast<double>(points) * rules.last_part));
    HistoryWindows windows(std::move(history), rules, split);
    if (split >= windows.window() && points - split >= rules.horizon) return windows;
    return Error{.code = ErrorCode::out_of_range,
                 .message = fmt::format("the series has {} points to learn from and {} after them, expected {} and {} "
                                        "or more",
                                        split, points - split, windows.window(), rules.horizon),
                 .hint = "choose a shorter context or horizon, or store more readings"};
}

PatchBatch HistoryWindows::batch(std::uint64_t seed, std::int64_t step) const {
    std::seed_seq sequence{static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32),
                           static_cast<std::uint32_t>(step), static_cast<std::uint32_t>(step >> 32)};
    std::mt19937_64 random(sequence);
    std::vector<corpus::Window> windows;
    for (int at = 0; at < rules_.batch; ++at) {
        const auto begin = static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(training_starts()));
        windows.push_back({.shape = {.variates = 1, .points = static_cast<int>(window())},
                           .roles = {corpus::Role::target},
                           .values = points(begin, window())});
    }
    const TaskSize size{.context = rules_.context / rules_.patch, .horizon = rules_.horizon / rules_.patch};
    std::vector<MaskedWindow> masked;
    for (const auto& window : windows) masked.push_back({.window = &window, .hidden = hidden_horizon(size)});
    auto batch = make_batch(masked, rules_.patch);
    leave_horizon(batch, size.context);
    return batch;
}

std::vector<Evaluation> HistoryWindows::evaluations() const {
    const auto last = static_cast<std::int64_t>(history_.size()) - rules_.horizon;
    const auto count = std::min<std::int64_t>(rules_.evaluations, last - split_ + 1);
    std::vector<Evaluation> evaluations;
    for (std::int64_t at = 0; at < count; ++at) {
        const auto issue = count == 1 ? last : split_ + (last - split_) * at / (count - 1);
        evaluations.push_back(
            {.task = {.context = points(issue - rules_.context, rules_.context), .horizon = rules_.horizon},
             .outcome = points(issue, rules_.horizon)});
    }
    return evaluations;
}

std::vector<float> HistoryWindows::points(std::int64_t begin, std::int64_t count) const {
    return {history_.begin() + begin, history_.begin() + begin + count};
}

double crps_of_deciles(const std::vector<std::vector<Quantiles>>& forecasts,
                       const std::vector<Evaluation>& evaluations) {
    double sum = 0;
    std::int64_t count = 0;
    for (std::size_t at = 0; at < evaluations.size(); ++at) {
        for (std::size_t point = 0; point < evaluations[at].outcome.size(); ++point) {
            const auto outcome = evaluations[at].outcome[point];
            if (!std::isfinite(outcome)) continue;
            for (int decile = first_decile; decile < first_decile + deciles; ++decile) {
                const auto place = static_cast<std::size_t>(decile);
                sum += twice_pinball(levels[place], forecasts[at][point][place], outcome);
            }
            count += deciles;
        }
    }
    return count ? sum / static_cast<double>(count) : 0;
}

}  // namespace loadstar::neural
