# zlib: compressed input files. Only src/ingest.
find_package(ZLIB REQUIRED)
add_system_library(zlib ZLIB::ZLIB)
