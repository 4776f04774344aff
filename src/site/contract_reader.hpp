#pragma once
#include <string>

#include "site/contract.hpp"
#include "site/table_reader.hpp"

namespace loadstar {

/// Reads `[contract.ID]` of a plant file. Internal to layer site. Everything wrong, including hours that no band or two
/// bands claim, becomes a mistake of the reader. An absent currency stays "": the plant's is meant.
Contract read_contract(const std::string& id, TableReader& reader);

}  // namespace loadstar
