#include "neural/network_forecaster.hpp"

#include <ATen/Parallel.h>
#include <algorithm>
#include <cmath>
#include <map>
#include <mutex>

#include <fmt/format.h>

#include "gpt/torch_errors.hpp"
#include "neural/functions.hpp"
#include "neural/network_folder.hpp"
#include "neural/processors.hpp"
#include "neural/task_windows.hpp"
#include "neural/tuning.hpp"
#include "neural/weight_bytes.hpp"

namespace loadstar::neural {
namespace {

using Forecasts = std::vector<std::vector<Quantiles>>;

/// Which tasks could go together.
using BySize = std::map<TaskSize, std::vector<std::size_t>>;

/// Tasks that are asked in one pass.
struct Together {
    TaskSize size;
    std::vector<std::size_t> places;
};

corpus::Window turned_over(corpus::Window window) {
    for (auto& value : window.values) value = -value;
    return window;
}

/// Asks for tasks of one size in one pass.
class Pass {
  public:
    Pass(const PatchNetwork& network, const TaskSize& size) : network_(network), size_(size) {}

    /// @return f32 [task, horizon points, levels] in the units of the targets
    [[nodiscard]] at::Tensor quantiles(const std::vector<corpus::Window>& windows) const {
        std::vector<MaskedWindow> masked;
        for (const auto& window : windows) masked.push_back({.window = &window, .hidden = hidden_horizon(size_)});
        const auto batch = make_batch(masked, network_.form().patch);
        const auto expected = network_.forward_target(batch, size_.context - 1).to(at::kCPU);  // [b, n, P, levels]
        const auto horizon = expected.narrow(1, 0, size_.horizon).flatten(1, 2);               // [b, n*P, levels]
        const auto last = size_.context - 1;  // hidden patches have the scale of the last one seen
        const auto mean = batch.mean.select(1, 0).select(1, last).view({-1, 1, 1});    // f64 [b, 1, 1]
        const auto scale = batch.scale.select(1, 0).select(1, last).view({-1, 1, 1});  // f64 [b, 1, 1]
        return (horizon.to(at::kDouble).sinh() * scale + mean).to(at::kFloat);         // [b, horizon, levels]
    }

