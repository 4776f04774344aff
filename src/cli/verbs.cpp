#include "cli/verbs.hpp"

namespace loadstar::cli {

// Each is defined in its own verb_<name>.cpp. They are declared here, so that a new verb compiles this file and its
// own.
void add_check(CLI::App& app, Shell& shell);
void add_map(CLI::App& app, Shell& shell);
void add_import(CLI::App& app, Shell& shell);
void add_status(CLI::App& app, Shell& shell);
void add_bill(CLI::App& app, Shell& shell);
void add_tariff(CLI::App& app, Shell& shell);
void add_train(CLI::App& app, Shell& shell);
void add_forecast(CLI::App& app, Shell& shell);
void add_backtest(CLI::App& app, Shell& shell);
void add_plan(CLI::App& app, Shell& shell);
void add_whatif(CLI::App& app, Shell& shell);
void add_replay(CLI::App& app, Shell& shell);
void add_detect(CLI::App& app, Shell& shell);
void add_advise(CLI::App& app, Shell& shell);
void add_report(CLI::App& app, Shell& shell);
void add_run(CLI::App& app, Shell& shell);
void add_demo(CLI::App& app, Shell& shell);
void add_doctor(CLI::App& app, Shell& shell);
void add_gpt(CLI::App& app, Shell& shell);
void add_network(CLI::App& app, Shell& shell);
void add_ablate(CLI::App& app, Shell& shell);

/// In the order of --help.
void add_verbs(CLI::App& app, Shell& shell) {
    add_check(app, shell);
    add_map(app, shell);
    add_import(app, shell);
    add_status(app, shell);
    add_bill(app, shell);
    add_tariff(app, shell);
    add_train(app, shell);
    add_forecast(app, shell);
    add_backtest(app, shell);
    add_plan(app, shell);
    add_whatif(app, shell);
    add_replay(app, shell);
    add_detect(app, shell);
    add_advise(app, shell);
    add_report(app, shell);
    add_run(app, shell);
    add_demo(app, shell);
    add_doctor(app, shell);
    add_gpt(app, shell);
    add_network(app, shell);
    add_ablate(app, shell);
}

}  // namespace loadstar::cli
