#include "service/report.hpp"

#include <algorithm>

#include "service/plan.hpp"
#include "service/report_advice.hpp"
#include "service/report_alarms.hpp"
#include "service/report_bill.hpp"
#include "service/report_key_figures.hpp"
#include "service/report_learned.hpp"
#include "service/report_plan.hpp"
#include "service/report_power.hpp"
#include "service/report_quality.hpp"
#include "service/report_scope.hpp"
#include "service/report_sections.hpp"
#include "service/report_what_if.hpp"
#include "service/report_words.hpp"
#include "service/version.hpp"

namespace loadstar::service {
namespace {

using nlohmann::json;

const Text no_assets{"the plant file names no battery, generation, machine or load that could be planned",
                     "设备文件中没有可供优化的储能、发电或可调负荷"};

const Text no_alarms{"no alarm is stored for this time; `loadstar detect` looks for anomalies",
                     "该时段没有已存的告警；可用 `loadstar detect` 查找异常"};

/// Makes one section after the other and keeps what later ones need.
class Assembler {
  public:
    Assembler(Session& session, const ReportScope& scope, Progress& progress)
        : session_(session), scope_(scope), progress_(progress) {}

    /// Errors: cancelled.
    Result<PlantReport> assemble() {
        using Step = void (Assembler::*)();
        const std::vector<Step> steps{&Assembler::add_power,   &Assembler::add_bill,       &Assembler::add_plan,
                                      &Assembler::add_advice,  &Assembler::add_alarms,     &Assembler::add_learned,
                                      &Assembler::add_quality, &Assembler::add_key_figures};
        for (std::size_t step = 0; step < steps.size(); ++step) {
            progress_.report("report", static_cast<std::int64_t>(step), static_cast<std::int64_t>(steps.size()));
            if (progress_.cancelled())
                return Error{.code = ErrorCode::cancelled, .message = "stopped between two sections of the report"};
            (this->*steps[step])();
        }
        return std::move(report_);
    }

  private:
    void add(const std::string& id, const Text& name, json section) {
        report_.data[id] = std::move(section);
        report_.parts.push_back({.id = id, .name = name});
    }

    void add_missing(const std::string& id, const Text& name, const Text& why) {
        report_.data[id] = {{"not_available", to_json(why)}};
        report_.parts.push_back({.id = id, .name = name, .missing = why});
    }

    void add(const std::string& id, const Text& name, Result<json> section) {
        if (!section) return add_missing(id, name, told(section.error()));
        add(id, name, *std::move(section));
    }

    void add_power() {
        const auto& zone = session_.plant().time_zone;
        add("load_forecast", {"load and forecast", "负荷与预测"}, load_forecast_section(session_, scope_));
        add("year_heat_map", {"heat map of the year", "全年热力图"},
            heat_map_section(scope_.power, scope_.meter, zone));
        add("load_duration", {"load duration", "负荷持续曲线"}, load_duration_of(scope_));
    }

    void add_bill() {
        const Text name{"bill", "账单"};
        if (!scope_.connection) return add_missing("bill", name, scope_.no_connection);
        auto bill = bill_of_report(session_, scope_, progress_);
        if (!bill) return add_missing("bill", name, told(bill.error()));
        add("bill", name, bill_section(*bill, session_.plant(), scope_));
        findings_.bill = std::move(*bill);
    }

    /// Why there can be no plan; nothing when there can be one.
    [[nodiscard]] std::optional<Text> no_plan() const {
        if (!scope_.connection) return scope_.no_connection;
        return has_planned_assets(session_.plant()) ? std::nullopt : std::optional(no_assets);
    }

    void add_plan() {
        const Text name{"plan", "计划"};
        if (const auto why = no_plan()) return add_missing("plan", name, *why);
        auto plan = plan_of_report(session_, scope_, progress_);
        if (!plan) return add_missing("plan", name, told(plan.error()));
        if (plan->plan.import_kw.empty()) return add_missing("plan", name, plan->plan.explanation);
        add("plan", name, plan_section(session_, *plan));
        add("plan_costs", {"costs by charge", "分项费用"}, plan_costs_section(*plan, session_.plant()));
        add("plan_reasons", {"reasons of the plan", "计划理由"}, plan_reasons_section(*plan, session_.plant()));
        findings_.plan = std::move(*plan);
    }

    void add_advice() {
        const Text name{"advice", "建议"};
        auto advice = advice_section(session_, scope_, progress_);
        if (!advice) return add_missing("advice", name, told(advice.error()));
        findings_.advice = *advice;
        add("advice", name, *std::move(advice));
    }

    void add_alarms() {
        const Text name{"alarms", "告警"};
        auto alarms = alarms_of_report(session_, scope_);
        if (!alarms) return add_missing("alarms", name, told(alarms.error()));
        if (alarms->empty()) return add_missing("alarms", name, no_alarms);
        add("alarms", name, alarms_section(session_, *alarms));
        findings_.alarms = std::move(*alarms);
    }

    /// Replay, studies and backtest take minutes: what was kept of them is shown, else the page goes without.
    void add_learned() {
        const auto add_kept = [this](const std::string& id, const Text& name, Result<std::optional<json>> kept) {
            if (!kept) return add_missing(id, name, told(kept.error()));
            if (*kept) add(id, name, **std::move(kept));
        };
        add_kept("replay", {"replay of past days", "历史回放"}, replay_section(session_, scope_));
        add_kept("what_if", {"scenarios", "方案比较"}, what_if_section(session_, scope_));
        add_kept("backtest", {"accuracy of forecasts", "预测精度"}, backtest_section(session_));
    }

    void add_quality() {
        const Text name{"data quality", "数据质量"};
        const auto status = status_of(session_, {});
        if (!status) return add_missing("data_quality", name, told(status.error()));
        add("data_quality", name, data_quality_section(session_, *status, scope_));
    }

    void add_key_figures() {
        add("key_figures", {"key figures", "要点"}, key_figures_section(session_.plant(), scope_, findings_));
    }

    Session& session_;
    const ReportScope& scope_;
    Progress& progress_;
    PlantReport report_;
    ReportFindings findings_;
};

json site_json(const Plant& plant, const ReportScope& scope) {
    const auto& zone = plant.time_zone;
    return {{"name", to_json(Text{plant.name, plant.name})},
            {"zone", zone.name()},
            {"currency", scope.currency},
            {"period", {{"start", zone.format(scope.axis.start)}, {"end", zone.format(scope.axis.end())}}}};
}

}  // namespace

Result<PlantReport> report_plant(Session& session, const ReportChoice& choice, Progress& progress) {
    LOADSTAR_TRY(const auto scope, report_scope(session, choice.grid));
    LOADSTAR_TRY(auto report, Assembler(session, scope, progress).assemble());
    const auto& plant = session.plant();
    report.data["schema"] = "loadstar.report/1";
    report.data["generated_at"] = plant.time_zone.format(session.clock().now());
    report.data["version"] = version();
    report.data["lang"] = choice.language == Language::chinese ? "zh" : "en";
    report.data["site"] = site_json(plant, scope);
    return report;
}

}  // namespace loadstar::service
