# Google Benchmark: the programs of bench/.
find_package(benchmark REQUIRED)
add_system_library(benchmark benchmark::benchmark)
