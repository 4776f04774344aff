#include "forecast/contest.hpp"

#include <fmt/format.h>

namespace loadstar::forecast {
namespace {

Contestant contestant(const Model& model, const QuantileRecord& record, const features::DayGrid& grid, DaySpan weeks) {
    Contestant result{.method = model.method()};
    if (record.holds(weeks.from)) {
        result.score = score(record, grid, weeks, weekly_scale(grid, weeks.from));
    }
    return result;
}

}  // namespace

bool Contest::won() const {
    if (!challenger.score) return false;
    return !champion.score || challenger.score->crps < champion.score->crps;
}

Text Contest::verdict() const {
    if (!challenger.score) {
        return {.en = fmt::format("too little history for {} before these weeks", challenger.method),
                .zh = fmt::format("此前的历史数据不足以训练 {}", challenger.method)};
    }
    if (!champion.score) {
        return {.en = fmt::format("{} cannot forecast these weeks", champion.method),
                .zh = fmt::format("{} 无法预测这些周", champion.method)};
    }
    const auto figures = fmt::format("CRPS {:.4f} / {:.4f} = {:.3f}", challenger.score->crps, champion.score->crps,
                                     champion.score->crps > 0 ? challenger.score->crps / champion.score->crps : 1.0);
    if (won()) return {.en = "the challenger wins: " + figures, .zh = "挑战者胜出：" + figures};
    return {.en = "the champion stays: " + figures, .zh = "现役模型保留：" + figures};
}

Result<Contest> hold_contest(FeatureTable& table, const Model& champion, const Method& challenger, DaySpan weeks,
                             Progress& progress) {
    Contest contest{.weeks = weeks,
                    .trained_to = std::max(0, table.rule().first_open(weeks.from)),
                    .champion = {},
                    .challenger = {},
                    .model = challenger.make()};
    LOADSTAR_TRY(const auto defended, champion.forecast(table, weeks, progress));
    LOADSTAR_CHECK(contest.model->fit(table, contest.trained_to, progress));
    LOADSTAR_TRY(const auto tried, contest.model->forecast(table, weeks, progress));
    contest.champion = contestant(champion, defended, table.grid(), weeks);
    contest.challenger = contestant(*contest.model, tried, table.grid(), weeks);
    return contest;
}

}  // namespace loadstar::forecast
