#include "cli/verbs.hpp"

namespace loadstar::cli {

void add_verbs(CLI::App& app, Shell& shell) {
    add_check(app, shell);
    add_map(app, shell);
    add_import(app, shell);
    add_status(app, shell);
    add_bill(app, shell);
    add_train(app, shell);
    add_forecast(app, shell);
    add_backtest(app, shell);
    add_plan(app, shell);
    add_replay(app, shell);
    add_detect(app, shell);
    add_advise(app, shell);
    add_report(app, shell);
    add_run(app, shell);
    add_demo(app, shell);
    add_doctor(app, shell);
    add_gpt(app, shell);
}

}  // namespace loadstar::cli
