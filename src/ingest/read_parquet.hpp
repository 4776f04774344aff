#pragma once
#include "ingest/reader.hpp"
#include "ingest/sample.hpp"

namespace loadstar::ingest {

/// read_file for Parquet, by DuckDB. Lines of rejections are row numbers, from 1. Internal to layer ingest.
Result<FileReport> read_parquet(const Source& source, const std::filesystem::path& file, const ReadOptions& options,
                                Sink& sink, Progress& progress);

/// read_sample for Parquet. Internal to layer ingest.
Result<Sample> read_parquet_sample(const std::filesystem::path& file);

}  // namespace loadstar::ingest
