#include "gift_eval/stack.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "forecast/simplex.hpp"

namespace loadstar::gift_eval {
namespace {

using forecast::WeighedLoss;
using forecast::Weights;

constexpr std::size_t buckets = 4;
constexpr double cost_of_straying = 0.01;  // per nat of divergence from the weights before, in mean outcomes

std::size_t bucket_of(std::size_t step, std::size_t horizon) { return step * buckets / horizon; }

/// Outcomes of one bucket, and what each member had said.
struct Sample {
    std::vector<double> outcomes{};
    std::vector<double> quantiles{};  ///< [outcome][level][member]
};

std::vector<Sample> samples_of(const Table& table, const std::vector<WindowTask>& tasks,
                               const std::vector<Forecasts>& members) {
    std::vector<Sample> samples(buckets);
    for (std::size_t task = 0; task < tasks.size(); ++task) {
        const auto outcomes = outcomes_of(table, tasks[task]);
        for (std::size_t step = 0; step < outcomes.size(); ++step) {
            auto& sample = samples[bucket_of(step, outcomes.size())];
            sample.outcomes.push_back(outcomes[step]);
            for (std::size_t level = 0; level < forecast::level_count; ++level) {
                for (const auto& member : members) sample.quantiles.push_back(member[task][step][level]);
            }
        }
    }
    return samples;
}

double pinball_of(double outcome, double quantile, double level) {
    return outcome >= quantile ? level * (outcome - quantile) : (1 - level) * (quantile - outcome);
}

/// Adds the pinball loss over a sample, and its slope by weight.
void add(WeighedLoss& loss, const Sample& sample, const Weights& weights) {
    const double* quantile = sample.quantiles.data();
    for (const double outcome : sample.outcomes) {
        for (const double level : forecast::levels) {
            double mixed = 0;
            for (std::size_t member = 0; member < weights.size(); ++member) mixed += weights[member] * quantile[member];
            loss.value += pinball_of(outcome, mixed, level);
            const double slope = outcome >= mixed ? -level : 1 - level;
            for (std::size_t member = 0; member < weights.size(); ++member) {
                loss.slope[member] += slope * quantile[member];
            }
            quantile += weights.size();
        }
    }
}

/// The weights with the least loss over samples; near `home` where they say little.
Weights descend(const std::vector<const Sample*>& samples, const Weights& home) {
    constexpr int steps = 60;
    double scale = 0;
    for (const auto* sample : samples) {
        for (const double outcome : sample->outcomes) scale += std::abs(outcome) * forecast::level_count;
    }
    const auto loss_of = [&](const Weights& weights) {
        WeighedLoss loss{.slope = Weights(weights.size(), 0.0)};
        for (const auto* sample : samples) add(loss, *sample, weights);
        return loss;
    };
    return forecast::least_on_simplex(loss_of, home, {.cost_of_straying = cost_of_straying * scale, .steps = steps});
}

Quantiles spread_by(Quantiles quantiles, double factor) {
    const double median = quantiles[forecast::median_level];
    for (auto& quantile : quantiles) quantile = median + factor * (quantile - median);
    return quantiles;
}

}  // namespace

Rehearsal rehearsal_of(const Config& config, int points, int variates) {
    constexpr double share = 0.2;          // of the past
    constexpr double share_of_few = 0.35;  // where a fifth would be a handful of windows
    constexpr double outcomes = 60000;     // enough to tell weights, more only takes time
    constexpr int few = 200;
    const int length = std::max(static_cast<int>((points < few ? share_of_few : share) * points), 2 * config.horizon);
    const double stride = static_cast<double>(length) * variates * config.horizon / outcomes;
    return {.region = {.begin = points - length, .end = points}, .stride = std::max(1, static_cast<int>(stride))};
}

Stack::Stack(const Table& table, const std::vector<WindowTask>& tasks, const std::vector<Forecasts>& members)
    : weights_(buckets, Weights(members.size(), 1.0 / static_cast<double>(members.size()))), spreads_(buckets, 1.0) {
    weigh(table, tasks, members);
    spread(table, tasks, members);
}

void Stack::weigh(const Table& table, const std::vector<WindowTask>& tasks, const std::vector<Forecasts>& members) {
    const auto samples = samples_of(table, tasks, members);
    std::vector<const Sample*> all;
    for (const auto& sample : samples) all.push_back(&sample);
    const auto of_horizon = descend(all, weights_.front());
    for (std::size_t bucket = 0; bucket < buckets; ++bucket) weights_[bucket] = descend({&samples[bucket]}, of_horizon);
}

void Stack::spread(const Table& table, const std::vector<WindowTask>& tasks, const std::vector<Forecasts>& members) {
    const std::vector<double> factors{0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 1, 1.05, 1.1, 1.15, 1.2, 1.25, 1.3, 1.4, 1.5};
    std::vector<std::vector<double>> losses(buckets, std::vector<double>(factors.size(), 0));
    for (std::size_t task = 0; task < tasks.size(); ++task) {
        const auto outcomes = outcomes_of(table, tasks[task]);
        const auto forecast = mixed(members, task);
        for (std::size_t step = 0; step < outcomes.size(); ++step) {
            auto& loss = losses[bucket_of(step, outcomes.size())];
            for (std::size_t factor = 0; factor < factors.size(); ++factor) {
                const auto quantiles = spread_by(forecast[step], factors[factor]);
                for (std::size_t level = 0; level < quantiles.size(); ++level) {
                    loss[factor] += pinball_of(outcomes[step], quantiles[level], forecast::levels[level]);
                }
            }
        }
    }
    for (std::size_t bucket = 0; bucket < buckets; ++bucket) {
        const auto least = std::min_element(losses[bucket].begin(), losses[bucket].end());
        spreads_[bucket] = factors[static_cast<std::size_t>(least - losses[bucket].begin())];
    }
}

WindowQuantiles Stack::mixed(const std::vector<Forecasts>& members, std::size_t task) const {
    WindowQuantiles mixture(members.front()[task].size(), Quantiles{});
    for (std::size_t step = 0; step < mixture.size(); ++step) {
        const auto& weights = weights_[bucket_of(step, mixture.size())];
        for (std::size_t member = 0; member < members.size(); ++member) {
            for (std::size_t level = 0; level < mixture[step].size(); ++level) {
                mixture[step][level] += weights[member] * members[member][task][step][level];
            }
        }
    }
    return mixture;
}

Forecasts Stack::combine(const std::vector<Forecasts>& members) const {
    Forecasts combined;
    for (std::size_t task = 0; task < members.front().size(); ++task) {
        combined.push_back(mixed(members, task));
        auto& forecast = combined.back();
        for (std::size_t step = 0; step < forecast.size(); ++step) {
            forecast[step] = spread_by(forecast[step], spreads_[bucket_of(step, forecast.size())]);
        }
    }
    return combined;
}

std::string Stack::text(const std::vector<std::string>& names) const {
    std::string text;
    for (std::size_t member = 0; member < names.size(); ++member) {
        text += names[member];
        for (const auto& weights : weights_) text += fmt::format(" {:.2f}", weights[member]);
        text += "; ";
    }
    return fmt::format("{}spread {:.2f}", text, fmt::join(spreads_, " "));
}

}  // namespace loadstar::gift_eval
