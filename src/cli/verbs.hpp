#pragma once
#include "cli/shell.hpp"

namespace loadstar::cli {

/// Adds every verb of the program: its options, its help with examples, and what it runs.
void add_verbs(CLI::App& app, Shell& shell);

}  // namespace loadstar::cli
