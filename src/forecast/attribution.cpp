#include "forecast/attribution.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

#include <fmt/format.h>

namespace loadstar::forecast {
namespace {

using features::TargetHistory;

/// Each history of a batch is a copy of its own, so a batch is bounded.
constexpr std::size_t largest_batch = 64;

/// |S|! (n - |S| - 1)! / n! for sets S of each size, where n is the number of players.
std::vector<double> set_weights(std::size_t players) {
    std::vector<double> weights{1.0 / static_cast<double>(players)};
    for (std::size_t size = 1; size < players; ++size)
        weights.push_back(weights.back() * static_cast<double>(size) / static_cast<double>(players - size));
    return weights;
}

/// Asks a forecaster with every set of groups.
class Coalitions {
  public:
    Coalitions(const Forecaster& forecaster, const TargetHistory& history, const Query& query)
        : forecaster_(forecaster), whole_(history), hidden_(with_all_hidden(history, query)), query_(query) {
        query_.scenarios = 0;
        for (const auto& group : driver_groups(history)) {
            if (agree_on(group, whole_, hidden_)) continue;
            groups_.push_back(group);
        }
    }

    /// Groups that say anything: player by player.
    [[nodiscard]] const std::vector<DriverGroup>& groups() const { return groups_; }
    [[nodiscard]] std::size_t sets() const { return std::size_t{1} << groups_.size(); }

    /// @return [set][slot], medians
    Result<std::vector<std::vector<double>>> medians(Progress& progress) const {
        std::vector<std::vector<double>> medians;
        while (medians.size() < sets()) {
            progress.report("explain", static_cast<std::int64_t>(medians.size()), static_cast<std::int64_t>(sets()));
            if (progress.cancelled())
                return Error{.code = ErrorCode::cancelled, .message = "stopped while explaining a forecast"};
            LOADSTAR_CHECK(add_batch(medians));
        }
        return medians;
    }

  private:
    Result<void> add_batch(std::vector<std::vector<double>>& medians) const {
        const auto first = medians.size();
        std::vector<TargetHistory> histories;
        for (auto set = first; set < std::min(sets(), first + largest_batch); ++set) histories.push_back(seeing(set));
        const auto forecasts = forecaster_.predict_all(histories, query_);
        for (std::size_t at = 0; at < forecasts.size(); ++at) {
            if (!forecasts[at]) return with_context(forecasts[at].error(), what_is_hidden(first + at));
            std::vector<double> path;
            for (const auto& slot : forecasts[at]->quantiles) path.push_back(slot[median_level]);
            medians.push_back(std::move(path));
        }
        return {};
    }

    [[nodiscard]] TargetHistory seeing(std::size_t set) const {
        auto history = whole_;
        for (std::size_t player = 0; player < groups_.size(); ++player)
            if ((set >> player & 1U) == 0) take_group(history, groups_[player], hidden_);
        return history;
    }

    [[nodiscard]] std::string what_is_hidden(std::size_t set) const {
        std::string hidden;
        for (std::size_t player = 0; player < groups_.size(); ++player)
            if ((set >> player & 1U) == 0) hidden += (hidden.empty() ? "" : ", ") + groups_[player].name.en;
        return hidden.empty() ? "with everything known" : "without " + hidden;
    }

    const Forecaster& forecaster_;
    const TargetHistory& whole_;
    TargetHistory hidden_;
    Query query_;
    std::vector<DriverGroup> groups_;
};

Attribution without_parts(const TargetHistory& history, const std::vector<double>& base) {
    Attribution attribution{.base = base};
    for (auto& group : driver_groups(history))
        attribution.parts.push_back({.group = std::move(group), .values = std::vector<double>(base.size(), 0.0)});
    return attribution;
}

void add_parts(Attribution& attribution, const Coalitions& coalitions,
               const std::vector<std::vector<double>>& medians) {
    for (std::size_t slot = 0; slot < attribution.base.size(); ++slot) {
        std::vector<double> worth;
        for (const auto& path : medians) worth.push_back(path[slot]);
        const auto values = shapley_values(worth);
        for (std::size_t player = 0; player < values.size(); ++player) {
            const auto& id = coalitions.groups()[player].id;
            const auto part = std::ranges::find(attribution.parts, id, [](const auto& one) { return one.group.id; });
            part->values[slot] = values[player];
        }
    }
}

/// Errors: internal.
Result<void> check_sum(const Attribution& attribution, const std::vector<double>& forecast, const std::string& where) {
    double largest = 0;
    for (const double value : forecast) largest = std::max(largest, std::abs(value));
    for (std::size_t slot = 0; slot < forecast.size(); ++slot) {
        const double apart = std::abs(attribution.sum(slot) - forecast[slot]);
        if (apart <= attribution_tolerance * std::max(largest, 1e-9)) continue;  // not so when a value is not a number
        return Error{.code = ErrorCode::internal,
                     .message = fmt::format("the drivers of slot {} add up to {}; expected the forecast, {}", slot,
                                            attribution.sum(slot), forecast[slot]),
                     .where = where};
    }
    return {};
}

}  // namespace

double Attribution::sum(std::size_t slot) const {
    double sum = base[slot];
    for (const auto& part : parts) sum += part.values[slot];
    return sum;
}

std::vector<double> shapley_values(const std::vector<double>& worth) {
    const auto players = static_cast<std::size_t>(std::countr_zero(worth.size()));
    if (players == 0) return {};
    const auto weights = set_weights(players);
    std::vector<double> values(players, 0.0);
    for (std::size_t set = 0; set < worth.size(); ++set) {
        for (std::size_t player = 0; player < players; ++player) {
            const auto with = set | std::size_t{1} << player;
            if (with == set) continue;
            values[player] += weights[static_cast<std::size_t>(std::popcount(set))] * (worth[with] - worth[set]);
        }
    }
    return values;
}

Result<Attribution> attribute(const Forecaster& forecaster, const TargetHistory& history, const Query& query,
                              Progress& progress) {
    const Coalitions coalitions(forecaster, history, query);
    LOADSTAR_TRY(const auto medians, coalitions.medians(progress));
    auto attribution = without_parts(history, medians.front());
    add_parts(attribution, coalitions, medians);
    attribution.forecasts = static_cast<int>(medians.size());
    LOADSTAR_CHECK(check_sum(attribution, medians.back(), history.target.info.id));
    return attribution;
}

}  // namespace loadstar::forecast
