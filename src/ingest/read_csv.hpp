#pragma once
#include "ingest/reader.hpp"

namespace loadstar::ingest {

/// read_file for delimited text. Internal to layer ingest.
Result<FileReport> read_csv(const Source& source, const std::filesystem::path& file, const ReadOptions& options,
                            Sink& sink, Progress& progress);

}  // namespace loadstar::ingest
