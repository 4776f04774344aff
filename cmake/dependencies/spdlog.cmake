# spdlog: the log. Only src/service and src/cli.
find_package(spdlog REQUIRED)
add_system_library(spdlog spdlog::spdlog)
