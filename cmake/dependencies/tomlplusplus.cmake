# toml++: plant files. Header-only, so that its exceptions-off mode stays a choice of src/site, the only user.
find_package(tomlplusplus REQUIRED)
add_system_library(tomlplusplus tomlplusplus::tomlplusplus)
