// The interior point method against the simplex method on random plants: stores, converters, peaks, limits of a day,
// capacities. Same objective; feasible; duals that prove it.
#include "solver/interior_point.hpp"

#include <algorithm>
#include <cmath>
#include <random>

#include <gtest/gtest.h>

#include "solver/solve.hpp"

namespace loadstar::solver {
namespace {

class RandomPlant {
  public:
    explicit RandomPlant(unsigned seed) : random_(seed), limit_(problem_.limit({"limit", "限值"})) {
        slots_ = whole(2, 120);
        const bool asset_by_asset = chance(0.5);  // as plans are written; else all of a slot together
        add_grid();
        for (int k = whole(0, 2); k > 0; --k) add_store();
        for (int k = whole(0, 2); k > 0; --k) add_converter();
        if (chance(0.5)) add_peak();
        if (chance(0.5)) add_days();
        if (chance(0.3)) add_capacity();
        if (chance(0.3)) add_open_column();
        if (!asset_by_asset) std::shuffle(rows_.begin(), rows_.end(), random_);
        for (int slot = 0; slot < slots_; ++slot) {
            const double load = chance(0.05) ? 0 : real(0, 100);
            balance_[static_cast<std::size_t>(slot)].lower = load;
            balance_[static_cast<std::size_t>(slot)].upper = chance(0.2) ? load + real(0, 10) : load;
            rows_.push_back(balance_[static_cast<std::size_t>(slot)]);
        }
        for (const auto& row : rows_) {
            for (const auto entry : row.entries) problem_.add_entry(entry);
            problem_.end_row(row.lower, row.upper, {limit_, row.slot});
        }
    }
    [[nodiscard]] const Problem& problem() const { return problem_; }
    /// Columns that are taken for last resorts, cheap ones and indispensable ones among them.
    void mark_any() {
        const double share = real(0, 0.4);
        for (std::size_t j = 0; j < problem_.cost.size(); ++j)
            if (problem_.column_lower[j] > -infinity && chance(share))
                problem_.last_resort(Variable<Power>{static_cast<std::int32_t>(j)});
    }

  private:
    struct Row {
        std::vector<Entry> entries;
        double lower, upper;
        int slot;
    };

    double real(double low, double high) { return std::uniform_real_distribution<double>(low, high)(random_); }
    int whole(int low, int high) { return std::uniform_int_distribution<int>(low, high)(random_); }
    bool chance(double share) { return real(0, 1) < share; }
    std::int32_t column(double lower, double upper, double cost) {
        return problem_.variable(Power(lower), Power(upper), PowerPrice(cost)).column;
    }
    void feed(int slot, std::int32_t column, double share) {
        balance_[static_cast<std::size_t>(slot)].entries.push_back({column, share});
    }
    /// Import and export; a price level holds for several slots, so that plans tie.
    void add_grid() {
        double price = 1;
        const bool exports = chance(0.5);
        for (int slot = 0; slot < slots_; ++slot) {
            if (chance(0.3)) price = chance(0.1) ? 0 : 0.1 * whole(1, 10);
            balance_.push_back({{}, 0, 0, slot});
            imports_.push_back(column(0, 1000, price));
            feed(slot, imports_.back(), 1);
            if (exports) feed(slot, column(0, chance(0.5) ? 50 : infinity, 0.05 - price), -1);
        }
    }
    void add_store() {
        const double size = real(10, 300);
        const double keep = chance(0.5) ? 1 : 0.999;
        const double efficiency = chance(0.2) ? 1 : real(0.8, 0.99);
        const double start = real(0, size);
        std::int32_t before = 0;
        for (int slot = 0; slot < slots_; ++slot) {
            const auto charge = column(0, size / 2, 0);
            const auto discharge = column(0, size / 2, chance(0.5) ? 0.005 : 0);
            const bool last = slot + 1 == slots_;
            const auto level = column(last ? std::min(start, size * 0.4) * 0.9 : 0, size, 0);
            Row row{{{level, 1}, {charge, -efficiency}, {discharge, 1 / efficiency}}, 0, 0, slot};
            if (slot == 0) row.lower = row.upper = keep * start;
            if (slot > 0) row.entries.push_back({before, -keep});
            rows_.push_back(row);
            feed(slot, charge, -1);
            feed(slot, discharge, 1);
            before = level;
        }
    }
    void add_converter() {
        const double size = real(1, 40);
        for (int slot = 0; slot < slots_; ++slot) {
            const auto power = column(chance(0.1) ? size : 0, size, real(0.2, 0.9));
            feed(slot, power, 1);
            converters_.push_back({slot, power});
        }
    }
    void add_peak() {
        const int length = whole(1, slots_);
        std::int32_t peak = 0;
        for (int slot = 0; slot < slots_; ++slot) {
            if (slot % length == 0) peak = column(chance(0.3) ? 60 : 0, infinity, real(0.5, 8));
            rows_.push_back({{{imports_[static_cast<std::size_t>(slot)], 1}, {peak, -1}}, -infinity, 0, slot});
        }
    }
    void add_days() {
        const int length = whole(2, 60);
        for (int first = 0; first < slots_; first += length) {
            const int end = std::min(slots_, first + length);
            const auto unserved = column(0, infinity, 5);
            Row row{{{unserved, 1}}, real(10, 200), infinity, first / length};
            for (int slot = first; slot < end; ++slot) {
                const auto power = column(0, 20, 0);
                row.entries.push_back({power, 1});
                feed(slot, power, -1);
            }
            rows_.push_back(row);
        }
    }
    void add_capacity() {
        const auto size = column(0, chance(0.5) ? 80 : infinity, real(0.1, 5));
        for (const auto& [slot, power] : converters_) rows_.push_back({{{power, 1}, {size, -1}}, -infinity, 60, slot});
        rows_.push_back({{{size, 1}}, -infinity, 200, 0});
    }
    /// The net of what is imported, as a column without bounds.
    void add_open_column() {
        for (int slot = 0; slot < slots_; ++slot) {
            const auto net = column(-infinity, infinity, 0.01);
            rows_.push_back({{{net, 1}, {imports_[static_cast<std::size_t>(slot)], -1}}, -5, -5, slot});
        }
    }

