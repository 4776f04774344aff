# toml++: plant files. Only src/site.
find_package(tomlplusplus REQUIRED)
add_system_library(tomlplusplus tomlplusplus::tomlplusplus)
