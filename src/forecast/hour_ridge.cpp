#include <nlohmann/json.hpp>

#include "forecast/ridge_choice.hpp"

namespace loadstar::forecast {
namespace {

constexpr int hours_per_day = 24;
constexpr int weekdays = 7;
constexpr int day_types = 3;

class HourRidge final : public PointMethod {
  public:
    explicit HourRidge(Memory memory) : memory_(memory) {}
    [[nodiscard]] std::string name() const override {
        return memory_.half_life_days ? "ridge_hour_recent" : "ridge_hour";
    }
    void fit(FeatureTable& table, int end) override;
    [[nodiscard]] bool ready(const FeatureTable& table, int day) const override {
        return !models_.empty() && day >= table.first_day();
    }
    [[nodiscard]] DayPoints predict(FeatureTable& table, int day) const override;
    [[nodiscard]] nlohmann::json state() const override;
    void restore(const nlohmann::json& state) override;

  private:
    [[nodiscard]] std::vector<RidgeProblem> problems(FeatureTable& table, int end) const;
    Memory memory_;
    std::vector<LinearModel> models_;  ///< [hour]
};

int slots_per_hour(const features::DayGrid& grid) { return std::max(1, grid.slots() / hours_per_day); }

/// Features, and dummies for what is no quantity.  @return [slot][input]
Eigen::MatrixXd inputs_of(FeatureTable& table, int day) {
    const auto& rows = table.day(day);
    const auto width = static_cast<Eigen::Index>(rows.width());
    const auto count = static_cast<Eigen::Index>(rows.rows());
    Eigen::MatrixXd inputs = Eigen::MatrixXd::Zero(count, width + weekdays + day_types);
    inputs.leftCols(width) = Eigen::Map<const Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>>(
        rows.row(0), count, width);
    inputs.col(width + table.grid().weekday(day)).setOnes();
    inputs.col(width + weekdays + static_cast<int>(table.grid().day_type(day))).setOnes();
    return inputs;
}

std::vector<RidgeProblem> HourRidge::problems(FeatureTable& table, int end) const {
    const auto& grid = table.grid();
    const int per_hour = slots_per_hour(grid);
    const int first = table.first_day();
    const int rows = (end - first) * per_hour;
    std::vector<RidgeProblem> problems(static_cast<std::size_t>(grid.slots() / per_hour),
                                       {.x = {}, .y = Eigen::MatrixXd(rows, 1), .weights = Eigen::VectorXd(rows)});
    for (int day = first; day < end; ++day) {
        const auto base = like_days(table.seen(day), day);
        const auto inputs = inputs_of(table, day);
        const double weight = weight_of_age(end - 1 - day, memory_);
        for (int slot = 0; slot < grid.slots(); ++slot) {
            auto& problem = problems[static_cast<std::size_t>(slot / per_hour)];
            const int row = (day - first) * per_hour + slot % per_hour;
            const features::Cell cell{.day = day, .slot = slot};
            if (problem.x.size() == 0) problem.x.resize(rows, inputs.cols());
            problem.x.row(row) = inputs.row(slot);
            problem.y(row, 0) = grid.value(cell) - base[static_cast<std::size_t>(slot)];
            problem.weights(row) = grid.measured(cell) ? weight : 0;
        }
    }
    return problems;
}

void HourRidge::fit(FeatureTable& table, int end) {
    models_.clear();
    if (end - table.first_day() < fewest_ridge_days) return;
    const auto hours = problems(table, end);
    PenaltyErrors errors{};
    for (const auto& hour : hours) {
        if (hour.weights.sum() <= 0) return;
        const auto of_hour = held_out_errors(hour);
        for (std::size_t at = 0; at < errors.size(); ++at) errors[at] += of_hour[at];
    }
    const auto choice = best_penalty(errors);
    for (const auto& hour : hours) models_.push_back(RidgePath(hour.x, hour.y, hour.weights).at(choice.penalty));
}

DayPoints HourRidge::predict(FeatureTable& table, int day) const {
    auto points = like_days(table.seen(day), day);
    const auto inputs = inputs_of(table, day);
    const int per_hour = slots_per_hour(table.grid());
    for (std::size_t hour = 0; hour < models_.size(); ++hour) {
        const auto first = static_cast<Eigen::Index>(hour) * per_hour;
        const Eigen::MatrixXd departures = models_[hour].predict(inputs.middleRows(first, per_hour));
        for (int slot = 0; slot < per_hour; ++slot) {
            points[hour * static_cast<std::size_t>(per_hour) + static_cast<std::size_t>(slot)] += departures(slot, 0);
        }
    }
    return points;
}

nlohmann::json HourRidge::state() const {
    auto state = nlohmann::json::array();
    for (const auto& model : models_) state.push_back(stored(model));
    return state;
}

void HourRidge::restore(const nlohmann::json& state) {
    models_.clear();
    for (const auto& model : state) models_.push_back(linear_model_of(model));
}

}  // namespace

std::unique_ptr<PointMethod> make_hour_ridge(Memory memory) { return std::make_unique<HourRidge>(memory); }

}  // namespace loadstar::forecast
