#pragma once
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "forecast/network_days.hpp"

namespace loadstar::forecast {

/// Whether a network is asked as it comes, or learns from the target first.
enum class NetworkUse { as_it_comes, tuned };

/// A network as one forecaster among others, with what it said of days that it has not learnt from.
class NetworkMember {
  public:
    NetworkMember(NetworkSource source, NetworkUse use) : source_(std::move(source)), use_(use) {}

    /// "network" or "network_tuned".
    [[nodiscard]] std::string name() const;
    /// Forecasts the days from table.first_day() to the end of the trial as they would have been forecast then. Tuned,
    /// it learns from all days before the end of the trial, and forecasts those of the trial as it was before it had
    /// learnt from them. Errors: those of the source and of the network.
    Result<void> fit(FeatureTable& table, DaySpan trial, Progress& progress);
    /// What fit() forecast.
    [[nodiscard]] const QuantileRecord& record() const { return record_; }
    /// The same, extended to `to`.
    [[nodiscard]] Result<QuantileRecord> until(FeatureTable& table, int to, Progress& progress) const;
    /// Keeps only the latest days of the record.
    void keep_latest(int days);

    [[nodiscard]] nlohmann::json state() const;
    /// Takes up what state() gave. Throws std::exception on anything else.
    void restore(const nlohmann::json& state);

  private:
    Result<void> learn(FeatureTable& table, DaySpan trial, Progress& progress);
    [[nodiscard]] Result<SharedNetwork> serving() const;

    NetworkSource source_;
    NetworkUse use_;
    std::string network_name_{};
    std::string weights_{};          ///< of a tuned network; empty: those of the source
    mutable SharedNetwork tuned_{};  ///< made of the weights when first asked for
    QuantileRecord record_{};
};

}  // namespace loadstar::forecast
