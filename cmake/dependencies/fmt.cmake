# fmt: text from values (std::format needs GCC 13).
find_package(fmt REQUIRED)
add_system_library(fmt fmt::fmt)
