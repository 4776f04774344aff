#include <limits>

#include <nlohmann/json.hpp>

#include "forecast/ridge_choice.hpp"

namespace loadstar::forecast {
namespace {

constexpr int hours_per_day = 24;
constexpr int fewest_days = 7;  // of training: every weekday was seen

/// What a slot is told by. Machines that run by order know no hour, and a few days teach them a wrong one.
enum class Inputs { hours_and_plan, plan };

class PlanRidge final : public PointMethod {
  public:
    explicit PlanRidge(Memory memory) : memory_(memory) {}
    [[nodiscard]] std::string name() const override {
        return memory_.half_life_days ? "ridge_plan_recent" : "ridge_plan";
    }
    void fit(FeatureTable& table, int end) override;
    [[nodiscard]] bool ready(const FeatureTable& /*table*/, int /*day*/) const override { return model_.has_value(); }
    [[nodiscard]] DayPoints predict(FeatureTable& table, int day) const override;
    [[nodiscard]] nlohmann::json state() const override;
    void restore(const nlohmann::json& state) override;

  private:
    [[nodiscard]] RidgeProblem problem(FeatureTable& table, int end, Inputs inputs) const;
    Memory memory_;
    Inputs inputs_ = Inputs::hours_and_plan;
    std::optional<LinearModel> model_;
};

/// A covariate at a cell and beside it, and whether it is there at all: what runs draws something even when it makes
/// little.
void add_covariate(std::vector<double>& inputs, const features::Seen& seen, std::size_t which,
                   const features::Cell& cell) {
    constexpr double unknown = std::numeric_limits<double>::quiet_NaN();
    const auto at = [&](int slots) {
        const auto there = seen.grid().moved(cell, slots);
        return there.day < 0 ? unknown : seen.covariate(which, there.day, there.slot).value_or(unknown);
    };
    const double now = at(0);
    inputs.insert(inputs.end(), {now, now > 0 ? 1.0 : 0 * now, at(-1), at(1)});  // NaN stays NaN
}

/// The hour, apart for working days and others, and every covariate that is known ahead.
std::vector<double> inputs_of(const features::Seen& seen, const features::Cell& cell, Inputs kind) {
    std::vector<double> inputs;
    if (kind == Inputs::hours_and_plan) {
        inputs.assign(2 * hours_per_day, 0.0);
        const int hour = cell.slot * hours_per_day / seen.grid().slots();
        const bool working = seen.grid().day_type(cell.day) == DayType::working;
        inputs[static_cast<std::size_t>(hour + (working ? 0 : hours_per_day))] = 1;
    }
    const auto& covariates = seen.grid().covariates();
    for (std::size_t which = 0; which < covariates.size(); ++which) {
        if (covariates[which].reach() == features::Reach::ahead) add_covariate(inputs, seen, which, cell);
    }
    return inputs;
}

/// @return [slot][input]
Eigen::MatrixXd inputs_of_day(FeatureTable& table, int day, Inputs kind) {
    const auto seen = table.seen(day);
    Eigen::MatrixXd inputs;
    for (int slot = 0; slot < seen.grid().slots(); ++slot) {
        const auto row = row_of(inputs_of(seen, {.day = day, .slot = slot}, kind));
        if (slot == 0) inputs.resize(seen.grid().slots(), row.size());
        inputs.row(slot) = row;
    }
    return inputs;
}

RidgeProblem PlanRidge::problem(FeatureTable& table, int end, Inputs inputs) const {
    const auto& grid = table.grid();
    const int slots = grid.slots();
    RidgeProblem problem{.x = {}, .y = Eigen::MatrixXd(end * slots, 1), .weights = Eigen::VectorXd(end * slots)};
    for (int day = 0; day < end; ++day) {
        const auto rows = inputs_of_day(table, day, inputs);
        if (day == 0) problem.x.resize(end * slots, rows.cols());
        problem.x.middleRows(day * slots, slots) = rows;
        for (int slot = 0; slot < slots; ++slot) {
            const features::Cell cell{.day = day, .slot = slot};
            problem.y(day * slots + slot, 0) = grid.value(cell);
            problem.weights(day * slots + slot) = grid.measured(cell) ? weight_of_age(end - 1 - day, memory_) : 0;
        }
    }
    return problem;
}

void PlanRidge::fit(FeatureTable& table, int end) {
    model_.reset();
    if (end < fewest_days) return;
    constexpr double worth_it = 0.9;  // hours must take that much off the error: the held out days are few
    PenaltyChoice best;
    for (const auto inputs : {Inputs::plan, Inputs::hours_and_plan}) {
        const auto problem = this->problem(table, end, inputs);
        if (problem.x.cols() == 0 || problem.weights.sum() <= 0) continue;
        const auto choice = best_penalty(held_out_errors(problem));
        if (choice.error >= worth_it * best.error) continue;
        best = choice;
        inputs_ = inputs;
        model_ = RidgePath(problem.x, problem.y, problem.weights).at(choice.penalty);
    }
}

DayPoints PlanRidge::predict(FeatureTable& table, int day) const {
    const Eigen::VectorXd points = model_->predict(inputs_of_day(table, day, inputs_)).col(0);
    return {points.data(), points.data() + points.size()};
}

nlohmann::json PlanRidge::state() const {
    if (!model_) return nullptr;
    return {{"hours", inputs_ == Inputs::hours_and_plan}, {"model", stored(*model_)}};
}

void PlanRidge::restore(const nlohmann::json& state) {
    model_.reset();
    if (state.is_null()) return;
    inputs_ = state.at("hours").get<bool>() ? Inputs::hours_and_plan : Inputs::plan;
    model_ = linear_model_of(state.at("model"));
}

}  // namespace

std::unique_ptr<PointMethod> make_plan_ridge(Memory memory) { return std::make_unique<PlanRidge>(memory); }

}  // namespace loadstar::forecast
