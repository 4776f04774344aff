#include "service/train.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "service/backtest.hpp"
#include "service/forecasting.hpp"
#include "service/model_registry.hpp"
#include "service/networks.hpp"
#include "service/side_by_side.hpp"

namespace loadstar::service {
namespace {

constexpr int days_per_week = 7;

nlohmann::json json_of(const TrainedSide& side) {
    return {{"method", side.method},
            {"version", side.version ? nlohmann::json(*side.version) : nlohmann::json()},
            {"score", side.score ? to_json(*side.score) : nlohmann::json()}};
}

nlohmann::json json_of(const TrainedTarget& target) {
    const auto day = [&](LocalDay TrainingDays::*which) {
        return target.days ? nlohmann::json(to_string((*target.days).*which)) : nlohmann::json();
    };
    return {{"series", target.series},
            {"learnt_from", day(&TrainingDays::learnt_from)},
            {"learnt_to", day(&TrainingDays::learnt_to)},
            {"first", day(&TrainingDays::first)},
            {"last", day(&TrainingDays::last)},
            {"champion", json_of(target.champion)},
            {"challenger", json_of(target.challenger)},
            {"kept", target.kept},
            {"verdict", {{"en", target.verdict.en}, {"zh", target.verdict.zh}}},
            {"remark", {{"en", target.remark.en}, {"zh", target.remark.zh}}}};
}

Text too_few_days(int known, int weeks) {
    return {.en = fmt::format("{} whole days are stored, too few to train and to compare on {} weeks", known, weeks),
            .zh = fmt::format("仅存有 {} 个整天的数据，不足以训练并在 {} 周上比较", known, weeks)};
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

    /// Finds whom to beat, and on which weeks.
    Result<void> prepare() {
        LOADSTAR_TRY(method_, forecast::find_method(choice_.method, shipped_network()));
        LOADSTAR_TRY(defender_, find_defender());
        weeks_ = weeks_after(defender_.learnt_to);
        return {};
    }

    /// The long part. Touches nothing that targets share.
    Result<void> compete(Progress& progress) {
        if (!weeks_) return {};
        LOADSTAR_TRY(contest_, forecast::hold_contest(table_, *defender_.model, method_, *weeks_, progress));
        return {};
    }

    /// Stores a winner.
    Result<TrainedTarget> finish() {
        result_.remark = defender_.remark;
        result_.champion = {.method = defender_.model->method(), .version = defender_.version};
        result_.challenger = {.method = method_.name};
        if (!weeks_) {
            result_.verdict = too_few_days(grid_.end().day, choice_.weeks);
            return std::move(result_);
        }
        describe();
        if (contest_.won()) LOADSTAR_CHECK(keep());
        return std::move(result_);
    }

  private:
    /// The latest weeks, without days that the champion has learnt from; none with less history than that.
    [[nodiscard]] std::optional<forecast::DaySpan> weeks_after(int learnt_to) const {
        const int known = grid_.end().day;
        const int first = known - choice_.weeks * days_per_week;
        const forecast::DaySpan weeks{.from = std::max(first, learnt_to), .to = known};
        if (first <= table_.rule().lead || weeks.to - weeks.from < days_per_week) return std::nullopt;
        return weeks;
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

    void describe() {
        result_.days = {.learnt_from = grid_.day(0),
                        .learnt_to = grid_.day(contest_.trained_to - 1),
                        .first = grid_.day(contest_.weeks.from),
                        .last = grid_.day(contest_.weeks.to - 1)};
        result_.champion.score = contest_.champion.score;
        result_.challenger.score = contest_.challenger.score;
        result_.verdict = contest_.verdict();
    }

    Result<void> keep() {
        result_.kept = true;
        auto setting = setting_;
        setting.learnt_to = contest_.trained_to;
        const ModelToKeep kept{
            .series = result_.series, .model = *contest_.model, .setting = setting, .metrics = json_of(result_).dump()};
        LOADSTAR_TRY(result_.challenger.version, keep_champion(session_, kept, grid_));
        return {};
    }

    Session& session_;
    const TrainChoice& choice_;
    features::DayGrid grid_;
    forecast::ModelSetting setting_;
    forecast::FeatureTable table_;
    forecast::Method method_{};
    Defender defender_{};
    std::optional<forecast::DaySpan> weeks_{};
    forecast::Contest contest_{};
    TrainedTarget result_;
};

}  // namespace

Result<TrainReport> train(Session& session, const TrainChoice& choice, Progress& progress) {
    LOADSTAR_TRY(const auto wanted, targets_of(session.plant(), choice.series));
    std::vector<std::unique_ptr<TargetTraining>> trainings;
    for (const auto& series : wanted) {
        LOADSTAR_TRY(const auto history, session.target_history(series));
        trainings.push_back(std::make_unique<TargetTraining>(session, choice, history));
        LOADSTAR_CHECK(trainings.back()->prepare());
    }
    const auto compete = [&](std::size_t at, Progress& shared) { return trainings[at]->compete(shared); };
    LOADSTAR_CHECK(side_by_side(trainings.size(), compete, progress));
    TrainReport report{.plant = session.plant().name, .targets = {}};
    for (const auto& training : trainings) {
        LOADSTAR_TRY(auto target, training->finish());
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
