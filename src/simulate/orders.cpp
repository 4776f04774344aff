#include "simulate/orders.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include <fmt/format.h>

#include "simulate/random.hpp"

namespace loadstar::simulate {
namespace {

constexpr double typical_quantity = 1500;

bool is_working(const Plant& plant, LocalDay day) {
    return plant.calendar.production_day_type(day) == DayType::working;
}

LocalDay after_working_days(const Plant& plant, LocalDay day, int count) {
    while (count > 0) {
        day = add_days(day, 1);
        if (is_working(plant, day)) --count;
    }
    return day;
}

/// Consumer electronics: the busiest weeks lie before the winter sales, the quietest at the end of February.
double season(LocalDay day) {
    const auto busiest = day.year() / std::chrono::October / 20;
    return 1 + 0.12 * std::cos(2 * std::numbers::pi * days_between(busiest, day) / 365.25);
}

std::size_t draw_product(Random& random) {
    double total = 0;
    for (const auto& product : products()) total += product.frequency;
    double left = random.uniform() * total;
    for (std::size_t i = 0; i + 1 < products().size(); ++i) {
        left -= products()[i].frequency;
        if (left < 0) return i;
    }
    return products().size() - 1;
}

Order draw_order(const Plant& plant, LocalDay day, Random& random) {
    Order order;
    order.product = draw_product(random);
    order.quantity =
        50 * std::max(4, static_cast<int>(std::lround(typical_quantity / 50 * std::exp(0.45 * random.normal() - 0.1))));
    order.release = plant.time_zone.start_of_day(day) + hours(6);
    const int days = 2 + static_cast<int>(random.uniform() * 7);
    order.due = plant.time_zone.start_of_day(after_working_days(plant, day, days)) + hours(18);
    return order;
}

}  // namespace

const std::vector<Product>& products() {
    static const std::vector<Product> families{
        {.id = "METER", .pace = 1.1, .load = 0.96, .frequency = 0.35},
        {.id = "DRIVE", .pace = 0.85, .load = 1.06, .coated = true, .burned_in = true, .frequency = 0.25},
        {.id = "SENSOR", .pace = 1.2, .load = 0.93, .coated = true, .frequency = 0.2},
        {.id = "GATEWAY", .pace = 0.95, .load = 1.02, .burned_in = true, .frequency = 0.2},
    };
    return families;
}

std::vector<Order> make_orders(const Plant& plant, const OrderRequest& request) {
    Random random(request.seed);
    std::vector<Order> orders;
    double owed = 0;    // pieces that the demand so far is ahead of the orders
    double market = 0;  // good and bad weeks, standard deviations
    for (int i = 0; i < request.days; ++i) {
        const auto day = add_days(request.first, i);
        if (!is_working(plant, day)) continue;
        market = 0.9 * market + std::sqrt(1 - 0.9 * 0.9) * random.normal();
        owed += request.pieces_per_day * season(day) * std::max(0.0, 1 + 0.18 * market + 0.3 * random.normal());
        while (owed > 0) {
            orders.push_back(draw_order(plant, day, random));
            orders.back().id = fmt::format("PO{:05}", 40001 + orders.size());
            owed -= orders.back().quantity;
        }
    }
    return orders;
}

WorkInProgress::WorkInProgress(std::vector<Order> orders) : orders_(std::move(orders)), done_(orders_.size()) {}

bool WorkInProgress::passes(std::size_t order, Operation operation) const {
    if (operation == Operation::coating) return product(order).coated;
    if (operation == Operation::burn_in) return product(order).burned_in;
    return true;
}

int WorkInProgress::arrived(std::size_t order, Operation operation, Instant now) const {
    for (int before = static_cast<int>(operation) - 1; before >= 0; --before)
        if (passes(order, static_cast<Operation>(before))) return done_[order][static_cast<std::size_t>(before)];
    return orders_[order].release <= now ? orders_[order].quantity : 0;
}

int WorkInProgress::waiting(std::size_t order, Operation operation, Instant now) const {
    if (!passes(order, operation)) return 0;
    return arrived(order, operation, now) - done_[order][static_cast<std::size_t>(operation)];
}

template <class Visit>
void WorkInProgress::visit_open(Instant now, Visit visit) const {
    for (auto order = first_open_; order < orders_.size() && orders_[order].release <= now; ++order)
        if (!orders_[order].finished) visit(order);
}

int WorkInProgress::waiting(Operation operation, Instant now) const {
    int pieces = 0;
    visit_open(now, [&](std::size_t order) { pieces += waiting(order, operation, now); });
    return pieces;
}

bool WorkInProgress::is_upstream_empty(Operation operation, Instant now) const {
    bool empty = true;
    visit_open(now, [&](std::size_t order) {
        if (!passes(order, operation)) return;
        for (int before = 0; before < static_cast<int>(operation); ++before)
            empty = empty && waiting(order, static_cast<Operation>(before), now) == 0;
    });
    return empty;
}

std::optional<std::size_t> WorkInProgress::most_urgent(Operation operation, Instant now,
                                                       const std::vector<std::size_t>& taken) const {
    std::optional<std::size_t> best;
    visit_open(now, [&](std::size_t order) {
        if (waiting(order, operation, now) == 0 || std::ranges::find(taken, order) != taken.end()) return;
        if (!best || orders_[order].due < orders_[*best].due) best = order;
    });
    return best;
}

void WorkInProgress::finish(std::size_t order, Operation operation, int pieces, Instant end) {
    auto& done = done_[order];
    done[static_cast<std::size_t>(operation)] += pieces;
    for (int last = operation_count - 1; last >= 0; --last) {
        if (!passes(order, static_cast<Operation>(last))) continue;
        if (done[static_cast<std::size_t>(last)] == orders_[order].quantity) orders_[order].finished = end;
        break;
    }
    while (first_open_ < orders_.size() && orders_[first_open_].finished) ++first_open_;
}

}  // namespace loadstar::simulate
