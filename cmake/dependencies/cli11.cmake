# CLI11: the command line. Only src/cli.
find_package(CLI11 REQUIRED)
add_system_library(cli11 CLI11::CLI11)
