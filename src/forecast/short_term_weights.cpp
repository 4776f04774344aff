#include "forecast/short_term_weights.hpp"

#include <cmath>

namespace loadstar::forecast {
namespace {

constexpr double cost_of_all = 0.002;  // of straying from equal weights, in losses of persistence
constexpr double cost_of_step = 0.02;  // of straying from the weights of all steps
constexpr int search_steps = 200;

enum class Error { absolute, square };

void add(WeighedLoss& loss, const TriedStep& step, const Weights& weights, Error error) {
    for (std::size_t at = 0; at < step.said.size(); ++at) {
        if (!step.outcomes[at]) continue;
        const double missed = mixed(step.said[at], weights) - *step.outcomes[at];
        loss.value += error == Error::square ? missed * missed : std::abs(missed);
        const double slope = error == Error::square ? 2 * missed : (missed > 0 ? 1 : -1);
        for (std::size_t member = 0; member < weights.size(); ++member)
            loss.slope[member] += slope * step.said[at][member];
    }
}

WeighedLoss loss_of(const std::vector<const TriedStep*>& steps, const Weights& weights, Error error) {
    WeighedLoss loss{.slope = Weights(weights.size(), 0.0)};
    for (const auto* step : steps) add(loss, *step, weights, error);
    return loss;
}

Weights search(const std::vector<const TriedStep*>& steps, const Weights& home, double cost, Error error) {
    Weights persistence(home.size(), 0.0);
    persistence.front() = 1;
    const double scale = loss_of(steps, persistence, error).value;
    return least_on_simplex([&](const Weights& weights) { return loss_of(steps, weights, error); }, home,
                            {.cost_of_straying = cost * scale, .steps = search_steps});
}

std::vector<Weights> weights_for(const std::vector<TriedStep>& steps, Error error) {
    std::vector<const TriedStep*> all;
    for (const auto& step : steps) all.push_back(&step);
    const Weights equal(short_term_members.size(), 1.0 / static_cast<double>(short_term_members.size()));
    const auto home = search(all, equal, cost_of_all, error);
    std::vector<Weights> weights;
    for (const auto& step : steps) weights.push_back(search({&step}, home, cost_of_step, error));
    return weights;
}

}  // namespace

std::vector<StepWeights> weigh_members(const std::vector<TriedStep>& steps) {
    const auto median = weights_for(steps, Error::absolute);
    const auto mean = weights_for(steps, Error::square);
    std::vector<StepWeights> weights;
    for (std::size_t step = 0; step < steps.size(); ++step)
        weights.push_back({.median = median[step], .mean = mean[step]});
    return weights;
}

double mixed(const MemberPoints& points, const Weights& weights) {
    double sum = 0;
    for (std::size_t member = 0; member < points.size(); ++member) sum += weights[member] * points[member];
    return sum;
}

}  // namespace loadstar::forecast
