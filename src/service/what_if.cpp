#include "service/what_if.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "service/contract_terms.hpp"
#include "service/plan.hpp"
#include "service/report_sections.hpp"
#include "tariff/compile.hpp"

namespace loadstar::service {
namespace {

constexpr double days_per_year = 365.25;
constexpr double periods_per_year = 12;

/// Adds a cost to the one of the same id.
void add_cost(std::vector<plan::TermCost>& costs, const plan::TermCost& cost) {
    const auto same = std::ranges::find_if(costs, [&](const plan::TermCost& one) { return one.id == cost.id; });
    if (same == costs.end()) {
        costs.push_back(cost);
    } else {
        same->before += cost.before;
        same->after += cost.after;
    }
}

/// Ids of costs that are due once per billing period, whatever its days.
std::set<std::string> costs_per_period(const Plant& plant, const std::string& planned_grid) {
    std::set<std::string> ids;
    for (const auto& grid : plant.grids) {
        const auto* contract = find_by_id(plant.contracts, grid.contract);
        if (contract == nullptr) continue;
        const auto prefix = grid.id == planned_grid ? "" : grid.id + ".";
        for (const auto& demand : contract->demands) ids.insert(prefix + demand.line);
        for (const auto& item : contract->fixed) ids.insert(prefix + item.line);
    }
    return ids;
}

/// Sums the plans of one plant.
class Summer {
  public:
    Summer(const Plant& plant, ScenarioOutcome outcome) : plant_(plant), outcome_(std::move(outcome)) {}

    /// @param before  what happens when nothing is done, instead of the plan
    void add(const plan::Plan& plan, bool before) {
        outcome_.cost += before ? plan.cost_before : plan.cost_after;
        for (auto cost : plan.costs) {
            if (before) cost.after = cost.before;
            add_cost(outcome_.costs, cost);
        }
        outcome_.gap = std::max(outcome_.gap, before ? 0 : plan.gap);
        const auto step = plan.axis.step_hours();
        for (const double kw : before ? plan.import_before_kw : plan.import_kw) {
            (kw > 0 ? outcome_.imported : outcome_.exported) += Power(std::abs(kw)) * step;
            outcome_.peak = std::max(outcome_.peak, Power(kw));
        }
        const auto& grid = *find_by_id(plant_.grids, plan.grid);
        bool known = has_factor(grid.carrier);
        for (const auto& supply : plan.supplies) known = known || has_factor(supply.carrier);
        const double kg = before ? plan.carbon.average_before : plan.carbon.average;
        if (known) outcome_.carbon = Carbon((outcome_.carbon ? outcome_.carbon->value() : 0) + kg);
    }
    [[nodiscard]] ScenarioOutcome take() { return std::move(outcome_); }

  private:
    [[nodiscard]] bool has_factor(const std::string& id) const {
        const auto* carrier = find_by_id(plant_.carriers, id);
        return carrier != nullptr && (carrier->carbon_kg_per_unit != 0 || !carrier->carbon_series.empty());
    }

    const Plant& plant_;
    ScenarioOutcome outcome_;
};

class Study {
  public:
    Study(Session& session, const WhatIfChoice& choice, Progress& progress)
        : session_(session), choice_(choice), progress_(progress), as_it_is_(session.plant()) {}

    Result<WhatIfReport> run() {
        LOADSTAR_TRY(const auto connection, billed_connection(as_it_is_, choice_.grid));
        WhatIfReport report{.plant = as_it_is_.name,
                            .currency = connection.contract.currency,
                            .from = choice_.from,
                            .to = choice_.to,
                            .days = days_between(choice_.from, choice_.to) + 1,
                            .outcomes = {}};
        LOADSTAR_CHECK(add_plant_file(report));
        for (const auto& scenario : choice_.scenarios) LOADSTAR_CHECK(add_scenario(scenario, report));
        session_.change(as_it_is_);
        return report;
    }

  private:
    Result<void> add_plant_file(WhatIfReport& report) {
        LOADSTAR_TRY(const auto plans, plans_of("as_it_is"));
        Summer idle(as_it_is_, {.id = "nothing_done", .name = {"nothing done", "不作计划"}, .costs = {}, .carbon = {}});
        Summer planned(as_it_is_,
                       {.id = "as_it_is", .name = {"as it is, planned", "现状，按计划"}, .costs = {}, .carbon = {}});
        report.periods = static_cast<int>(plans.size());
        for (const auto& plan : plans) {
            idle.add(plan, true);
            planned.add(plan, false);
        }
        for (auto* sums : {&idle, &planned}) {
            report.outcomes.push_back(sums->take());
            set_year(report.outcomes.back(), plans.front().grid, report);
        }
        return {};
    }

    Result<void> add_scenario(const Scenario& scenario, WhatIfReport& report) {
        LOADSTAR_TRY(const auto chosen, change_to(scenario, report));
        LOADSTAR_TRY(const auto plans, plans_of(scenario.id));
        Summer summer(session_.plant(), {.id = scenario.id,
                                         .name = {scenario.name, scenario.name},
                                         .investment = scenario.investment,
                                         .costs = {},
                                         .carbon = {}});
        for (const auto& plan : plans) summer.add(plan, false);
        auto outcome = summer.take();
        add_sizes(chosen, outcome);
        set_year(outcome, plans.front().grid, report);
        const double saved = (report.outcomes[1].cost_per_year - outcome.cost_per_year).value();
        outcome.saved_per_year = Money(saved);
        if (saved > 0 && outcome.investment > Money(0)) outcome.payback_years = outcome.investment.value() / saved;
        report.outcomes.push_back(std::move(outcome));
        return {};
    }

