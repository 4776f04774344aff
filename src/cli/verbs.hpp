#pragma once
#include "cli/shell.hpp"

namespace loadstar::cli {

// Each adds one verb to the program: its options, its help with examples, and what it runs.
/// All of them, in the order of --help.
void add_verbs(CLI::App& app, Shell& shell);
void add_check(CLI::App& app, Shell& shell);
void add_map(CLI::App& app, Shell& shell);
void add_import(CLI::App& app, Shell& shell);
void add_status(CLI::App& app, Shell& shell);
void add_bill(CLI::App& app, Shell& shell);
void add_train(CLI::App& app, Shell& shell);
void add_forecast(CLI::App& app, Shell& shell);
void add_backtest(CLI::App& app, Shell& shell);
void add_plan(CLI::App& app, Shell& shell);
void add_replay(CLI::App& app, Shell& shell);
void add_detect(CLI::App& app, Shell& shell);
void add_advise(CLI::App& app, Shell& shell);
void add_report(CLI::App& app, Shell& shell);
void add_run(CLI::App& app, Shell& shell);
void add_demo(CLI::App& app, Shell& shell);
void add_doctor(CLI::App& app, Shell& shell);
void add_gpt(CLI::App& app, Shell& shell);

}  // namespace loadstar::cli
