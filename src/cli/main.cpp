#include <cstdio>
#include <exception>
#include <unistd.h>

#include <fmt/format.h>

#include "cli/verbs.hpp"
#include "service/module.hpp"
#include "service/version.hpp"

int main(int argc, char** argv) {
    using namespace loadstar;
    const SystemClock clock;
    cli::Shell shell(clock);
    CLI::App app("Loadstar: forecasts, plans and explains a factory's energy.", "loadstar");
    app.require_subcommand(1);
    app.fallthrough();
    app.set_version_flag("--version", std::string(service::version()));
    shell.add_global_options(app);
    cli::cancel_on_interrupt(shell.progress());
    cli::add_verbs(app, shell);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& asked) {
        // Also how --help and --version end, with 0.
        return app.exit(asked) == 0 ? 0 : cli::exit_code(ErrorCode::invalid_argument);
    } catch (const std::exception& broken_contract) {
        shell.fail({.code = ErrorCode::internal,
                    .message = broken_contract.what(),
                    .hint = "this is a defect of loadstar; please report it with the command you ran"});
    }
    if (service::any_module_is_open()) {
        std::fflush(nullptr);
        _exit(shell.exit_code());
    }
    return shell.exit_code();
}
