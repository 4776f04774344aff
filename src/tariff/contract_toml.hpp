#pragma once
#include <string>

#include "site/contract.hpp"

namespace loadstar::tariff {

/// The `[contract.ID]` blocks of a plant file that say the same as a contract; keys that keep their default are left
/// out. Reading them gives the same contract.
std::string contract_toml(const Contract& contract);

}  // namespace loadstar::tariff
