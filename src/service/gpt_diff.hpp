#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "base/progress.hpp"
#include "base/result.hpp"
#include "megatron/core_weights.hpp"

namespace loadstar::service {

struct GptDiffRequest {
    std::filesystem::path first;  ///< a file or a folder, see megatron::find_checkpoint
    std::filesystem::path second;
    megatron::CoreWeightsOptions options{};  ///< of both
    double tolerance = 0;                    ///< absolute difference up to which values count as the same
};

/// Type and shape of a weight in one of the checkpoints.
struct GptWeightForm {
    std::string type;  ///< "float32"
    std::vector<std::int64_t> shape;
};

/// One weight in both checkpoints.
struct GptComparedWeight {
    std::string name;                    ///< in Megatron core
    std::optional<GptWeightForm> first;  ///< absent: the checkpoint has no such weight
    std::optional<GptWeightForm> second;
    std::int64_t unequal = 0;     ///< elements
    double largest = 0;           ///< absolute difference of finite values
    std::int64_t not_finite = 0;  ///< unequal elements of which one is no finite number
    bool same = false;            ///< in type, shape and, within the tolerance, values
};

struct GptDiffReport {
    std::vector<GptComparedWeight> weights;  ///< all of both
    double tolerance = 0;
    [[nodiscard]] bool same() const;
    [[nodiscard]] double largest() const;
};

/// Compares two checkpoints as Megatron core's weights, whatever their names, containers and ranks are.
/// Errors: those of megatron::find_checkpoint and read_core_weights; cancelled.
Result<GptDiffReport> gpt_diff(const GptDiffRequest& request, Progress& progress);

/// Shape loadstar.gpt_diff/1.
nlohmann::json to_json(const GptDiffReport& report);

}  // namespace loadstar::service
