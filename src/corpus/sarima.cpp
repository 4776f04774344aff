// Autoregressive and moving-average processes with seasons.
#include <algorithm>
#include <complex>
#include <numbers>

#include "corpus/noise.hpp"
#include "corpus/process.hpp"

namespace loadstar::corpus {
namespace {

constexpr double turn = 2 * std::numbers::pi;

/// Multiplies a polynomial in the lag, lowest power first, by (1 - a·B) or (1 - a·B - b·B²).
Values times(const Values& polynomial, double a, double b) {
    Values product(polynomial.size() + (b == 0 ? 1 : 2), 0.0);
    for (std::size_t i = 0; i < polynomial.size(); ++i) {
        product[i] += polynomial[i];
        product[i + 1] -= a * polynomial[i];
        if (b != 0) product[i + 2] -= b * polynomial[i];
    }
    return product;
}

/// A polynomial whose poles lie inside the unit circle; the constant term is 1.
Values draw_stable(Random& random, double period) {
    Values polynomial{1};
    const int factors = random.integer(0, 2);
    for (int i = 0; i < factors; ++i) {
        const double radius = 1 - random.log_uniform(0.005, 0.6);
        if (random.chance(0.5)) {
            polynomial = times(polynomial, radius * (random.chance(0.85) ? 1 : -1), 0);
        } else {
            const double angle = random.chance(0.5) ? turn / period : random.log_uniform(0.01, 3);
            polynomial = times(polynomial, 2 * radius * std::cos(angle), -radius * radius);
        }
    }
    return polynomial;
}

struct Recursion {
    Values past;    ///< [lag] weights of earlier values, from lag 1
    Values shocks;  ///< [lag] weights of earlier shocks, from lag 1
    std::size_t season = 0;
    double seasonal = 0;        ///< weight of the value one season earlier
    double seasonal_shock = 0;  ///< weight of the shock one season earlier
};

Recursion draw_recursion(Random& random, const Clock& clock, int points) {
    Recursion recursion;
    const double period = draw_period(random, clock, points / 2);
    const auto poles = draw_stable(random, period);
    for (std::size_t i = 1; i < poles.size(); ++i) recursion.past.push_back(-poles[i]);
    const auto zeros = random.chance(0.5) ? draw_stable(random, period) : Values{1};
    recursion.shocks.assign(zeros.begin() + 1, zeros.end());
    if (random.chance(0.75)) {
        recursion.season = static_cast<std::size_t>(std::lround(period));
        recursion.seasonal = 1 - random.log_uniform(0.002, 0.5);
        recursion.seasonal_shock = random.chance(0.5) ? -random.uniform(0, 0.9) * recursion.seasonal : 0;
    }
    return recursion;
}

/// Runs (1 - Φ·B^s) and the polynomials one after the other, each over the whole row.
void run(Random& random, const Recursion& recursion, Row row) {
    Noise noise(random);
    for (auto& value : row) value = noise.next(random);
    const Values shocks(row.begin(), row.end());
    const auto season = recursion.season;
    for (std::size_t t = 0; t < row.size(); ++t) {
        double value = row[t];
        for (std::size_t lag = 1; lag <= std::min(t, recursion.shocks.size()); ++lag) {
            value += recursion.shocks[lag - 1] * shocks[t - lag];
        }
        if (season > 0 && t >= season) value += recursion.seasonal_shock * shocks[t - season];
        row[t] = value;
    }
    for (std::size_t t = 0; t < row.size(); ++t) {
        for (std::size_t lag = 1; lag <= std::min(t, recursion.past.size()); ++lag) {
            row[t] += recursion.past[lag - 1] * row[t - lag];
        }
    }
    for (std::size_t t = season; season > 0 && t < row.size(); ++t) row[t] += recursion.seasonal * row[t - season];
}

void add_path(Random& random, const Clock& clock, Row row) {
    const auto recursion = draw_recursion(random, clock, static_cast<int>(row.size()));
    const std::size_t warm_up = std::min<std::size_t>(3 * recursion.season + 64, row.size());
    Values path(row.size() + warm_up);
    run(random, recursion, path);
    const Row kept = Row(path).subspan(warm_up);
    standardise(kept);
    add_scaled(row, kept, random.log_uniform(0.3, 1));
}

}  // namespace

void fill_sarima(Random& random, const Clock& clock, Row row) {
    std::ranges::fill(row, 0.0);
    const auto paths = 1 + random.weighted(std::array{55.0, 30.0, 15.0});
    for (std::size_t i = 0; i < paths; ++i) add_path(random, clock, row);
    if (random.chance(0.1)) {  // integrated, on a slope
        double sum = 0;
        const double slope = random.normal(0, 0.05);
        for (auto& value : row) value = sum += value + slope;
    }
    if (random.chance(0.25)) {
        for (auto& value : row) value = std::exp(std::clamp(0.5 * value, -6.0, 4.0));
    }
}

}  // namespace loadstar::corpus
