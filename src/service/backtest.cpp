#include "service/backtest.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "historian/records.hpp"
#include "service/forecasting.hpp"
#include "service/ledger.hpp"
#include "service/networks.hpp"

namespace loadstar::service {
namespace {

constexpr int buckets = 4;  // quarters of the predicted day
constexpr int most_default_days = 60;
constexpr double default_share = 0.2;

Text too_early(const LocalDay* first_possible) {
    if (first_possible == nullptr) {
        return {.en = "too little history for any of the days", .zh = "历史数据不足，无法预测任何一天"};
    }
    const auto day = to_string(*first_possible);
    return {.en = "too little history before " + day, .zh = day + " 之前历史数据不足"};
}

Result<std::vector<forecast::Method>> methods_of(const BacktestChoice& choice) {
    if (choice.methods.empty()) return forecast::methods(shipped_network());
    std::vector<forecast::Method> methods;
    for (const auto& name : choice.methods) {
        LOADSTAR_TRY(auto method, forecast::find_method(name, shipped_network()));
        methods.push_back(std::move(method));
    }
    return methods;
}

/// Backtests the methods on one target.
class TargetRun {
  public:
    TargetRun(const features::TargetHistory& history, const BacktestChoice& choice, const forecast::IssueTime& issue)
        : choice_(choice),
          grid_(features::Known(history, history.target.axis.end() + history.latency)),
          table_(grid_, forecast::rule_of(issue, grid_), forecast::setting_of(issue, grid_).features) {
        result_.series = history.target.info.id;
        result_.unit = history.target.info.unit;
        result_.issue = issue;
        const Duration start = issue.days_ahead * Duration(hours(24)) - minutes(issue.issue_minute);
        for (int bucket = 0; bucket < buckets; ++bucket) {
            result_.horizons.push_back(
                {.from = start + bucket * hours(24) / buckets, .to = start + (bucket + 1) * hours(24) / buckets});
        }
    }

    Result<TargetBacktest> run(Progress& progress) {
        LOADSTAR_TRY(span_, backtest_days(choice_, grid_, result_.series));
        result_.first = grid_.day(span_.from);
        result_.last = grid_.day(span_.to - 1);
        scale_ = forecast::weekly_scale(grid_, span_.from);
        LOADSTAR_TRY(const auto methods, methods_of(choice_));
        for (const auto& method : methods) {
            LOADSTAR_TRY(const auto record, forecast::roll(method, table_, rolling_span(), progress));
            add(method.name, record);
        }
        if (result_.rows.empty()) {
            return Error{.code = ErrorCode::out_of_range,
                         .message = fmt::format("no method can forecast {}; expected more history before it",
                                                to_string(result_.first)),
                         .where = result_.series,
                         .hint = "choose later days"};
        }
        std::ranges::stable_sort(result_.rows, {}, [](const BacktestRow& row) { return row.score.crps; });
        return std::move(result_);
    }

  private:
    [[nodiscard]] forecast::RollingSpan rolling_span() const {
        return {.from = span_.from, .to = span_.to, .refit_days = choice_.refit_days};
    }

    void add(const std::string& method, const forecast::QuantileRecord& record) {
        if (!record.holds(span_.from)) {
            const auto first = grid_.day(record.from);
            result_.omitted.push_back({.method = method, .why = too_early(record.days.empty() ? nullptr : &first)});
            return;
        }
        BacktestRow row{.method = method, .score = forecast::score(record, grid_, span_, scale_), .by_horizon = {}};
        for (int bucket = 0; bucket < buckets; ++bucket) {
            auto part = span_;
            part.slots = {.from = bucket * grid_.slots() / buckets, .to = (bucket + 1) * grid_.slots() / buckets};
            row.by_horizon.push_back(forecast::score(record, grid_, part, scale_));
        }
        result_.rows.push_back(std::move(row));
    }

