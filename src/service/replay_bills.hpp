#pragma once
// What each world of a replay costs: the bills of its connections, and what stands on none.

#include <map>
#include <vector>

#include "operate/replay.hpp"
#include "service/contract_terms.hpp"
#include "service/replay.hpp"

namespace loadstar::service {

/// Bills worlds over the same slots.
class ReplayBills {
  public:
    /// @param supplies  what other connections had used before the slots, by connection
    /// Errors: those of contract_terms and metered_energy.
    static Result<ReplayBills> open(Session& session, const BilledConnection& connection, const Horizon& axis,
                                    const BillingState& incurred, std::map<std::string, BillingState> supplies);

    /// Adds one world, as `world` of every period and cost. Errors: those of tariff::bill.
    Result<void> add(const operate::World& costs, Decimal ReplayedCost::*world);

    /// Every period of the connection's contract; other contracts count where their periods begin.
    [[nodiscard]] const std::vector<ReplayedPeriod>& periods() const { return periods_; }
    /// Over all periods, those that are anything in one of the worlds; they add up to the periods.
    [[nodiscard]] std::vector<ReplayedCost> costs() const;

  private:
    ReplayBills(Session& session, const BilledConnection& connection, const Horizon& axis)
        : session_(session), connection_(connection), axis_(axis) {}
    [[nodiscard]] std::size_t period_at(Instant at) const;
    void add(const ReplayedCost& what, std::size_t period, Decimal amount, Decimal ReplayedCost::*world);
    Result<void> add_supply(const std::string& grid, const std::vector<double>& drawn, Decimal ReplayedCost::*world);

    Session& session_;
    const BilledConnection& connection_;
    Horizon axis_;
    tariff::ChargeTerms terms_;
    tariff::MeteredEnergy metered_;  ///< reactive energy stays as it was
    std::map<std::string, BillingState> supplies_;
    std::vector<ReplayedPeriod> periods_;
    std::vector<ReplayedCost> costs_;
};

}  // namespace loadstar::service
