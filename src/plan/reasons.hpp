#pragma once
#include "plan/model.hpp"

namespace loadstar::plan {

/// Splits the saving of a plan into actions: runs of slots in which one asset does something else than when idle.
///
/// Energy, export, carbon and breaches of a slot are shared by how much each asset moved the import of that slot. What
/// a lower peak saves is shared over the slots that stood above the new peak, by how far; what a higher peak costs over
/// those that stand above the old one. An asset's own costs stay with it. The parts add up exactly; nothing is scaled.
std::vector<Action> explain(const Plan& plan, const PlanRequest& request, const Assets& assets);

}  // namespace loadstar::plan
