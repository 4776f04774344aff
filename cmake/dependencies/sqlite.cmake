# SQLite: the embedded historian. Only src/historian.
find_package(SQLite3 REQUIRED)
add_system_library(sqlite SQLite::SQLite3)
