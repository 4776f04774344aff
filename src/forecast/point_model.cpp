#include "forecast/point_model.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "forecast/residual_bands.hpp"

namespace loadstar::forecast {
namespace {

constexpr int error_days = 56;
constexpr int refit_days = 28;  // of the forecasts whose errors are taken
constexpr int format = 1;

class PointModel final : public Model {
  public:
    explicit PointModel(std::unique_ptr<PointMethod> method) : method_(std::move(method)) {}

    [[nodiscard]] std::string method() const override { return method_->name(); }

    Result<void> fit(FeatureTable& table, int end, Progress& progress) override {
        if (progress.cancelled()) return Error{.code = ErrorCode::cancelled, .message = "stopped before a fit"};
        past_ = roll(*method_, table, {.from = first_error_day(table, end), .to = end, .refit_days = refit_days});
        method_->fit(table, end);
        return {};
    }

    [[nodiscard]] Result<QuantileRecord> forecast(FeatureTable& table, DaySpan days,
                                                  Progress& progress) const override {
        const auto points = points_until(table, days);
        QuantileRecord record{.from = std::max(days.from, points.from)};
        for (int day = record.from; day < points.to(); ++day) {
            progress.report("forecast " + method(), day - days.from, days.to - days.from);
            if (progress.cancelled()) return Error{.code = ErrorCode::cancelled, .message = "stopped between two days"};
            record.days.push_back(with_residual_bands(points.at(day), points, table.seen(day), day));
        }
        return record;
    }

    [[nodiscard]] std::string save() const override {
        const auto bytes = nlohmann::json::to_cbor(
            {{"format", format}, {"state", method_->state()}, {"past_from", past_.from}, {"past", past_.days}});
        return {bytes.begin(), bytes.end()};
    }

    Result<void> restore(const std::string& bytes) override {
        try {
            const auto json = nlohmann::json::from_cbor(bytes);
            if (json.at("format") != format) {
                return Error{.code = ErrorCode::unsupported_version,
                             .message = fmt::format("the model of {} has format {}, expected {}", method(),
                                                    json.at("format").dump(), format)};
            }
            method_->restore(json.at("state"));
            past_ = {.from = json.at("past_from"), .days = json.at("past")};
            return {};
        } catch (const std::exception& problem) {
            return Error{
                .code = ErrorCode::invalid_input,
                .message = fmt::format("these are not the bytes of a model of {}: {}", method(), problem.what())};
        }
    }

  private:
    static int first_error_day(const FeatureTable& table, int day) {
        return std::max(0, day - table.rule().lead - error_days);
    }

    /// Points of the days, and of those before whose errors matter: what was forecast before the fit, then the model's.
    [[nodiscard]] PointRecord points_until(FeatureTable& table, DaySpan days) const {
        auto points = past_;
        const int first = first_error_day(table, days.from);
        if (points.days.empty()) points.from = first;
        for (int day = points.to(); day < days.to; ++day) {
            if (table.rule().first_open(day) >= 0 && method_->ready(table, day)) {
                points.days.push_back(method_->predict(table, day));
            } else {
                points = {.from = day + 1};
            }
        }
        return points;
    }

    std::unique_ptr<PointMethod> method_;
    PointRecord past_;  ///< forecasts of the days before the end of the fit, made without knowing their outcomes
};

}  // namespace

std::unique_ptr<Model> make_point_model(std::unique_ptr<PointMethod> method) {
    return std::make_unique<PointModel>(std::move(method));
}

}  // namespace loadstar::forecast
