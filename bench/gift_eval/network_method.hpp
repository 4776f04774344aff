#pragma once
// A network that has never seen the series.

#include "gift_eval/method.hpp"
#include "neural/forecast_network.hpp"

namespace loadstar::gift_eval {

/// Hands the network what lies before each window, as much of it as it can look at.
class NetworkMethod final : public Method {
  public:
    explicit NetworkMethod(std::shared_ptr<const neural::ForecastNetwork> network) : network_(std::move(network)) {}
    /// Learns nothing.
    Result<void> fit(const Config&, const Table&) override { return {}; }
    [[nodiscard]] Result<std::vector<WindowQuantiles>> predict(const std::vector<WindowTask>& tasks) const override;

  private:
    std::shared_ptr<const neural::ForecastNetwork> network_;
};

}  // namespace loadstar::gift_eval