  private:
    const PatchNetwork& network_;
    TaskSize size_;
};

at::Tensor flip_averaged(const Pass& pass, const std::vector<corpus::Window>& windows) {
    std::vector<corpus::Window> over;
    for (const auto& window : windows) over.push_back(turned_over(window));
    return (pass.quantiles(windows) - pass.quantiles(over).flip(-1)) / 2;
}

void take(const at::Tensor& quantiles, const std::vector<std::size_t>& places, const std::vector<NetworkTask>& tasks,
          Forecasts& forecasts) {
    const auto values = quantiles.contiguous();
    const auto points = values.size(1);
    for (std::size_t at = 0; at < places.size(); ++at) {
        const auto* from = values.data_ptr<float>() +
                           static_cast<std::int64_t>(at) * points * static_cast<std::int64_t>(levels.size());
        auto& forecast = forecasts[places[at]];
        for (int point = 0; point < tasks[places[at]].horizon; ++point, from += levels.size()) {
            auto& row = forecast.emplace_back();
            std::copy_n(from, levels.size(), row.begin());
        }
    }
}

/// The first `horizon` points of a task.
NetworkTask first_block(const NetworkTask& task, int horizon) {
    auto block = task;
    block.horizon = horizon;
    for (auto& beside : block.beside)
        if (beside.role == corpus::Role::ahead)
            beside.values.resize(task.context.size() + static_cast<std::size_t>(horizon));
    return block;
}

/// The task that is left when its first points are forecast.
NetworkTask after_block(const NetworkTask& task, const std::vector<Quantiles>& done) {
    auto rest = task;
    rest.horizon -= static_cast<int>(done.size());
    for (const auto& point : done) rest.context.push_back(point[levels.size() / 2]);
    for (auto& beside : rest.beside)
        if (beside.role != corpus::Role::ahead) beside.values.resize(rest.context.size(), std::nanf(""));
    return rest;
}

}  // namespace

Result<Forecasts> NetworkForecaster::predict(const std::vector<NetworkTask>& tasks, Progress& progress) const {
    for (const auto& task : tasks) LOADSTAR_CHECK(check(task));
    return gpt::with_torch_errors("forecasting",
                                  [&]() -> Result<Forecasts> { return predict_blocks(tasks, progress); });
}

Result<Forecasts> NetworkForecaster::predict_blocks(const std::vector<NetworkTask>& tasks, Progress& progress) const {
    const int longest = network_.form().longest_horizon;
    std::vector<NetworkTask> blocks;
    for (const auto& task : tasks) blocks.push_back(first_block(task, std::min(task.horizon, longest)));
    LOADSTAR_TRY(auto forecasts, predict_once(blocks, progress));
    std::vector<NetworkTask> rest;
    std::vector<std::size_t> places;
    for (std::size_t at = 0; at < tasks.size(); ++at) {
        if (tasks[at].horizon <= longest) continue;
        rest.push_back(after_block(tasks[at], forecasts[at]));
        places.push_back(at);
    }
    if (rest.empty()) return forecasts;
    LOADSTAR_TRY(const auto further, predict_blocks(rest, progress));
    for (std::size_t at = 0; at < places.size(); ++at)
        forecasts[places[at]].insert(forecasts[places[at]].end(), further[at].begin(), further[at].end());
    return forecasts;
}

Result<Forecasts> NetworkForecaster::predict_once(const std::vector<NetworkTask>& tasks, Progress& progress) const {
    const int patch = network_.form().patch;
    BySize by_size;
    for (std::size_t at = 0; at < tasks.size(); ++at)
        by_size[size_of(tasks[at], patch, network_.form().longest_context)].push_back(at);
    std::vector<Together> passes;
    for (const auto& [size, places] : by_size) {
        const auto together = static_cast<std::size_t>(
            std::max(1, options_.tokens_per_pass / (size.variates * (size.context + size.horizon - 1))));
        for (std::size_t begin = 0; begin < places.size(); begin += together)
            passes.push_back(
                {.size = size,
                 .places = {places.begin() + static_cast<std::ptrdiff_t>(begin),
                            places.begin() + static_cast<std::ptrdiff_t>(std::min(begin + together, places.size()))}});
    }
    Forecasts forecasts(tasks.size());
    std::mutex reporting;
    std::int64_t done = 0;
    on_processors(options_.threads, std::ssize(passes), [&](std::int64_t at) {
        if (progress.cancelled()) return;
        const at::NoGradGuard no_gradients;  // of this thread
        const auto& [size, places] = passes[static_cast<std::size_t>(at)];
        std::vector<corpus::Window> windows;
        for (const auto place : places) windows.push_back(window_of(tasks[place], size, patch));
        const Pass pass(network_, size);
        take(options_.flip_average ? flip_averaged(pass, windows) : pass.quantiles(windows), places, tasks, forecasts);
        const std::lock_guard lock(reporting);
        progress.report("forecasting", done += std::ssize(places), std::ssize(tasks));
    });
    if (progress.cancelled()) return Error{.code = ErrorCode::cancelled, .message = "stopped between two passes"};
    return forecasts;
}

Result<TunedNetwork> NetworkForecaster::tuned(const std::vector<TuningSeries>& past, const TuningOptions& options,
                                              Progress& progress) const {
    return gpt::with_torch_errors("tuning", [&]() -> Result<TunedNetwork> {
        LOADSTAR_TRY(auto tuning, tune(network_, past, options, progress));
        const auto shared = [this](PatchNetwork&& network) {
            return std::make_shared<NetworkForecaster>(std::move(network), name_ + " tuned", options_);
        };
        return TunedNetwork{.network = shared(std::move(tuning.network)),
                            .before_trial = shared(std::move(tuning.before_trial)),
                            .report = std::move(tuning.report)};
    });
}

std::string NetworkForecaster::weights() const { return bytes_of(network_.parameters()); }

Result<std::shared_ptr<const ForecastNetwork>> NetworkForecaster::with_weights(const std::string& bytes) const {
    return gpt::with_torch_errors("taking up weights", [&]() -> Result<std::shared_ptr<const ForecastNetwork>> {
        LOADSTAR_TRY(auto network, copy_of(network_));
        LOADSTAR_CHECK(take_bytes(bytes, network.parameters()));
        return std::shared_ptr<const ForecastNetwork>(
            std::make_shared<NetworkForecaster>(std::move(network), name_ + " tuned", options_));
    });
}

Result<std::shared_ptr<const ForecastNetwork>> open_network(const std::filesystem::path& folder,
                                                            const NetworkOpening& opening) {
    return gpt::with_torch_errors("opening a network", [&]() -> Result<std::shared_ptr<const ForecastNetwork>> {
        if (opening.threads > 0) at::set_num_threads(opening.threads);
        LOADSTAR_TRY(auto network, load_network(folder));
        const auto name = (folder.has_filename() ? folder : folder.parent_path()).filename().string();
        return std::shared_ptr<const ForecastNetwork>(std::make_shared<NetworkForecaster>(
            std::move(network), name,
            ForecastOptions{.flip_average = opening.flip_average,
                            .threads = opening.threads > 0 ? opening.threads : processors()}));
    });
}

}  // namespace loadstar::neural
