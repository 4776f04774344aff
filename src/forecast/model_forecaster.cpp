#include "forecast/model_forecaster.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace loadstar::forecast {
namespace {

constexpr int past_days = 56;  // whose outcomes tell how the slots of a day depend on each other

QuantileRecord days_before(const QuantileRecord& record, int end) {
    QuantileRecord before{.from = record.from};
    for (int day = record.from; day < std::min(end, record.to()); ++day) before.days.push_back(record.at(day));
    return before;
}

}  // namespace

Text ModelForecaster::why_not(const features::TargetHistory& history, const Query& query) const {
    return why_not(features::DayGrid(features::Known(history, query.issued_at)), query);
}

Text ModelForecaster::why_not(const features::DayGrid& grid, const Query& query) const {
    if (grid.end().day < setting_.learnt_to) {
        const auto day = to_string(grid.day(setting_.learnt_to));
        return {
            .en = fmt::format("the trained {} learnt from days up to {}, later than the issue", model_->method(), day),
            .zh = fmt::format("已训练的 {} 用到了 {} 之前的数据，晚于发布时间", model_->method(), day)};
    }
    const int last = grid.cell_of(query.axis.end() - Duration(1)).day;
    const features::Cell needed{.day = last - setting_.rule.lead, .slot = setting_.rule.slot};
    if (needed <= grid.end()) return {};
    const double hours_needed = 24.0 * setting_.rule.slot / grid.slots();
    return {.en = fmt::format("the trained {} forecasts {} from the readings until {:g} h of {}", model_->method(),
                              to_string(grid.day(last)), hours_needed, to_string(grid.day(needed.day))),
            .zh = fmt::format("已训练的 {} 预测 {} 需要 {} {:g} 时之前的数据", model_->method(),
                              to_string(grid.day(last)), to_string(grid.day(needed.day)), hours_needed)};
}

Result<Forecast> ModelForecaster::predict(const features::TargetHistory& history, const Query& query) const {
    LOADSTAR_CHECK(check_query(history, query));
    const features::DayGrid grid(features::Known(history, query.issued_at));
    if (const auto reason = why_not(grid, query); !reason.en.empty()) {
        return Error{.code = ErrorCode::out_of_range, .message = reason.en, .where = history.target.info.id};
    }
    FeatureTable table(grid, setting_.rule, setting_.features);
    NoProgress quiet;
    const int first = grid.cell_of(query.axis.start).day;
    const int last = grid.cell_of(query.axis.end() - Duration(1)).day;
    const DaySpan span{.from = std::max(0, grid.end().day - past_days), .to = last + 1};
    LOADSTAR_TRY(const auto days, model_->forecast(table, span, quiet));
    if (!days.holds(first)) {
        return Error{.code = ErrorCode::not_found,
                     .message = fmt::format("{} cannot forecast {} from {} days of history", model_->method(),
                                            to_string(grid.day(first)), grid.end().day),
                     .where = history.target.info.id};
    }
    const auto past = days_before(days, grid.end().day);
    auto forecast = assemble(grid, history, query, [&](const features::DayGrid&, const IssueRule&, int day) {
        return DayForecast{.quantiles = days.at(day), .past = past};
    });
    forecast.method = model_->method();
    return forecast;
}

}  // namespace loadstar::forecast