    /// The session goes on with the plant of a scenario, its sizes chosen.
    Result<SizesOfScenario> change_to(const Scenario& scenario, const WhatIfReport& report) {
        if (scenario.sizes.empty()) {
            LOADSTAR_TRY(auto changed, load_plant(as_it_is_.file, scenario.changes));
            session_.change(std::move(changed));
            return SizesOfScenario{.sizes = {}};
        }
        return choose_sizes(session_, scenario,
                            {.periods = periods(),
                             .years_of_days = days_per_year / report.days,
                             .years_of_periods = periods_per_year / report.periods},
                            progress_);
    }

    static void add_sizes(const SizesOfScenario& chosen, ScenarioOutcome& outcome) {
        outcome.sizes = chosen.sizes;
        outcome.gap = std::max(outcome.gap, chosen.gap);
        for (const auto& size : chosen.sizes) {
            outcome.investment += size.investment;
            outcome.annuity_per_year += size.annuity;
        }
    }

    void set_year(ScenarioOutcome& outcome, const std::string& grid, const WhatIfReport& report) const {
        const auto per_period = costs_per_period(session_.plant(), grid);
        double year = 0;
        for (const auto& cost : outcome.costs)
            year += cost.after *
                    (per_period.contains(cost.id) ? periods_per_year / report.periods : days_per_year / report.days);
        outcome.cost_per_year = Money(year);
    }

    /// One span per billing period that the days touch.
    [[nodiscard]] std::vector<PlanChoice> periods() const {
        std::vector<PlanChoice> spans;
        const auto& zone = session_.plant().time_zone;
        for (auto day = choice_.from; day <= choice_.to;) {
            const auto end_of_day = zone.start_of_day(add_days(day, 1));  // its day may start later than midnight
            const auto period = tariff::billing_period_at(contract_, zone, end_of_day - minutes(1));
            const auto next = std::min(zone.day_of(period.end), add_days(choice_.to, 1));
            spans.push_back(
                {.grid = choice_.grid, .from = day, .days = days_between(day, next), .foresight = Foresight::perfect});
            day = next;
        }
        return spans;
    }

    Result<std::vector<plan::Plan>> plans_of(const std::string& scenario) {
        LOADSTAR_TRY(const auto connection, billed_connection(session_.plant(), choice_.grid));
        contract_ = connection.contract;
        std::vector<plan::Plan> plans;
        for (const auto& period : periods()) {
            progress_.report(scenario, days_between(choice_.from, *period.from),
                             days_between(choice_.from, choice_.to) + 1);
            NoProgress quiet;
            LOADSTAR_TRY(auto report, plan_days(session_, period, quiet));
            if (progress_.cancelled()) return Error{.code = ErrorCode::cancelled, .message = "the study was cancelled"};
            if (report.plan.import_kw.empty()) {
                return Error{.code = ErrorCode::invalid_input,
                             .message = fmt::format("there is no plan from {} on: {}",
                                                    loadstar::to_string(*period.from), report.plan.explanation.en),
                             .where = "scenario " + scenario};
            }
            plans.push_back(std::move(report.plan));
        }
        return plans;
    }

    Session& session_;
    const WhatIfChoice& choice_;
    Progress& progress_;
    const Plant as_it_is_;
    Contract contract_;  ///< of the plant that is being planned
};

nlohmann::json json_of(const ScenarioOutcome& outcome) {
    nlohmann::json json{{"id", outcome.id},
                        {"name", to_json(outcome.name)},
                        {"investment", outcome.investment.value()},
                        {"cost", outcome.cost},
                        {"cost_per_year", outcome.cost_per_year.value()},
                        {"costs", nlohmann::json::array()},
                        {"imported_kwh", outcome.imported.value()},
                        {"exported_kwh", outcome.exported.value()},
                        {"peak_kw", outcome.peak.value()},
                        {"gap", outcome.gap}};
    for (const auto& cost : outcome.costs)
        json["costs"].push_back({{"id", cost.id}, {"label", to_json(cost.label)}, {"amount", cost.after}});
    json["carbon_kg"] = outcome.carbon ? nlohmann::json(outcome.carbon->value()) : nlohmann::json();
    if (outcome.saved_per_year) json["saved_per_year"] = outcome.saved_per_year->value();
    if (outcome.saved_per_year)
        json["payback_years"] = outcome.payback_years ? nlohmann::json(*outcome.payback_years) : nlohmann::json();
    if (outcome.sizes.empty()) return json;
    json["annuity_per_year"] = outcome.annuity_per_year.value();
    json["sizes"] = nlohmann::json::array();
    for (const auto& size : outcome.sizes) json["sizes"].push_back(to_json(size));
    return json;
}

}  // namespace

Result<WhatIfReport> what_if(Session& session, const WhatIfChoice& choice, Progress& progress) {
    if (choice.to < choice.from) {
        return Error{.code = ErrorCode::invalid_argument,
                     .message = fmt::format("the last day {} lies before the first, {}", loadstar::to_string(choice.to),
                                            loadstar::to_string(choice.from))};
    }
    return Study(session, choice, progress).run();
}

nlohmann::json to_json(const WhatIfReport& report) {
    nlohmann::json json{{"schema", "loadstar.what_if/1"},       {"plant", report.plant},
                        {"currency", report.currency},          {"from", loadstar::to_string(report.from)},
                        {"to", loadstar::to_string(report.to)}, {"days", report.days},
                        {"billing_periods", report.periods},    {"outcomes", nlohmann::json::array()}};
    for (const auto& outcome : report.outcomes) json["outcomes"].push_back(json_of(outcome));
    return json;
}

}  // namespace loadstar::service
