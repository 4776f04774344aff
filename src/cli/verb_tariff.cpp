#include "cli/verb_tariff.hpp"

namespace loadstar::cli {

void add_tariff(CLI::App& app, Shell& shell) {
    auto* group = app.add_subcommand("tariff", "what contracts mean, and which one is the cheapest");
    group->require_subcommand(1);
    group->footer("Examples:\n  loadstar tariff show examples/steel_works --day 2018-07-02");
    add_tariff_show(*group, shell);
}

}  // namespace loadstar::cli
