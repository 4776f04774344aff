#pragma once
// The verbs under `loadstar tariff`.

#include "cli/shell.hpp"

namespace loadstar::cli {

void add_tariff_show(CLI::App& group, Shell& shell);
void add_tariff_check(CLI::App& group, Shell& shell);
void add_tariff_import(CLI::App& group, Shell& shell);
void add_tariff_compare(CLI::App& group, Shell& shell);

}  // namespace loadstar::cli
