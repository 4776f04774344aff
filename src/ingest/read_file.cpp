#include <algorithm>
#include <fnmatch.h>

#include <fmt/format.h>

#include "ingest/read_csv.hpp"
#include "ingest/read_parquet.hpp"
#include "ingest/reader.hpp"

namespace loadstar::ingest {
namespace {

namespace fs = std::filesystem;

bool is_pattern(const std::string& text) { return text.find_first_of("*?[") != std::string::npos; }

Error nothing_found(const Source& source) {
    return {.code = ErrorCode::not_found,
            .message = fmt::format("no file \"{}\" for source {}", source.path, source.id),
            .where = source.path,
            .hint = "file names are relative to the folder of the plant file"};
}

}  // namespace

Result<std::vector<fs::path>> files_of(const Source& source) {
    const fs::path path(source.path);
    std::error_code status;
    if (fs::exists(path, status) || !is_pattern(path.filename().string())) {
        if (!fs::exists(path, status) && status.value() != EACCES) return nothing_found(source);
        return std::vector<fs::path>{path};
    }
    std::vector<fs::path> files;
    const auto folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
    fs::directory_iterator entries(folder, status);
    if (status) return nothing_found(source);
    for (const auto& entry : entries) {
        const bool fits = fnmatch(path.filename().c_str(), entry.path().filename().c_str(), FNM_PERIOD) == 0;
        if (fits && !entry.is_directory(status)) files.push_back(entry.path());
    }
    if (files.empty()) return nothing_found(source);
    std::sort(files.begin(), files.end());
    return files;
}

Result<FileReport> read_file(const Source& source, const fs::path& file, const ReadOptions& options, Sink& sink,
                             Progress& progress) {
    if (source.format == "parquet") return read_parquet(source, file, options, sink, progress);
    return read_csv(source, file, options, sink, progress);
}

}  // namespace loadstar::ingest
