#pragma once
#include <string>

#include "site/source.hpp"

namespace loadstar::service {

/// Writes the `[source.<id>]` block of a plant file that reads back as this source. Keys at their default are left out.
std::string to_toml(const Source& source);

}  // namespace loadstar::service
