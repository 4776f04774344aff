#include "service/gpt_diff.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "megatron/weight_differences.hpp"

namespace loadstar::service {
namespace {

using nlohmann::json;

std::optional<GptWeightForm> form_of(const std::optional<megatron::TensorView>& tensor) {
    if (!tensor) return std::nullopt;
    return GptWeightForm{std::string(names_of(tensor->type).torch), tensor->shape};
}

Result<megatron::CoreWeights> read(const std::filesystem::path& place, const GptDiffRequest& request,
                                   Progress& progress) {
    if (progress.cancelled()) return Error{.code = ErrorCode::cancelled, .message = "comparing was cancelled"};
    LOADSTAR_TRY(const auto checkpoint, megatron::find_checkpoint(place));
    auto weights = read_core_weights(checkpoint, request.options);
    if (!weights) return with_context(weights.error(), place.string());
    return weights;
}

json form_json(const std::optional<GptWeightForm>& form) {
    return form ? json{{"type", form->type}, {"shape", form->shape}} : json();
}

}  // namespace

bool GptDiffReport::same() const { return std::ranges::all_of(weights, &GptComparedWeight::same); }

double GptDiffReport::largest() const {
    double largest = 0;
    for (const auto& weight : weights) largest = std::max(largest, weight.largest);
    return largest;
}

Result<GptDiffReport> gpt_diff(const GptDiffRequest& request, Progress& progress) {
    LOADSTAR_TRY(const auto first, read(request.first, request, progress));
    LOADSTAR_TRY(const auto second, read(request.second, request, progress));
    GptDiffReport report{.weights = {}, .tolerance = request.tolerance};
    LOADSTAR_TRY(const auto differences, weight_differences(first, second, progress));
    for (const auto& found : differences) {
        report.weights.push_back({.name = found.name,
                                  .first = form_of(found.first),
                                  .second = form_of(found.second),
                                  .unequal = found.unequal,
                                  .largest = found.largest,
                                  .not_finite = found.not_finite,
                                  .same = found.same_within(request.tolerance)});
    }
    return report;
}

json to_json(const GptDiffReport& report) {
    auto weights = json::array();
    for (const auto& weight : report.weights) {
        weights.push_back({{"name", weight.name},
                           {"same", weight.same},
                           {"first", form_json(weight.first)},
                           {"second", form_json(weight.second)},
                           {"unequal", weight.unequal},
                           {"not_finite", weight.not_finite},
                           {"largest", weight.largest}});
    }
    return {{"schema", "loadstar.gpt_diff/1"},
            {"same", report.same()},
            {"tolerance", report.tolerance},
            {"largest", report.largest()},
            {"weights", weights}};
}

}  // namespace loadstar::service
