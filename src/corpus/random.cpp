#include "corpus/random.hpp"

#include <algorithm>
#include <numeric>

namespace loadstar::corpus {
namespace {

constexpr std::size_t layers = 128;
constexpr double tail_start = 3.442619855899;
constexpr double layer_area = 9.91256303526217e-3;

/// Right edges of the layers of equal area under exp(-x²/2), and which part of each lies wholly under the curve.
struct Ziggurat {
    std::array<double, layers + 1> edge{};
    std::array<double, layers> inside{};

    Ziggurat() {
        double height = std::exp(-0.5 * tail_start * tail_start);
        edge[0] = layer_area / height;
        edge[1] = tail_start;
        for (std::size_t i = 2; i < layers; ++i) {
            edge[i] = std::sqrt(-2 * std::log(layer_area / edge[i - 1] + height));
            height = std::exp(-0.5 * edge[i] * edge[i]);
        }
        for (std::size_t i = 0; i < layers; ++i) inside[i] = edge[i + 1] / edge[i];
    }
};

const Ziggurat ziggurat;

std::uint64_t mixed(std::uint64_t value) {
    value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9U;
    value = (value ^ (value >> 27)) * 0x94d049bb133111ebU;
    return value ^ (value >> 31);
}

}  // namespace

Random::Random(std::uint64_t seed) {
    for (auto& word : state_) {
        seed += 0x9e3779b97f4a7c15U;
        word = mixed(seed);
    }
}

Random::Random(std::uint64_t seed, std::uint64_t item, std::uint64_t variant)
    : Random(mixed(mixed(mixed(seed + 1) + item) + variant)) {}

double Random::normal() {
    while (true) {
        const auto drawn = bits();
        const double place = static_cast<double>(drawn >> 11) * 0x1p-52 - 1;
        const auto layer = static_cast<std::size_t>(drawn & (layers - 1));
        if (std::abs(place) < ziggurat.inside[layer]) return place * ziggurat.edge[layer];
        const double rare = rare_normal(layer, place);
        if (!std::isnan(rare)) return rare;
    }
}

// The part of a layer that the curve cuts; NaN when the point lies above the curve.
double Random::rare_normal(std::size_t layer, double place) {
    if (layer == 0) return normal_tail(place);
    const double x = place * ziggurat.edge[layer];
    const double low = std::exp(-0.5 * (ziggurat.edge[layer] * ziggurat.edge[layer] - x * x));
    const double high = std::exp(-0.5 * (ziggurat.edge[layer + 1] * ziggurat.edge[layer + 1] - x * x));
    return high + uniform() * (low - high) < 1 ? x : std::nan("");
}

double Random::normal_tail(double side) {
    while (true) {
        const double x = exponential() / tail_start;
        if (2 * exponential() >= x * x) return std::copysign(tail_start + x, side);
    }
}

double Random::gamma(double shape) {
    if (shape < 1) return gamma(shape + 1) * std::pow(1 - uniform(), 1 / shape);
    const double d = shape - 1.0 / 3;
    const double c = 1 / std::sqrt(9 * d);
    while (true) {
        const double x = normal();
        const double root = 1 + c * x;
        const double v = root * root * root;
        if (v > 0 && std::log(1 - uniform()) < 0.5 * x * x + d * (1 - v + std::log(v))) return d * v;
    }
}

double Random::student(double freedom) {
    return normal() * std::sqrt((freedom - 2) / (2 * std::max(gamma(freedom / 2), 1e-6)));
}

std::size_t Random::weighted(std::span<const double> weights) {
    double left = uniform() * std::accumulate(weights.begin(), weights.end(), 0.0);
    for (std::size_t i = 0; i + 1 < weights.size(); ++i) {
        left -= weights[i];
        if (left < 0) return i;
    }
    return weights.size() - 1;
}

std::vector<double> Random::shares(std::size_t count, double concentration) {
    std::vector<double> parts(count);
    for (auto& part : parts) part = gamma(concentration) + 1e-9;
    const double sum = std::accumulate(parts.begin(), parts.end(), 0.0);
    for (auto& part : parts) part /= sum;
    return parts;
}

}  // namespace loadstar::corpus
