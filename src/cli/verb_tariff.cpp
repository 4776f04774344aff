#include "cli/verb_tariff.hpp"

namespace loadstar::cli {

void add_tariff(CLI::App& app, Shell& shell) {
    auto* group = app.add_subcommand("tariff", "what contracts mean, and which one is the cheapest");
    group->require_subcommand(1);
    group->footer(
        "Examples:\n"
        "  loadstar tariff show examples/steel_works --day 2018-07-02\n"
        "  loadstar tariff compare examples/steel_works two_part offer.json --from 2018-01 --to 2018-12");
    add_tariff_show(*group, shell);
    add_tariff_check(*group, shell);
    add_tariff_import(*group, shell);
    add_tariff_compare(*group, shell);
}

}  // namespace loadstar::cli
