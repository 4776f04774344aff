#pragma once
#include <nlohmann/json_fwd.hpp>

#include "base/instant.hpp"
#include "base/progress.hpp"
#include "base/result.hpp"
#include "gpt/training.hpp"

namespace loadstar::service {

struct GptTrainRequest {
    gpt::TrainingOptions training;
    int data_parallel = 1;  ///< processes of this machine that share each batch
};

struct GptTrainReport {
    gpt::TrainingReport training;
    int data_parallel = 1;
};

/// Trains a GPT, new or from a checkpoint; with several processes, this one and its children, which end with it.
/// Errors: those of gpt_module and gpt::train; of a child, when that is why the others stopped.
Result<GptTrainReport> gpt_train(const GptTrainRequest& request, Progress& progress, const Clock& clock);

/// Shape loadstar.gpt_train/1.
nlohmann::json to_json(const GptTrainReport& report);

}  // namespace loadstar::service
