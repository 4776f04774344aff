#pragma once
#include "neural/forecast_network.hpp"
#include "neural/patch_network.hpp"
#include "neural/processors.hpp"

namespace loadstar::neural {

/// How a network is asked.
struct ForecastOptions {
    /// Also ask for the series turned upside down, and take the mean: twice the work.
    /// Source: TimesFM 2.5, flip invariance.
    bool flip_average = false;
    int threads = processors();
    int tokens_per_pass = 1024;  ///< over all series of the tasks that are asked together
};

/// Asks a network without gradients, many tasks in one pass and as many passes at a time as there are processors.
/// Horizons beyond what one pass gives are taken in blocks, each following on the medians of the one before.
class NetworkForecaster final : public ForecastNetwork {
  public:
    NetworkForecaster(PatchNetwork network, std::string name, const ForecastOptions& options)
        : network_(std::move(network)), name_(std::move(name)), options_(options) {}

    [[nodiscard]] std::string name() const override { return name_; }
    [[nodiscard]] int longest_context() const override { return network_.form().longest_context; }
    [[nodiscard]] Result<std::vector<std::vector<Quantiles>>> predict(const std::vector<NetworkTask>& tasks,
                                                                      Progress& progress) const override;
    [[nodiscard]] Result<TunedNetwork> tuned(const std::vector<TuningSeries>& past, const TuningOptions& options,
                                             Progress& progress) const override;
    [[nodiscard]] std::string weights() const override;
    [[nodiscard]] Result<std::shared_ptr<const ForecastNetwork>> with_weights(const std::string& bytes) const override;
    [[nodiscard]] const PatchNetwork& network() const { return network_; }

  private:
    using Forecasts = std::vector<std::vector<Quantiles>>;
    [[nodiscard]] Result<Forecasts> predict_blocks(const std::vector<NetworkTask>& tasks, Progress& progress) const;
    [[nodiscard]] Result<Forecasts> predict_once(const std::vector<NetworkTask>& tasks, Progress& progress) const;
    PatchNetwork network_;
    std::string name_;
    ForecastOptions options_;
};

}  // namespace loadstar::neural
