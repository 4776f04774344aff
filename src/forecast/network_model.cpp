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
constexpr int fewest_days_to_tune = 80;

class NetworkModel final : public Model {
  public:
    NetworkModel(NetworkSource source, NetworkUse use) : member_(std::move(source), use), use_(use) {}

    [[nodiscard]] std::string method() const override { return member_.name(); }

    Result<void> fit(FeatureTable& table, int end, Progress& progress) override {
        ready_ = false;
        if (use_ == NetworkUse::tuned && end < fewest_days_to_tune) return {};
        const int trial = use_ == NetworkUse::tuned ? std::min(past_days, end / 4) : past_days;
        LOADSTAR_CHECK(member_.fit(table, {.from = std::max(0, end - trial), .to = end}, progress));
        member_.keep_latest(past_days);
        ready_ = true;
        return {};
    }

    [[nodiscard]] Result<QuantileRecord> forecast(FeatureTable& table, DaySpan days,
                                                  Progress& progress) const override {
        if (!ready_) return QuantileRecord{.from = days.to};
        LOADSTAR_TRY(const auto said, member_.until(table, days.to, progress));
        const auto all = recalibrated(said, table.grid(), table.rule());
        QuantileRecord record{.from = std::max(days.from, all.from)};
        for (int day = record.from; day < std::min(days.to, all.to()); ++day) record.days.push_back(all.at(day));
        return record;
    }

    [[nodiscard]] std::string save() const override {
        std::string bytes;
        nlohmann::json::to_cbor(nlohmann::json{{"format", format}, {"ready", ready_}, {"member", member_.state()}},
                                bytes);
        return bytes;
    }

    Result<void> restore(const std::string& bytes) override {
        try {
            const auto json = nlohmann::json::from_cbor(bytes);
            if (json.at("format") != format)
                return Error{.code = ErrorCode::unsupported_version,
                             .message = fmt::format("the stored {} has format {}, expected {}", method(),
                                                    json.at("format").dump(), format),
                             .hint = "train it anew"};
            member_.restore(json.at("member"));
            ready_ = json.at("ready");
            return {};
        } catch (const std::exception& problem) {
            ready_ = false;
            return Error{.code = ErrorCode::invalid_input,
                         .message = fmt::format("these bytes are no stored {}: {}", method(), problem.what()),
                         .hint = "train it anew"};
        }
    }

  private:
    NetworkMember member_;
    NetworkUse use_;
    bool ready_ = false;
};

}  // namespace

std::unique_ptr<Model> make_network_model(NetworkSource source, NetworkUse use) {
    return std::make_unique<NetworkModel>(std::move(source), use);
}

}  // namespace loadstar::forecast
