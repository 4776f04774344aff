#pragma once
#include "gift_eval/method.hpp"

namespace loadstar::gift_eval {

/// The season before again: what the benchmark divides all figures by.
class BaselineMethod final : public Method {
  public:
    Result<void> fit(const Config&, const Table&) override { return {}; }
    [[nodiscard]] Result<std::vector<WindowQuantiles>> predict(const std::vector<WindowTask>& tasks) const override {
        std::vector<WindowQuantiles> forecasts;
        for (const auto& task : tasks) forecasts.push_back(seasonal_naive(task));
        return forecasts;
    }
};

}  // namespace loadstar::gift_eval
