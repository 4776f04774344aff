#include "gpt/training.hpp"

#include "gpt/torch_errors.hpp"
#include "gpt/training_run.hpp"

namespace loadstar::gpt {

Result<TrainingReport> train(const TrainingOptions& options, Progress& progress, const Clock& clock) {
    return with_torch_errors("training", [&]() -> Result<TrainingReport> {
        LOADSTAR_TRY(const auto run, TrainingRun::start(options, clock));
        return run->finish(progress);
    });
}

}  // namespace loadstar::gpt
