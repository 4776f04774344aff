#include "forecast/tree_quantiles.hpp"

#include <algorithm>
#include <stdexcept>

#include <nlohmann/json.hpp>

namespace loadstar::forecast {
namespace {

constexpr int fewest_training_days = 28;
/// Every second level has a model; those between are their neighbours' mean, at no cost in accuracy that was seen.
constexpr std::size_t level_stride = 2;

double base_at(const DayPoints* base, std::size_t slot) { return base != nullptr ? (*base)[slot] : 0; }

std::size_t columns_of(FeatureTable& table, int day, const DayPoints* base) {
    return table.day(day).width() + (base != nullptr ? 1 : 0);
}

/// Appends the inputs of one slot.
void append_row(std::vector<double>& values, const features::FeatureRows& rows, const DayPoints* base,
                std::size_t slot) {
    const double level = base_at(base, slot);
    for (std::size_t at = 0; at < rows.width(); ++at) {
        values.push_back(rows.row(slot)[at] - (rows.is_level[at] ? level : 0));
    }
    if (base != nullptr) values.push_back(level);
}

struct TrainingRows {
    std::vector<double> values{};   ///< [row][column]
    std::vector<double> targets{};  ///< [row]
};

TrainingRows rows_before(FeatureTable& table, const PointRecord* base, int first, int end) {
    TrainingRows training;
    for (int day = first; day < end; ++day) {
        const auto& rows = table.day(day);
        const DayPoints* points = base != nullptr ? &base->at(day) : nullptr;
        for (std::size_t slot = 0; slot < rows.rows(); ++slot) {
            const features::Cell cell{.day = day, .slot = static_cast<int>(slot)};
            if (!table.grid().measured(cell)) continue;
            append_row(training.values, rows, points, slot);
            training.targets.push_back(table.grid().value(cell) - base_at(points, slot));
        }
    }
    return training;
}

/// Fills the levels without a model, and moves all by the base.
void complete(std::array<double, level_count>& quantiles, double base) {
    for (std::size_t level = 1; level + 1 < quantiles.size(); level += level_stride) {
        quantiles[level] = (quantiles[level - 1] + quantiles[level + 1]) / 2;
    }
    for (auto& value : quantiles) value += base;
}

}  // namespace

Result<void> TreeQuantiles::fit(FeatureTable& table, const PointRecord* base, int end) {
    models_.clear();
    const int first = std::max(table.first_day(), base != nullptr ? base->from : 0);
    const auto training = rows_before(table, base, first, end);
    if (training.targets.size() < static_cast<std::size_t>(fewest_training_days * table.grid().slots())) return {};
    const auto columns = columns_of(table, first, base != nullptr ? &base->at(first) : nullptr);
    LOADSTAR_TRY(const auto data, TreeData::make(training.values, columns));
    for (std::size_t level = 0; level < levels.size(); level += level_stride) {
        LOADSTAR_TRY(auto model, BoostedTrees::fit(data, training.targets, {.level = levels[level]}, settings_));
        models_.push_back(std::move(model));
    }
    return {};
}

QuantileRecord TreeQuantiles::predict(FeatureTable& table, const PointRecord* base, DaySpan days) const {
    QuantileRecord record{.from = days.from};
    if (days.from >= days.to) return record;
    const auto points = [&](int day) { return base != nullptr ? &base->at(day) : nullptr; };
    const auto slots = static_cast<std::size_t>(table.grid().slots());
    std::vector<double> values;
    for (int day = days.from; day < days.to; ++day) {
        for (std::size_t slot = 0; slot < slots; ++slot) append_row(values, table.day(day), points(day), slot);
    }
    record.days.assign(static_cast<std::size_t>(days.to - days.from), DayQuantiles(slots));
    const auto columns = columns_of(table, days.from, points(days.from));
    for (std::size_t model = 0; model < models_.size(); ++model) {
        const auto predicted = models_[model].predict(values, columns);
        for (std::size_t row = 0; row < predicted.size(); ++row) {
            record.days[row / slots][row % slots][model * level_stride] = predicted[row];
        }
    }
    for (int day = days.from; day < days.to; ++day) {
        auto& quantiles = record.days[static_cast<std::size_t>(day - days.from)];
        for (std::size_t slot = 0; slot < slots; ++slot) complete(quantiles[slot], base_at(points(day), slot));
        make_proper(quantiles, table.grid());
    }
    return record;
}

nlohmann::json TreeQuantiles::state() const {
    auto state = nlohmann::json::array();
    for (const auto& model : models_) state.push_back(model.text());
    return state;
}

void TreeQuantiles::restore(const nlohmann::json& state) {
    models_.clear();
    for (const auto& text : state) {
        auto model = BoostedTrees::parse(text.get<std::string>());
        if (!model) throw std::invalid_argument(model.error().message);
        models_.push_back(*std::move(model));
    }
}

}  // namespace loadstar::forecast
