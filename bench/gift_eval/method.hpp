#pragma once
// What the benchmark asks of a method of forecasting.

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "neural/forecast_network.hpp"
#include "support/gift_eval.hpp"

namespace loadstar::gift_eval {

/// A method on one configuration: fitted once, then asked for many windows.
class Method {
  public:
    virtual ~Method() = default;
    /// Learns from series that end where the first window begins: later points cannot be seen.
    virtual Result<void> fit(const Config& config, const Table& past) = 0;
    /// @return [task][point of the horizon], quantiles that never cross
    [[nodiscard]] virtual Result<std::vector<WindowQuantiles>> predict(const std::vector<WindowTask>& tasks) const = 0;
};

class LastRidge;

/// What methods are made with.
struct MethodOptions {
    /// Networks that were opened, by the names of their methods.
    std::map<std::string, std::shared_ptr<const neural::ForecastNetwork>> networks{};
    std::shared_ptr<LastRidge> ridge{};  ///< that methods share; null: each its own
};

/// Names that make_method() knows without a network, in the order of the tables.
std::vector<std::string> method_names();
/// Errors: not_found (no such method).
Result<std::unique_ptr<Method>> make_method(const std::string& name, const MethodOptions& options);

}  // namespace loadstar::gift_eval
