# DuckDB, C API: reads CSV and Parquet. Only src/ingest.
add_pinned_library(duckdb libduckdb.so)
