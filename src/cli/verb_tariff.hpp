#pragma once
// The verbs under `loadstar tariff`, each in its own verb_tariff_<name>.cpp.

#include "cli/shell.hpp"

namespace loadstar::cli {

void add_tariff_show(CLI::App& group, Shell& shell);

}  // namespace loadstar::cli
