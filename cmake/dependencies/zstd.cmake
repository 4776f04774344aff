# Zstandard: compressed blocks of the historian. Only src/historian.
find_package(zstd REQUIRED)
add_system_library(zstd zstd::libzstd_shared)
