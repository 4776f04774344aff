#pragma once
// A network that needs no LibTorch and looks at everything it is given, so that looking ahead would show.

#include <algorithm>
#include <cmath>
#include <memory>
#include <string>

#include "forecast/network_days.hpp"

namespace loadstar::test_support {

class FakeNetwork final : public neural::ForecastNetwork {
  public:
    explicit FakeNetwork(float shift = 0, std::string name = "fake") : shift_(shift), name_(std::move(name)) {}

    [[nodiscard]] std::string name() const override { return name_; }
    [[nodiscard]] int longest_context() const override { return 512; }

    [[nodiscard]] Result<std::vector<std::vector<neural::Quantiles>>> predict(
        const std::vector<neural::NetworkTask>& tasks, Progress& progress) const override {
        if (progress.cancelled()) return Error{.code = ErrorCode::cancelled, .message = "stopped between two passes"};
        std::vector<std::vector<neural::Quantiles>> forecasts;
        for (const auto& task : tasks) forecasts.push_back(forecast(task));
        return forecasts;
    }

    [[nodiscard]] Result<neural::TunedNetwork> tuned(const std::vector<neural::TuningSeries>& past,
                                                     const neural::TuningOptions& options,
                                                     Progress& progress) const override {
        if (progress.cancelled()) return Error{.code = ErrorCode::cancelled, .message = "stopped between two steps"};
        const auto& target = past.front().target;
        const auto before = static_cast<std::size_t>((1 - options.trial_share) * static_cast<double>(target.size()));
        return neural::TunedNetwork{
            .network = std::make_shared<FakeNetwork>(mean_of(target.data(), target.size()) / 1000),
            .before_trial = std::make_shared<FakeNetwork>(mean_of(target.data(), before) / 1000),
            .report = {.chosen = neural::ScopeTrial{}}};
    }

    [[nodiscard]] std::string weights() const override { return std::to_string(shift_); }
    [[nodiscard]] Result<std::shared_ptr<const neural::ForecastNetwork>> with_weights(
        const std::string& bytes) const override {
        return std::shared_ptr<const neural::ForecastNetwork>(std::make_shared<FakeNetwork>(std::stof(bytes)));
    }

  private:
    static float mean_of(const float* values, std::size_t count) {
        float sum = 0;
        std::size_t found = 0;
        for (std::size_t at = 0; at < count; ++at) {
            if (!std::isfinite(values[at])) continue;
            sum += values[at];
            ++found;
        }
        return found ? sum / static_cast<float>(found) : 0;
    }

    /// The last day again, moved by the mean of everything beside it.
    [[nodiscard]] std::vector<neural::Quantiles> forecast(const neural::NetworkTask& task) const {
        float moved = shift_;
        for (const auto& beside : task.beside) moved += 0.01F * mean_of(beside.values.data(), beside.values.size());
        const auto season = std::min<std::size_t>(24, task.context.size());
        std::vector<neural::Quantiles> points;
        for (int at = 0; at < task.horizon; ++at) {
            float value = task.context[task.context.size() - season + static_cast<std::size_t>(at) % season];
            if (!std::isfinite(value)) value = mean_of(task.context.data(), task.context.size());
            auto& point = points.emplace_back();
            for (std::size_t level = 0; level < neural::levels.size(); ++level)
                point[level] = value + moved + 20 * static_cast<float>(neural::levels[level] - 0.5);
        }
        return points;
    }

    float shift_;
    std::string name_;
};

inline forecast::NetworkSource fake_network() {
    return [] { return Result<forecast::SharedNetwork>(std::make_shared<FakeNetwork>()); };
}

}  // namespace loadstar::test_support
