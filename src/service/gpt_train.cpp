#include "service/gpt_train.hpp"

#include <unistd.h>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "service/gpt_children.hpp"
#include "service/gpt_module.hpp"

namespace loadstar::service {
namespace {

Result<gpt::TrainingReport> train_alone(const gpt::TrainingOptions& options, Progress& progress, const Clock& clock) {
    LOADSTAR_TRY(const auto* module, gpt_module());
    return module->train(options, progress, clock);
}

/// A name that no process of this machine has used in this folder.
std::filesystem::path meeting_file(const std::filesystem::path& folder, const Clock& clock) {
    return folder / fmt::format(".meeting.{}.{}", ::getpid(), clock.now().time_since_epoch().count());
}

Result<gpt::TrainingReport> train_together(const GptTrainRequest& request, Progress& progress, const Clock& clock) {
    auto options = request.training;
    std::error_code ignored;  // what is wrong with the folder is said by whoever writes to it first
    std::filesystem::create_directories(options.save, ignored);
    options.rank = {.rank = 0, .size = request.data_parallel, .meeting_file = meeting_file(options.save, clock)};
    // LibTorch starts threads, which a child would not have: children come before the module is opened.
    LOADSTAR_TRY(auto children, GptChildren::start(request.data_parallel - 1, [&](int child) -> Result<void> {
                     auto own = options;
                     own.rank.rank = child + 1;
                     NoProgress silent;
                     const auto report = train_alone(own, silent, clock);
                     return report ? Result<void>() : report.error();
                 }));
    auto report = train_alone(options, progress, clock);
    std::filesystem::remove(options.rank.meeting_file, ignored);
    // A process that is gone makes this one fail too; any other error is its own, and the children end with it.
    if (!report && report.error().code != ErrorCode::internal) return report;
    const auto failed = children.wait();
    if (failed && failed->code != ErrorCode::cancelled) return *failed;
    return report;
}

}  // namespace

Result<GptTrainReport> gpt_train(const GptTrainRequest& request, Progress& progress, const Clock& clock) {
    if (request.data_parallel < 1)
        return Error{.code = ErrorCode::invalid_argument,
                     .message = fmt::format("expected 1 process or more, found {}", request.data_parallel)};
    LOADSTAR_TRY(auto training, request.data_parallel > 1 ? train_together(request, progress, clock)
                                                          : train_alone(request.training, progress, clock));
    return GptTrainReport{.training = std::move(training), .data_parallel = request.data_parallel};
}

nlohmann::json to_json(const GptTrainReport& report) {
    const auto number = [](const std::optional<double>& value) {
        return value ? nlohmann::json(*value) : nlohmann::json(nullptr);
    };
    const auto& training = report.training;
    return {{"schema", "loadstar.gpt_train/1"},
            {"iteration", training.iteration},
            {"resumed_from", training.resumed_from},
            {"consumed_samples", training.consumed_samples},
            {"skipped", training.skipped},
            {"loss", number(training.loss)},
            {"validation_loss", number(training.validation_loss)},
            {"tokens_per_second", number(training.tokens_per_second)},
            {"mfu", number(training.mfu)},
            {"parameters", training.parameters},
            {"trained_parameters", training.trained_parameters},
            {"data_parallel", report.data_parallel},
            {"checkpoint", training.checkpoint.string()},
            {"log", training.log.string()},
            {"loss_curve", training.loss_curve.string()}};
}

}  // namespace loadstar::service
