#include "forecast/championship.hpp"

#include <algorithm>

namespace loadstar::forecast {
namespace {

class Roller {
  public:
    Roller(FeatureTable& table, const ChampionshipRules& rules) : table_(table), rules_(rules) {
        champion_ = rules.champion.make();
        result_.record.from = rules.span.from;
    }

    /// Forecasts the days from `day` to the next refit.
    Result<void> run_block(int day, Progress& progress) {
        const int known = table_.rule().first_open(day);
        const DaySpan weeks{.from = known - rules_.weeks_days, .to = known};
        if (weeks.from >= rules_.weeks_days) LOADSTAR_CHECK(challenge(day, weeks, progress));
        const bool is_first = day == rules_.span.from;
        const DaySpan block{.from = is_first ? std::max(0, weeks.from) : day,
                            .to = std::min(rules_.span.to, day + rules_.span.refit_days)};
        LOADSTAR_TRY(const auto part, champion_->forecast(table_, block, progress));
        append(part, block);
        return {};
    }

    Championship take() { return std::move(result_); }

  private:
    Result<void> challenge(int day, DaySpan weeks, Progress& progress) {
        LOADSTAR_TRY(auto contest, hold_contest(table_, *champion_, rules_.challenger, weeks, progress));
        if (contest.won()) champion_ = std::move(contest.model);
        contest.model.reset();
        result_.refits.push_back({.day = day, .contest = std::move(contest)});
        return {};
    }

    void append(const QuantileRecord& part, DaySpan block) {
        auto& record = result_.record;
        if (part.days.empty() || part.from > record.to()) {
            record = {.from = part.days.empty() ? block.to : part.from};
            result_.methods.clear();
        }
        if (record.days.empty()) record.from = part.days.empty() ? block.to : part.from;
        record.days.insert(record.days.end(), part.days.begin(), part.days.end());
        result_.methods.resize(record.days.size(), champion_->method());
    }

    FeatureTable& table_;
    const ChampionshipRules& rules_;
    std::unique_ptr<Model> champion_;
    Championship result_;
};

}  // namespace

Result<Championship> roll_championship(FeatureTable& table, const ChampionshipRules& rules, Progress& progress) {
    Roller roller(table, rules);
    for (int day = rules.span.from; day < rules.span.to; day += rules.span.refit_days) {
        LOADSTAR_CHECK(roller.run_block(day, progress));
    }
    return roller.take();
}

}  // namespace loadstar::forecast