    std::mt19937 random_;
    Problem problem_;
    std::int32_t limit_;
    int slots_ = 0;
    std::vector<std::int32_t> imports_;
    std::vector<Row> balance_, rows_;
    std::vector<std::pair<int, std::int32_t>> converters_;
};

/// Value of each row at the values found.   [row]
std::vector<double> row_values(const Problem& problem, const std::vector<double>& values) {
    std::vector<double> sums(problem.row_lower.size());
    for (std::size_t i = 0; i < sums.size(); ++i)
        for (auto k = static_cast<std::size_t>(problem.row_start[i]);
             k < static_cast<std::size_t>(problem.row_start[i + 1]); ++k)
            sums[i] += problem.row_values[k] * values[static_cast<std::size_t>(problem.row_columns[k])];
    return sums;
}

/// A positive dual holds only at the lower side, a negative one at the upper.
void expect_slackness(double dual, double lower, double now, double upper) {
    const double size = std::max(1.0, std::abs(now));
    if (dual > 1e-6) {
        EXPECT_NEAR(now, lower, 1e-5 * size) << "dual " << dual;
    }
    if (dual < -1e-6) {
        EXPECT_NEAR(now, upper, 1e-5 * size) << "dual " << dual;
    }
}

void expect_feasible_and_proven(const Problem& problem, const InteriorPointResult& found) {
    for (std::size_t j = 0; j < problem.cost.size(); ++j) {
        EXPECT_GE(found.values[j], problem.column_lower[j]);
        EXPECT_LE(found.values[j], problem.column_upper[j]);
        expect_slackness(found.column_duals[j], problem.column_lower[j], found.values[j], problem.column_upper[j]);
    }
    const auto sums = row_values(problem, found.values);
    for (std::size_t i = 0; i < sums.size(); ++i) {
        const double slack = 1e-7 * std::max(1.0, std::abs(sums[i]));
        EXPECT_GE(sums[i], problem.row_lower[i] - slack);
        EXPECT_LE(sums[i], problem.row_upper[i] + slack);
        expect_slackness(found.row_duals[i], problem.row_lower[i], sums[i], problem.row_upper[i]);
    }
}

/// @return how many had an optimum
int agrees_with_simplex(unsigned seeds, bool with_last_resorts) {
    NoProgress progress;
    int solved = 0;
    for (unsigned seed = 0; seed < seeds; ++seed) {
        SCOPED_TRACE(testing::Message() << "seed " << seed);
        RandomPlant plant(seed);
        if (with_last_resorts) plant.mark_any();
        const auto exact = solve(plant.problem(), {.choice = Choice::simplex}, progress);
        if (!exact) return -1;
        const auto found = interior_point(plant.problem(), {}, progress);
        if (exact->status != Status::optimal) {
            EXPECT_NE(found.end, InteriorPointEnd::converged);
            continue;
        }
        ++solved;
        EXPECT_EQ(found.end, InteriorPointEnd::converged);
        if (found.values.empty()) break;
        EXPECT_NEAR(found.objective, exact->objective, 1e-8 * std::max(1.0, std::abs(exact->objective)));
        EXPECT_LE(found.gap, 1e-8);
        expect_feasible_and_proven(plant.problem(), found);
        if (testing::Test::HasFailure()) break;
    }
    return solved;
}

TEST(InteriorPoint, AgreesWithSimplexOnRandomPlants) { EXPECT_GT(agrees_with_simplex(1000, false), 700); }

TEST(InteriorPoint, FindsTheSameWhateverCountsAsALastResort) { EXPECT_GT(agrees_with_simplex(600, true), 400); }

TEST(InteriorPoint, GivesTheSameBitsAgain) {
    NoProgress progress;
    const RandomPlant plant(11);
    const auto once = interior_point(plant.problem(), {}, progress);
    const auto again = interior_point(plant.problem(), {}, progress);
    ASSERT_EQ(once.end, InteriorPointEnd::converged);
    EXPECT_EQ(once.values, again.values);
    EXPECT_EQ(once.row_duals, again.row_duals);
}

}  // namespace
}  // namespace loadstar::solver
