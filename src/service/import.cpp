#include "service/import.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/digest.hpp"
#include "base/nearest.hpp"

namespace loadstar::service {
namespace {

/// Hands what a file yields to the historian.
class HistorianSink final : public ingest::Sink {
  public:
    explicit HistorianSink(historian::Import& import) : import_(import) {}
    Result<void> take(ReadingBatch&& batch) override { return import_.append(std::move(batch)); }
    Result<void> reject(Rejection&& rejection) override { return import_.reject(std::move(rejection)); }

  private:
    historian::Import& import_;
};

Result<std::vector<const Source*>> chosen_sources(const Plant& plant, const ImportRequest& request) {
    std::vector<const Source*> chosen;
    if (request.sources.empty()) {
        for (const auto& source : plant.sources) chosen.push_back(&source);
        return chosen;
    }
    std::vector<std::string> known;
    for (const auto& source : plant.sources) known.push_back(source.id);
    for (const auto& id : request.sources) {
        const auto* source = find_by_id(plant.sources, id);
        if (source == nullptr) {
            const auto close = nearest(id, known);
            return Error{.code = ErrorCode::not_found,
                         .message = fmt::format("the plant file has no source {}", id),
                         .where = plant.file.string(),
                         .hint = close.empty() ? fmt::format("sources: {}", fmt::join(known, ", "))
                                               : fmt::format("did you mean {}?", close)};
        }
        chosen.push_back(source);
    }
    return chosen;
}

Result<ImportedFile> import_file(Session& session, const Source& source, const std::filesystem::path& file,
                                 Progress& progress) {
    const auto now = session.clock().now();
    LOADSTAR_TRY(auto import, session.historian().begin_import({.file = name_in_historian(session.plant(), file),
                                                                .digest = file_digest(file).value_or(""),
                                                                .started_at = now}));
    HistorianSink sink(import);
    LOADSTAR_TRY(auto report, ingest::read_file(source, file, {.now = now}, sink, progress));
    LOADSTAR_TRY(const auto totals, import.finish(session.clock().now()));
    return ImportedFile{.source = source.id, .report = std::move(report), .totals = totals};
}

}  // namespace

Result<ImportReport> import_files(Session& session, const ImportRequest& request, Progress& progress) {
    LOADSTAR_TRY(const auto sources, chosen_sources(session.plant(), request));
    ImportReport report;
    for (const auto* source : sources) {
        LOADSTAR_TRY(const auto files, ingest::files_of(*source));
        for (const auto& file : files) {
            auto imported = import_file(session, *source, file, progress);
            if (!imported) return with_context(imported.error(), "source " + source->id);
            report.files.push_back(std::move(*imported));
        }
    }
    LOADSTAR_TRY(report.digest, session.historian().digest());
    return report;
}

nlohmann::json to_json(const ImportReport& report) {
    auto files = nlohmann::json::array();
    for (const auto& [source, file, totals] : report.files) {
        auto reasons = nlohmann::json::object();
        for (const auto& [reason, count] : file.reasons) reasons[to_string(reason)] = count;
        files.push_back({{"source", source},
                         {"file", file.file},
                         {"encoding", file.encoding},
                         {"delimiter", file.delimiter},
                         {"rows", file.rows},
                         {"readings", file.readings},
                         {"rejected", file.rejected},
                         {"repaired", file.repaired},
                         {"reasons", reasons},
                         {"added", totals.added},
                         {"duplicate", totals.duplicate},
                         {"corrected", totals.corrected},
                         {"superseded", totals.superseded},
                         {"conflicting", totals.conflicting}});
    }
    return {{"schema", "loadstar.import/1"}, {"files", files}, {"digest", report.digest}};
}

}  // namespace loadstar::service
