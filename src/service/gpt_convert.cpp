#include "service/gpt_convert.hpp"

#include <nlohmann/json.hpp>

#include "megatron/vocabulary_rows.hpp"
#include "service/gpt_shape_json.hpp"

namespace loadstar::service {

using nlohmann::json;

Result<GptConvertReport> gpt_convert(const GptConvertRequest& request, Progress& progress) {
    LOADSTAR_TRY(auto source, megatron::find_checkpoint(request.place));
    progress.report("read", 0, 0);
    LOADSTAR_TRY(auto weights, megatron::read_core_weights(source, request.options));
    if (progress.cancelled()) return Error{.code = ErrorCode::cancelled, .message = "stopped; nothing was written"};
    if (request.padded_vocab_size) {
        LOADSTAR_TRY(weights, with_vocabulary_rows(std::move(weights), *request.padded_vocab_size));
    }
    LOADSTAR_TRY(const auto files, write_checkpoint(weights, request.target, progress));
    GptConvertReport report{.source = std::move(source),
                            .target = request.target,
                            .shape = weights.shape,
                            .iteration = weights.iteration,
                            .files = {},
                            .left_out = weights.left_out};
    for (const auto& file : files) {
        std::error_code ignored;
        report.files.push_back({file, std::filesystem::file_size(file, ignored)});
    }
    return report;
}

json to_json(const GptConvertReport& report) {
    auto files = json::array();
    for (const auto& file : report.files) files.push_back({{"file", file.path.string()}, {"bytes", file.bytes}});
    return {{"schema", "loadstar.gpt_convert/1"},
            {"source", report.source.shards.front().file.string()},
            {"source_tensor_parallel", report.source.tensor_parallel},
            {"form", to_string(report.target.form)},
            {"tensor_parallel", report.target.tensor_parallel},
            {"iteration", report.iteration ? json(*report.iteration) : json()},
            {"shape", to_json(report.shape)},
            {"files", files},
            {"left_out", report.left_out}};
}

}  // namespace loadstar::service
