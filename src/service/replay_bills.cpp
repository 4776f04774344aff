#include "service/replay_bills.hpp"

#include <algorithm>

#include "service/site_carriers.hpp"

namespace loadstar::service {
namespace {

/// A path as the energy that a meter would have read.
Series metered(const SeriesInfo& info, const Horizon& axis, const std::vector<double>& power, double direction) {
    auto series = Series::missing(info, axis);
    for (int slot = 0; slot < axis.slots; ++slot)
        series.set(slot, std::max(0.0, direction * power[static_cast<std::size_t>(slot)]) * axis.step_hours().value());
    return series;
}

}  // namespace

Result<ReplayBills> ReplayBills::open(Session& session, const BilledConnection& connection, const Horizon& axis,
                                      const BillingState& incurred, std::map<std::string, BillingState> supplies) {
    ReplayBills bills(session, connection, axis);
    bills.supplies_ = std::move(supplies);
    LOADSTAR_TRY(bills.terms_, contract_terms(session, connection.grid.id, axis, incurred));
    LOADSTAR_TRY(bills.metered_, metered_energy(session, connection.grid.id, axis));
    for (const auto& period : bills.terms_.periods) bills.periods_.push_back({.label = period.label});
    return bills;
}

Result<void> ReplayBills::add(const operate::World& costs, Decimal ReplayedCost::*world) {
    const auto& grid = connection_.grid.id;
    auto measured = metered_;
    measured.imported = metered(metered_.imported.info, axis_, costs.import_kw, 1);
    if (metered_.exported) measured.exported = metered(metered_.exported->info, axis_, costs.import_kw, -1);
    LOADSTAR_TRY(const auto bills, tariff::bill(terms_, measured));
    for (std::size_t i = 0; i < bills.size(); ++i)
        add({.id = grid, .label = {"bill of " + grid, grid + "账单"}}, i, bills[i].total, world);
    for (const auto& [id, drawn] : costs.drawn) LOADSTAR_CHECK(add_supply(id, drawn, world));
    for (const auto& path : costs.beside_the_bills) {
        std::vector<double> sums(periods_.size(), 0.0);
        for (std::size_t at = 0; at < path.cost.size(); ++at)
            sums[period_at(axis_.slot_start(static_cast<int>(at)))] += path.cost[at];
        for (std::size_t i = 0; i < sums.size(); ++i)
            add({.id = path.id, .label = path.label}, i, Decimal::from_double(sums[i]).rounded(terms_.amount_digits),
                world);
    }
    return {};
}

Result<void> ReplayBills::add_supply(const std::string& id, const std::vector<double>& drawn,
                                     Decimal ReplayedCost::*world) {
    const auto& grid = *find_by_id(session_.plant().grids, id);
    if (grid.contract.empty()) return {};
    LOADSTAR_TRY(const auto terms, supply_terms(session_, grid, axis_, supplies_[id]));
    const SeriesInfo info{.id = id, .kind = SeriesKind::interval_energy, .unit = terms.unit, .step = axis_.step};
    LOADSTAR_TRY(const auto bills, tariff::bill(terms, {.imported = metered(info, axis_, drawn, 1)}));
    for (const auto& bill : bills)
        add({.id = id, .label = {"bill of " + id, id + "账单"}}, period_at(bill.period.start), bill.total, world);
    return {};
}

std::size_t ReplayBills::period_at(Instant at) const {
    std::size_t found = 0;
    for (std::size_t i = 0; i < terms_.periods.size(); ++i)
        if (terms_.periods[i].start <= at) found = i;
    return found;
}

void ReplayBills::add(const ReplayedCost& what, std::size_t period, Decimal amount, Decimal ReplayedCost::*world) {
    auto known = std::ranges::find(costs_, what.id, &ReplayedCost::id);
    if (known == costs_.end()) known = costs_.insert(costs_.end(), what);
    (*known).*world += amount;
    auto& total = world == &ReplayedCost::idle      ? periods_[period].idle
                  : world == &ReplayedCost::planned ? periods_[period].planned
                                                    : periods_[period].perfect;
    total += amount;
}

std::vector<ReplayedCost> ReplayBills::costs() const {
    std::vector<ReplayedCost> costs;
    for (const auto& cost : costs_)
        if (cost.idle != Decimal() || cost.planned != Decimal() || cost.perfect != Decimal()) costs.push_back(cost);
    return costs;
}

}  // namespace loadstar::service
