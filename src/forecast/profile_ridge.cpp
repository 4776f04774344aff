#include <nlohmann/json.hpp>

#include "features/covariate_features.hpp"
#include "forecast/ridge_choice.hpp"

namespace loadstar::forecast {
namespace {

constexpr int hours_per_day = 24;
constexpr int week = 7;
constexpr int first_day = 15;  // of history behind the first training day

/// Appends the means over the hours of the first `known` slots of a profile.
void add_hours(std::vector<double>& inputs, const DayPoints& profile, int known) {
    const int per_hour = std::max(1, static_cast<int>(profile.size()) / hours_per_day);
    for (int slot = 0; slot + per_hour <= known; slot += per_hour) {
        double sum = 0;
        for (int at = slot; at < slot + per_hour; ++at) sum += profile[static_cast<std::size_t>(at)];
        inputs.push_back(sum / per_hour);
    }
}

void add_calendar(std::vector<double>& inputs, const features::DayGrid& grid, int day) {
    for (int weekday = 0; weekday < week; ++weekday) inputs.push_back(grid.weekday(day) == weekday ? 1 : 0);
    for (const int neighbour : {day - 1, day, day + 1}) {
        for (const auto type : {DayType::working, DayType::saturday, DayType::rest}) {
            inputs.push_back(grid.day_type(neighbour) == type ? 1 : 0);
        }
    }
}

double mean_level(const features::Seen& seen, int from, int to) {
    double sum = 0;
    for (int day = from; day < to; ++day) sum += row_of(features::mean_profile(seen, {day})).mean();
    return sum / (to - from);
}

std::vector<double> inputs_of(const features::Seen& seen, int day) {
    const int slots = seen.grid().slots();
    const int last = seen.whole_days() - 1;
    std::vector<double> inputs;
    add_hours(inputs, like_days(seen, day), slots);
    DayPoints today(static_cast<std::size_t>(slots), 0.0);
    for (int slot = 0; slot < seen.end().slot; ++slot) {
        today[static_cast<std::size_t>(slot)] = seen.value(seen.end().day, slot);
    }
    add_hours(inputs, today, seen.end().slot);
    add_hours(inputs, features::mean_profile(seen, {last}), slots);
    int week_before = day - week;
    while (week_before > last) week_before -= week;
    add_hours(inputs, features::mean_profile(seen, {week_before}), slots);
    add_calendar(inputs, seen.grid(), day);
    inputs.push_back(mean_level(seen, last - week + 1, last + 1));
    for (std::size_t which = 0; which < seen.grid().covariates().size(); ++which) {
        if (seen.grid().covariates()[which].reach() != features::Reach::ahead) continue;
        add_hours(inputs, features::departure_from_alike(seen, which, day), slots);
    }
    return inputs;
}

class ProfileRidge final : public PointMethod {
  public:
    explicit ProfileRidge(Memory memory) : memory_(memory) {}
    [[nodiscard]] std::string name() const override { return memory_.half_life_days ? "ridge_recent" : "ridge"; }
    void fit(FeatureTable& table, int end) override;
    [[nodiscard]] bool ready(const FeatureTable& table, int day) const override {
        return model_ && table.seen(day).whole_days() >= first_day;
    }
    [[nodiscard]] DayPoints predict(FeatureTable& table, int day) const override;
    [[nodiscard]] nlohmann::json state() const override;
    void restore(const nlohmann::json& state) override;

  private:
    void choose(const RidgeProblem& as_it_is, const RidgeProblem& departure);
    Memory memory_;
    std::optional<LinearModel> model_;
    bool departs_ = false;  ///< predicts the departure from like days
};

void ProfileRidge::fit(FeatureTable& table, int end) {
    const auto& grid = table.grid();
    const int first = first_day + table.rule().lead;
    const int rows = end - first;
    model_.reset();
    if (rows < fewest_ridge_days) return;
    RidgeProblem as_it_is{.x = {}, .y = Eigen::MatrixXd(rows, grid.slots()), .weights = Eigen::VectorXd(rows)};
    RidgeProblem departure = as_it_is;
    const features::Seen outcomes(grid, {.day = end, .slot = 0});
    for (int row = 0; row < rows; ++row) {
        const int day = first + row;
        const auto then = table.seen(day);
        const auto inputs = row_of(inputs_of(then, day));
        if (row == 0) as_it_is.x.resize(rows, inputs.size());
        as_it_is.x.row(row) = inputs;
        as_it_is.y.row(row) = row_of(features::mean_profile(outcomes, {day}));
        departure.y.row(row) = as_it_is.y.row(row) - row_of(like_days(then, day));
        constexpr double enough = 0.5;
        as_it_is.weights(row) = measured_share(grid, day) >= enough ? weight_of_age(rows - 1 - row, memory_) : 0;
    }
    if (as_it_is.weights.sum() <= 0) return;
    departure.x = as_it_is.x;
    departure.weights = as_it_is.weights;
    choose(as_it_is, departure);
}

void ProfileRidge::choose(const RidgeProblem& as_it_is, const RidgeProblem& departure) {
    const auto plain = best_penalty(held_out_errors(as_it_is));
    const auto departing = best_penalty(held_out_errors(departure));
    departs_ = departing.error < plain.error;
    const auto& problem = departs_ ? departure : as_it_is;
    model_ = RidgePath(problem.x, problem.y, problem.weights).at(departs_ ? departing.penalty : plain.penalty);
}

DayPoints ProfileRidge::predict(FeatureTable& table, int day) const {
    const auto seen = table.seen(day);
    Eigen::RowVectorXd points = model_->predict(row_of(inputs_of(seen, day)));
    if (departs_) points += row_of(like_days(seen, day));
    return {points.begin(), points.end()};
}

nlohmann::json ProfileRidge::state() const {
    if (!model_) return nullptr;
    return {{"departs", departs_}, {"model", stored(*model_)}};
}

void ProfileRidge::restore(const nlohmann::json& state) {
    model_.reset();
    if (state.is_null()) return;
    departs_ = state.at("departs").get<bool>();
    model_ = linear_model_of(state.at("model"));
}

}  // namespace

std::unique_ptr<PointMethod> make_profile_ridge(Memory memory) { return std::make_unique<ProfileRidge>(memory); }

}  // namespace loadstar::forecast
