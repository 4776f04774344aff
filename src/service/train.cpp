#include "service/train.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "service/backtest.hpp"
#include "service/forecasting.hpp"
#include "service/model_registry.hpp"

namespace loadstar::service {
namespace {

constexpr int days_per_week = 7;

nlohmann::json json_of(const TrainedSide& side) {
    return {{"method", side.method},
            {"version", side.version ? nlohmann::json(*side.version) : nlohmann::json()},
            {"score", side.score ? to_json(*side.score) : nlohmann::json()}};
}

nlohmann::json json_of(const TrainedTarget& target) {
    return {{"series", target.series},
            {"learnt_from", to_string(target.learnt_from)},
            {"learnt_to", to_string(target.learnt_to)},
            {"first", to_string(target.first)},
            {"last", to_string(target.last)},
            {"champion", json_of(target.champion)},
            {"challenger", json_of(target.challenger)},
            {"kept", target.kept},
            {"verdict", {{"en", target.verdict.en}, {"zh", target.verdict.zh}}},
            {"remark", {{"en", target.remark.en}, {"zh", target.remark.zh}}}};
}

Text another_rule() {
    return {.en = "the model in service was trained for another issue time; it is not compared",
            .zh = "现役模型针对另一发布时间训练，不参与比较"};
}

/// The side that a challenger must beat.
struct Defender {
    std::unique_ptr<forecast::Model> model;
    std::optional<int> version{};
    int learnt_to = 0;
    Text remark{};
};

/// Trains one target.
class TargetTraining {
  public:
    TargetTraining(Session& session, const TrainChoice& choice, const features::TargetHistory& history)
        : session_(session),
          choice_(choice),
          grid_(features::Known(history, history.target.axis.end() + history.latency)),
          setting_(forecast::setting_of(issue_time(session.plant()), grid_)),
          table_(grid_, setting_.rule, setting_.features) {
        result_.series = history.target.info.id;
    }

    Result<TrainedTarget> run(Progress& progress) {
        LOADSTAR_TRY(const auto method, forecast::find_method(choice_.method));
        LOADSTAR_TRY(const auto defender, find_defender());
        LOADSTAR_TRY(const auto weeks, weeks_after(defender.learnt_to));
        LOADSTAR_TRY(const auto contest, forecast::hold_contest(table_, *defender.model, method, weeks, progress));
        describe(contest, defender);
        if (contest.won()) LOADSTAR_CHECK(keep(contest));
        return std::move(result_);
    }

  private:
    /// The latest weeks, without days that the champion has learnt from.
    Result<forecast::DaySpan> weeks_after(int learnt_to) const {
        const int known = grid_.end().day;
        const int first = known - choice_.weeks * days_per_week;
        if (first <= table_.rule().lead) {
            return Error{
                .code = ErrorCode::out_of_range,
                .message = fmt::format("{} whole days are stored; expected more than the {} weeks to compare on", known,
                                       choice_.weeks),
                .where = result_.series,
                .hint = "import more readings, or compare on fewer weeks with --weeks"};
        }
        const forecast::DaySpan weeks{.from = std::max(first, learnt_to), .to = known};
        if (weeks.to - weeks.from >= days_per_week) return weeks;
        return Error{
            .code = ErrorCode::out_of_range,
            .message = fmt::format("the model in service learnt from days before {}; expected a week after them",
                                   to_string(grid_.day(learnt_to))),
            .where = result_.series,
            .hint = "train again when more readings are stored"};
    }

    Result<Defender> find_defender() {
        LOADSTAR_TRY(auto lookup, serving_model(session_, result_.series, grid_));
        Defender defender{.model = {}, .remark = lookup.why_not};
        if (lookup.serving && lookup.serving->setting.rule != setting_.rule) {
            defender.remark = another_rule();
        } else if (lookup.serving) {
            defender.version = lookup.serving->version;
            defender.learnt_to = lookup.serving->setting.learnt_to;
            defender.model = std::move(lookup.serving->model);
            return defender;
        }
        LOADSTAR_TRY(const auto usual, forecast::find_method(forecast::untrained_champion));
        defender.model = usual.make();
        return defender;
    }

    void describe(const forecast::Contest& contest, const Defender& defender) {
        result_.learnt_from = grid_.day(0);
        result_.learnt_to = grid_.day(contest.trained_to - 1);
        result_.first = grid_.day(contest.weeks.from);
        result_.last = grid_.day(contest.weeks.to - 1);
        result_.champion = {
            .method = contest.champion.method, .version = defender.version, .score = contest.champion.score};
        result_.challenger = {.method = contest.challenger.method, .score = contest.challenger.score};
        result_.verdict = contest.verdict();
        result_.remark = defender.remark;
    }

    Result<void> keep(const forecast::Contest& contest) {
        result_.kept = true;
        auto setting = setting_;
        setting.learnt_to = contest.trained_to;
        const ModelToKeep kept{
            .series = result_.series, .model = *contest.model, .setting = setting, .metrics = json_of(result_).dump()};
        LOADSTAR_TRY(result_.challenger.version, keep_champion(session_, kept, grid_));
        return {};
    }

    Session& session_;
    const TrainChoice& choice_;
    features::DayGrid grid_;
    forecast::ModelSetting setting_;
    forecast::FeatureTable table_;
    TrainedTarget result_;
};

}  // namespace

Result<TrainReport> train(Session& session, const TrainChoice& choice, Progress& progress) {
    LOADSTAR_TRY(const auto wanted, targets_of(session.plant(), choice.series));
    TrainReport report{.plant = session.plant().name, .targets = {}};
    for (const auto& series : wanted) {
        progress.report("train " + series, static_cast<std::int64_t>(report.targets.size()),
                        static_cast<std::int64_t>(wanted.size()));
        LOADSTAR_TRY(const auto history, session.target_history(series));
        LOADSTAR_TRY(auto target, TargetTraining(session, choice, history).run(progress));
        report.targets.push_back(std::move(target));
    }
    return report;
}

Result<ModelList> list_models(Session& session) {
    LOADSTAR_TRY(auto versions, historian::models(session.historian()));
    return ModelList{.plant = session.plant().name, .zone = session.plant().time_zone, .versions = std::move(versions)};
}

nlohmann::json to_json(const TrainReport& report) {
    nlohmann::json json{{"schema", "loadstar.train/1"}, {"plant", report.plant}, {"targets", nlohmann::json::array()}};
    for (const auto& target : report.targets) json["targets"].push_back(json_of(target));
    return json;
}

nlohmann::json to_json(const ModelList& list) {
    nlohmann::json json{{"schema", "loadstar.models/1"}, {"plant", list.plant}, {"models", nlohmann::json::array()}};
    for (const auto& one : list.versions) {
        json["models"].push_back({{"target", one.target},
                                  {"version", one.version},
                                  {"method", one.method},
                                  {"created_at", list.zone.format(one.created_at)},
                                  {"champion", one.champion},
                                  {"training", nlohmann::json::parse(one.metrics, nullptr, false)}});
    }
    return json;
}

}  // namespace loadstar::service
