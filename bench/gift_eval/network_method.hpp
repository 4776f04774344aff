#pragma once
// A network that has never seen the series, or that was tuned to what lies before the windows.

#include "gift_eval/method.hpp"
#include "neural/forecast_network.hpp"

namespace loadstar::gift_eval {

/// Whether a network is asked as it comes, or learns from the past of the series first.
enum class NetworkUse { as_it_comes, tuned };

/// Hands the network what lies before each window, as much of it as it can look at. On quarter-hours it is asked in
/// hours as well, in which it sees further back, and both forecasts are averaged.
class NetworkMethod final : public Method {
  public:
    NetworkMethod(std::shared_ptr<const neural::ForecastNetwork> network, NetworkUse use)
        : network_(std::move(network)), use_(use) {}
    /// Tuned, it learns from all variates; with too short a past it stays as it comes.
    Result<void> fit(const Config& config, const Table& past) override;
    [[nodiscard]] Result<std::vector<WindowQuantiles>> predict(const std::vector<WindowTask>& tasks) const override;

  private:
    std::shared_ptr<const neural::ForecastNetwork> network_;
    NetworkUse use_;
};

}  // namespace loadstar::gift_eval
