#include "forecast/blend.hpp"

#include <algorithm>
#include <cmath>

#include "forecast/simplex.hpp"

namespace loadstar::forecast {
namespace {

constexpr int buckets = 4;
constexpr int most_slots = 3000;           // of a sample: enough to tell weights, more only takes time
constexpr double cost_of_straying = 0.01;  // per nat of divergence from the weights before, in mean outcomes

/// Outcomes and what each member had said.
struct Sample {
    std::vector<double> outcomes{};   ///< [slot]
    std::vector<double> quantiles{};  ///< [slot][level][member]
};

std::vector<Sample> samples_of(const std::vector<Member>& members, const features::DayGrid& grid, DaySpan days) {
    std::vector<Sample> samples(buckets);
    const int slots = grid.slots();
    const int stride = std::max(1, (days.to - days.from) * slots / most_slots);
    int at = 0;
    for (int day = days.from; day < days.to; ++day) {
        for (int slot = 0; slot < slots; ++slot, ++at) {
            const features::Cell cell{.day = day, .slot = slot};
            if (at % stride != day % stride || !grid.measured(cell)) continue;
            auto& sample = samples[static_cast<std::size_t>(slot * buckets / slots)];
            sample.outcomes.push_back(grid.value(cell));
            for (std::size_t level = 0; level < levels.size(); ++level) {
                for (const auto& member : members) {
                    sample.quantiles.push_back(member.record.at(day)[static_cast<std::size_t>(slot)][level]);
                }
            }
        }
    }
    return samples;
}

/// Adds the pinball loss over a sample.
void add(WeighedLoss& loss, const Sample& sample, const Weights& weights) {
    const double* quantile = sample.quantiles.data();
    for (const double outcome : sample.outcomes) {
        for (const double level : levels) {
            double mixed = 0;
            for (std::size_t member = 0; member < weights.size(); ++member) mixed += weights[member] * quantile[member];
            loss.value += pinball(outcome, mixed, level);
            const double slope = outcome >= mixed ? -level : 1 - level;
            for (std::size_t member = 0; member < weights.size(); ++member) {
                loss.slope[member] += slope * quantile[member];
            }
            quantile += weights.size();
        }
    }
}

/// The weights with the least loss over samples; returns to `home` where they say little.
Weights descend(const std::vector<const Sample*>& samples, const Weights& home, int steps) {
    double scale = 0;
    for (const auto* sample : samples) {
        for (const double outcome : sample->outcomes) scale += std::abs(outcome) * level_count;
    }
    const auto pinball_loss = [&](const Weights& weights) {
        WeighedLoss loss{.slope = Weights(weights.size(), 0.0)};
        for (const auto* sample : samples) add(loss, *sample, weights);
        return loss;
    };
    return least_on_simplex(pinball_loss, home, {.cost_of_straying = cost_of_straying * scale, .steps = steps});
}

Weights home_of(const std::vector<Member>& members) {
    double sum = 0;
    for (const auto& member : members) sum += member.share;
    Weights home;
    for (const auto& member : members) home.push_back(member.share / sum);
    return home;
}

}  // namespace

BlendWeights fit_blend(const std::vector<Member>& members, const features::DayGrid& grid, DaySpan days) {
    constexpr int steps = 60;
    constexpr int bucket_steps = 20;
    const Weights home = home_of(members);
    BlendWeights weights{.by_bucket = std::vector<Weights>(buckets, home)};
    for (const auto& member : members) {
        days.from = std::max(days.from, member.record.from);
        days.to = std::min(days.to, member.record.to());
    }
    if (days.from >= days.to) return weights;
    const auto samples = samples_of(members, grid, days);
    std::vector<const Sample*> all;
    for (const auto& sample : samples) all.push_back(&sample);
    const auto of_day = descend(all, home, steps);
    for (std::size_t bucket = 0; bucket < samples.size(); ++bucket) {
        weights.by_bucket[bucket] = descend({&samples[bucket]}, of_day, bucket_steps);
    }
    return weights;
}

DayQuantiles blend(const std::vector<Member>& members, const BlendWeights& weights, int day) {
    const auto slots = members.front().record.at(day).size();
    DayQuantiles mixed(slots);
    for (std::size_t slot = 0; slot < slots; ++slot) {
        mixed[slot].fill(0);
        const auto& bucket = weights.by_bucket[slot * weights.by_bucket.size() / slots];
        for (std::size_t member = 0; member < members.size(); ++member) {
            const auto& quantiles = members[member].record.at(day)[slot];
            for (std::size_t level = 0; level < levels.size(); ++level) {
                mixed[slot][level] += bucket[member] * quantiles[level];
            }
        }
    }
    return mixed;
}

}  // namespace loadstar::forecast
