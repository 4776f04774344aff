#include "forecast/network_model.hpp"

#include <algorithm>
#include <exception>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "forecast/recalibration.hpp"

namespace loadstar::forecast {
namespace {

constexpr int format = 1;
constexpr int past_days = 56;  // of forecasts that the recalibration looks back on

class NetworkModel final : public Model {
  public:
    explicit NetworkModel(NetworkSource source) : source_(std::move(source)) {}

    [[nodiscard]] std::string method() const override { return "network"; }

    Result<void> fit(FeatureTable& table, int end, Progress& progress) override {
        LOADSTAR_TRY(const auto network, source_());
        name_ = network->name();
        LOADSTAR_TRY(past_, network_days(*network, table, {.from = std::max(0, end - past_days), .to = end}, progress));
        return {};
    }

    [[nodiscard]] Result<QuantileRecord> forecast(FeatureTable& table, DaySpan days,
                                                  Progress& progress) const override {
        LOADSTAR_TRY(const auto network, source_());
        auto all = past_;
        if (all.days.empty()) all.from = days.from;
        LOADSTAR_TRY(const auto coming, network_days(*network, table, {.from = all.to(), .to = days.to}, progress));
        if (coming.from != all.to()) all = {.from = coming.from};
        all.days.insert(all.days.end(), coming.days.begin(), coming.days.end());
        all = recalibrated(all, table.grid(), table.rule());
        QuantileRecord record{.from = std::max(days.from, all.from)};
        for (int day = record.from; day < days.to; ++day) record.days.push_back(all.at(day));
        return record;
    }

    [[nodiscard]] std::string save() const override {
        std::string bytes;
        nlohmann::json::to_cbor(
            nlohmann::json{{"format", format}, {"network", name_}, {"past_from", past_.from}, {"past", past_.days}},
            bytes);
        return bytes;
    }

    Result<void> restore(const std::string& bytes) override {
        try {
            const auto json = nlohmann::json::from_cbor(bytes);
            if (json.at("format") != format)
                return Error{.code = ErrorCode::unsupported_version,
                             .message = fmt::format("the stored network forecasts have format {}, expected {}",
                                                    json.at("format").dump(), format)};
            name_ = json.at("network");
            past_ = {.from = json.at("past_from"), .days = json.at("past")};
        } catch (const std::exception& problem) {
            return Error{.code = ErrorCode::invalid_input,
                         .message = fmt::format("these are no stored forecasts of a network: {}", problem.what())};
        }
        LOADSTAR_TRY(const auto network, source_());
        if (network->name() == name_) return {};
        return Error{.code = ErrorCode::unsupported_version,
                     .message = fmt::format("the model was made with the network {}, here is {}", name_,
                                            network->name()),
                     .hint = "train it anew"};
    }

  private:
    NetworkSource source_;
    std::string name_;
    QuantileRecord past_;  ///< as the network gave them
};

}  // namespace

std::unique_ptr<Model> make_network_model(NetworkSource source) {
    return std::make_unique<NetworkModel>(std::move(source));
}

}  // namespace loadstar::forecast
