#include "plan/load_following.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "plan/losses.hpp"

namespace loadstar::plan {
namespace {

bool has_connection(const PlanRequest& request, const std::string& carrier) {
    const auto& grids = request.plant->grids;
    const auto is_its = [&](const std::string& id) { return find_by_id(grids, id)->carrier == carrier; };
    return is_its(request.grid) ||
           std::ranges::any_of(request.supplies, [&](const Supply& supply) { return is_its(supply.grid); });
}

/// What a converter gives of one carrier, by its load.
class Giver {
  public:
    Giver(const Converter& converter, std::string carrier) : converter_(converter), carrier_(std::move(carrier)) {
        for (const auto& point : converter.points) {
            const auto draw = point.draws.find(carrier_);
            gives_.push_back(draw == point.draws.end() ? 0 : std::max(0.0, -draw->second));
        }
    }
    [[nodiscard]] const Converter& converter() const { return converter_; }
    [[nodiscard]] const std::string& carrier() const { return carrier_; }
    [[nodiscard]] bool gives_at_all() const { return gives_.back() > 0; }

    /// Load between off and `most` of all machines that comes closest to giving an amount, from below the least load up
    /// to it.
    [[nodiscard]] double load_giving(double amount, double most) const {
        if (amount <= 0 || most <= 0) return 0;
        double low = 0, high = most;
        if (given(high) <= amount) return high;
        for (int halving = 0; halving < 60; ++halving) {
            const double middle = (low + high) / 2;
            (given(middle) < amount ? low : high) = middle;
        }
        return high;
    }

  private:
    [[nodiscard]] double given(double load) const {
        const int machines = machines_for(converter_, load);
        if (machines == 0) return 0;
        const auto& points = converter_.points;
        const double each = std::max(load / machines, points.front().load);
        std::size_t after = 0;
        while (after + 1 < points.size() && points[after].load < each) ++after;
        if (after == 0) return machines * gives_.front();
        const double share =
            std::min(1.0, (each - points[after - 1].load) / (points[after].load - points[after - 1].load));
        return machines * ((1 - share) * gives_[after - 1] + share * gives_[after]);
    }

    const Converter& converter_;
    std::string carrier_;
    std::vector<double> gives_;  ///< [point]
};

class Follower {
  public:
    Follower(const PlanRequest& request, const Draws& other_draws) : request_(request), other_(other_draws) {
        for (const auto& carrier : carriers_by_use(request)) {
            for (const auto& converter : request.plant->converters)
                if (Giver giver(converter, carrier); giver.gives_at_all()) givers_.push_back(std::move(giver));
        }
    }

    std::map<std::string, std::vector<double>> run() {
        const auto slots = static_cast<std::size_t>(request_.axis.slots);
        for (const auto& converter : request_.plant->converters) loads_[converter.id].assign(slots, 0.0);
        for (std::size_t at = 0; at < slots; ++at) run_slot(at);
        return std::move(loads_);
    }

  private:
    void run_slot(std::size_t at) {
        std::map<std::string, double> need;
        for (const auto& [carrier, load] : request_.carrier_load) need[carrier] += fed(carrier, load[at]);
        for (const auto& [carrier, draw] : other_) need[carrier] += fed(carrier, draw[at]);
        for (const auto& carrier : request_.plant->carriers) need[carrier.id] += carrier.standing_loss;
        for (const auto& giver : givers_)
            if (auto& load = loads_[giver.converter().id][at]; load == 0) load = start(giver, need, at);
    }

    /// @return  the load, which is off the need
    double start(const Giver& giver, std::map<std::string, double>& need, std::size_t at) {
        const auto& converter = giver.converter();
        const auto outdoors = outdoors_of(converter, request_, at);
        const double each = most_load(converter, request_, at);
        const bool runs = each >= converter.points.front().load;
        const double load = giver.load_giving(need[giver.carrier()] / outdoors.gives_factor,
                                              runs ? each * available(converter, request_, at) : 0);
        if (load == 0) return 0;
        for (const auto& [other, amount] : draws_of(converter, load, outdoors)) need[other] += fed(other, amount);
        return load;
    }

    /// What is fed in for a draw.
    [[nodiscard]] double fed(const std::string& carrier, double draw) const {
        return losses_of(*request_.plant, carrier).fed(draw);
    }

    const PlanRequest& request_;
    const Draws& other_;
    std::vector<Giver> givers_;  ///< in the order in which they are asked
    std::map<std::string, std::vector<double>> loads_;
};

}  // namespace

const std::vector<double>& LoadRule::of(const std::string& converter) {
    if (loads_.empty()) loads_ = Follower(request_, other_draws_).run();
    return loads_.at(converter);
}

std::vector<std::string> carriers_by_use(const PlanRequest& request) {
    std::vector<std::string> order;
    std::set<std::string> visited;
    const auto visit = [&](const auto& self, const std::string& carrier) -> void {
        if (has_connection(request, carrier) || !visited.insert(carrier).second) return;
        for (const auto& converter : request.plant->converters) {  // who draws it comes first
            const auto& full = converter.points.back().draws;
            const auto drawn = full.find(carrier);
            if (drawn == full.end() || drawn->second <= 0) continue;
            for (const auto& [given, amount] : full)
                if (amount < 0) self(self, given);
        }
        order.push_back(carrier);
    };
    for (const auto& carrier : request.plant->carriers) visit(visit, carrier.id);
    return order;
}

int machines_for(const Converter& converter, double load) {
    if (load <= 0) return 0;
    return std::min(converter.count, static_cast<int>(std::ceil(load - 1e-9)));
}

std::map<std::string, double> draws_of(const Converter& converter, double load, const TemperaturePoint& outdoors) {
    const int machines = machines_for(converter, load);
    std::map<std::string, double> draws;
    if (machines == 0) return draws;
    const double least = converter.points.front().load;
    for (auto& [carrier, amount] : converter.draws_at(std::max(load / machines, least)))
        draws[carrier] = machines * amount * (amount > 0 ? outdoors.draws_factor : outdoors.gives_factor);
    return draws;
}

TemperaturePoint outdoors_of(const Converter& converter, const PlanRequest& request, std::size_t slot) {
    if (converter.temperature_series.empty()) return {};
    return converter.at_temperature(request.celsius.at(converter.temperature_series)[slot]);
}

double most_load(const Converter& converter, const PlanRequest& request, std::size_t slot) {
    return converter.max_load_series.empty() ? 1 : request.max_load.at(converter.max_load_series)[slot];
}

int available(const Converter& converter, const PlanRequest& request, std::size_t slot) {
    const auto start = request.axis.slot_start(static_cast<int>(slot));
    const bool out = std::ranges::any_of(converter.outages, [&](const Outage& outage) {
        return start < outage.until && start + request.axis.step > outage.from;
    });
    return out ? 0 : converter.count;
}

}  // namespace loadstar::plan