    const BacktestChoice& choice_;
    features::DayGrid grid_;
    forecast::FeatureTable table_;
    forecast::DaySpan span_;
    double scale_ = 0;
    TargetBacktest result_;
};

nlohmann::json hours_of(Duration duration) { return to_hours(duration).value(); }

nlohmann::json json_of(const TargetBacktest& target, const BacktestRow& row) {
    auto horizons = nlohmann::json::array();
    for (std::size_t bucket = 0; bucket < row.by_horizon.size(); ++bucket) {
        auto json = to_json(row.by_horizon[bucket]);
        json["from_hours"] = hours_of(target.horizons[bucket].from);
        json["to_hours"] = hours_of(target.horizons[bucket].to);
        horizons.push_back(std::move(json));
    }
    auto json = to_json(row.score);
    json["method"] = row.method;
    json["horizons"] = std::move(horizons);
    return json;
}

nlohmann::json json_of(const TargetBacktest& target) {
    auto rows = nlohmann::json::array();
    for (const auto& row : target.rows) rows.push_back(json_of(target, row));
    auto omitted = nlohmann::json::array();
    for (const auto& one : target.omitted) {
        omitted.push_back({{"method", one.method}, {"why", {{"en", one.why.en}, {"zh", one.why.zh}}}});
    }
    return {{"series", target.series},
            {"unit", target.unit},
            {"first", to_string(target.first)},
            {"last", to_string(target.last)},
            {"days_ahead", target.issue.days_ahead},
            {"issue_minute", target.issue.issue_minute},
            {"latency_minutes", target.issue.latency / minutes(1)},
            {"methods", std::move(rows)},
            {"omitted", std::move(omitted)}};
}

}  // namespace

Result<forecast::DaySpan> backtest_days(const BacktestChoice& choice, const features::DayGrid& grid,
                                        const std::string& series) {
    const int stored = grid.end().day;
    forecast::DaySpan span{.to = choice.last ? grid.index_of(*choice.last) + 1 : stored};
    const int usual = std::clamp(static_cast<int>(default_share * stored), 1, most_default_days);
    span.from = choice.first ? grid.index_of(*choice.first) : span.to - usual;
    if (span.from < 0 || span.to > stored || span.from >= span.to) {
        return Error{.code = ErrorCode::out_of_range,
                     .message = fmt::format("{} to {} cannot be backtested; expected days between {} and {}",
                                            to_string(grid.day(span.from)), to_string(grid.day(span.to - 1)),
                                            to_string(grid.day(0)), to_string(grid.day(stored - 1))),
                     .where = series};
    }
    return span;
}

Result<BacktestReport> backtest(Session& session, const BacktestChoice& choice, Progress& progress) {
    const auto& plant = session.plant();
    LOADSTAR_TRY(const auto wanted, targets_of(plant, choice.series));
    const forecast::IssueTime issue{.days_ahead = choice.days_ahead,
                                    .issue_minute = choice.issue_minute.value_or(plant.forecast.issue_minute),
                                    .latency = choice.latency.value_or(plant.forecast.latency)};
    BacktestReport report{.plant = plant.name, .targets = {}};
    for (const auto& series : wanted) {
        LOADSTAR_TRY(const auto history, session.target_history(series));
        LOADSTAR_TRY(auto target, TargetRun(history, choice, issue).run(progress));
        report.targets.push_back(std::move(target));
    }
    return report;
}

Result<void> keep_backtest(Session& session, const BacktestReport& report) {
    std::vector<historian::FindingRecord> records;
    for (const auto& target : report.targets)
        records.push_back({.kind = "backtest",
                           .origin = target.series,
                           .issued_at = session.clock().now(),
                           .payload = json_of(target).dump()});
    return keep(session, [&](historian::Historian& historian) { return historian::put_findings(historian, records); });
}

nlohmann::json to_json(const forecast::Score& score) {
    return {{"days", score.days},
            {"slots", score.slots},
            {"wape_percent", 100 * score.wape},
            {"mase", score.mase ? nlohmann::json(*score.mase) : nlohmann::json(nullptr)},
            {"crps", score.crps},
            {"coverage80_percent", 100 * score.coverage80},
            {"width80_percent", 100 * score.width80},
            {"winkler80_percent", 100 * score.winkler80},
            {"peak_error_percent", 100 * score.peak_error}};
}

nlohmann::json to_json(const BacktestReport& report) {
    nlohmann::json json{
        {"schema", "loadstar.backtest/1"}, {"plant", report.plant}, {"targets", nlohmann::json::array()}};
    for (const auto& target : report.targets) json["targets"].push_back(json_of(target));
    return json;
}

}  // namespace loadstar::service
