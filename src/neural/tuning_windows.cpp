#include "neural/tuning_windows.hpp"

#include <ATen/ATen.h>
#include <algorithm>
#include <limits>

#include <fmt/format.h>

#include "neural/training_windows.hpp"

namespace loadstar::neural {
namespace {

constexpr int most_trial_forecasts = 48;
constexpr int trial_batch = 8;

Error refused(std::string message) { return {.code = ErrorCode::invalid_argument, .message = std::move(message)}; }

void put(const std::vector<float>& values, int end, float* row, int points) {
    for (int at = 0; at < points; ++at) {
        const int from = end - points + at;
        const bool there = from >= 0 && from < static_cast<int>(values.size());
        row[at] = there ? values[static_cast<std::size_t>(from)] : std::numeric_limits<float>::quiet_NaN();
    }
}

}  // namespace

Result<TuningWindows> TuningWindows::create(const std::vector<TuningSeries>& past, const TuningOptions& options,
                                            int patch, int longest_context) {
    if (past.empty() || options.horizon < 1 || options.step < 1)
        return refused("tuning needs a series, a horizon and a step of 1 point or more");
    TuningWindows windows(past, options, patch, longest_context);
    for (const auto& series : past) {
        if (series.every < 1 || options.horizon % series.every != 0 || options.step % series.every != 0)
            return refused(fmt::format("a horizon of {} points and a step of {} are no multiples of {}",
                                       options.horizon, options.step, series.every));
        for (const auto& beside : series.beside)
            if (beside.values.size() != series.target.size())
                return refused(
                    fmt::format("expected rows of {} points, found {}", series.target.size(), beside.values.size()));
        const auto points = static_cast<int>(series.target.size());
        const int before = windows.trial_begin(series);
        const int fewest = 4 * windows.horizon_patches(series) * patch;
        if (before < fewest || points - before < options.horizon / series.every)
            return refused(
                fmt::format("a past of {} points is too short to tune to; expected {} before the last {:.0f} %", points,
                            fewest, 100 * options.trial_share));
    }
    return windows;
}

TuningWindows::TuningWindows(const std::vector<TuningSeries>& past, const TuningOptions& options, int patch,
                             int longest_context)
    : past_(&past), options_(options), patch_(patch), context_patches_(longest_context / patch) {}

corpus::Window TuningWindows::window(const TuningSeries& series, int end, int patches) const {
    corpus::Window window{.shape = {.variates = 1 + static_cast<int>(series.beside.size()), .points = patches * patch_},
                          .roles = {corpus::Role::target},
                          .values = {}};
    window.values.resize(static_cast<std::size_t>(window.shape.variates) *
                         static_cast<std::size_t>(window.shape.points));
    window.like = series.like.from(end - window.shape.points);
    put(series.target, end, window.row(0), window.shape.points);
    for (std::size_t at = 0; at < series.beside.size(); ++at) {
        window.roles.push_back(series.beside[at].role);
        put(series.beside[at].values, end, window.row(static_cast<int>(at) + 1), window.shape.points);
    }
    return window;
}

PatchBatch TuningWindows::draw(std::mt19937_64& random, Part part) const {
    const auto below = [&](int count) { return static_cast<int>(random() % static_cast<std::uint64_t>(count)); };
    const auto& series = (*past_)[static_cast<std::size_t>(below(static_cast<int>(past_->size())))];
    const int last = part == Part::all ? static_cast<int>(series.target.size()) : trial_begin(series);
    const int horizon = horizon_patches(series);
    // Contexts as long as forecasts have, and shorter ones, of which more fit into a batch.
    const int context = std::min(context_patches_, last / patch_) >> below(2);
    const int patches = std::max(2, context + horizon);
    const int variates = 1 + static_cast<int>(series.beside.size());
    const int count = std::max(1, options_.tokens / (variates * (patches - 1)));
    const int shortest = std::min(last, 2 * horizon * patch_);
    std::vector<corpus::Window> windows;
    for (int at = 0; at < count; ++at)
        windows.push_back(window(series, shortest + below(last - shortest + 1), patches));
    std::vector<MaskedWindow> masked;
    for (const auto& one : windows) {
        auto hidden = hidden_patches(random(), patches - 1, horizon + 1);
        if (below(2) == 0) {  // exactly what a forecast hides
            std::fill(hidden.begin(), hidden.end(), 0);
            std::fill(hidden.end() - (horizon - 1), hidden.end(), 1);
        }
        masked.push_back({.window = &one, .hidden = std::move(hidden)});
    }
    return make_batch(masked, patch_);
}

std::vector<PatchBatch> TuningWindows::trial() const {
    std::vector<PatchBatch> batches;
    for (const auto& series : *past_) {
        const int span = horizon_patches(series) * patch_;
        const int patches = context_patches_ + horizon_patches(series);
        std::vector<char> hidden(static_cast<std::size_t>(patches - 1), 0);
        std::fill(hidden.end() - (horizon_patches(series) - 1), hidden.end(), 1);
        const int points = static_cast<int>(series.target.size());
        const int step = options_.step / series.every;
        const int stride = step * std::max(1, (points - trial_begin(series)) / step / most_trial_forecasts);
        std::vector<corpus::Window> windows;
        for (int issue = trial_begin(series); issue + options_.horizon / series.every <= points; issue += stride)
            windows.push_back(window(series, issue + span, patches));
        for (std::size_t begin = 0; begin < windows.size(); begin += trial_batch) {
            std::vector<MaskedWindow> masked;
            for (std::size_t at = begin; at < std::min(windows.size(), begin + trial_batch); ++at)
                masked.push_back({.window = &windows[at], .hidden = hidden});
            batches.push_back(make_batch(masked, patch_));
        }
    }
    return batches;
}

}  // namespace loadstar::neural
