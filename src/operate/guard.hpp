#pragma once
// The last word before set-points leave: whatever the forecast got wrong, limits are kept as long as energy lasts.

#include <vector>

#include "site/store.hpp"
#include "tariff/terms.hpp"

namespace loadstar::operate {

/// What the import of one slot may be without costing more than the plan expected.
struct Corridor {
    Power lowest;   ///< zero or negative: export that is allowed
    Power ceiling;  ///< peak that is paid for anyway, or the limit of the connection
};

/// Corridor of every slot. The ceiling is the largest of: what the plan itself expects to pay for, the peak already
/// incurred, and the power up to which the demand charge is free; the lowest over all peak terms that count the slot.
/// @param planned_import_kw  [slot], import of the plan
/// Holding the peak that is paid for anyway is what keeps a saving when a forecast errs.
std::vector<Corridor> corridors(const tariff::ChargeTerms& terms, const GridConnection& grid,
                                const std::vector<double>& planned_import_kw);

/// A battery in one slot: where it is and where the plan wants it at the end of the slot.
struct BatteryOrder {
    const Store* battery = nullptr;
    Energy level;
    Energy target;
    double loss_share = 0;  ///< of what is fed in for it on the way: it draws less than the connection carries for it
};

/// What the guard decided.
struct Guarded {
    std::vector<Power> power;  ///< [order], charging positive
    Power import;
    bool corrected = false;  ///< the corridor made it leave the plan's levels
};

/// Chooses the powers of the batteries for a slot whose other load is measured while it runs: towards the planned
/// levels first, then whatever brings the import back into the corridor.
/// @param other_load  what the site draws without its batteries
Guarded guard(const std::vector<BatteryOrder>& orders, Power other_load, const Corridor& corridor, Hours step);

}  // namespace loadstar::operate
