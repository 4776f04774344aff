#include <memory>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/gpt_training_options.hpp"
#include "cli/table.hpp"
#include "cli/verb_gpt.hpp"

namespace loadstar::cli {
namespace {

std::string count(std::int64_t number) { return grouped(static_cast<double>(number), 0); }

std::string readable(const gpt::TrainingReport& report, const Shell& shell) {
    Table table({shell.tr("figure", "指标"), shell.tr("value", "值")}, {Align::left, Align::right});
    table.add({shell.tr("iteration", "迭代"), count(report.iteration)});
    if (report.resumed_from > 0) table.add({shell.tr("went on from", "续训起点"), count(report.resumed_from)});
    table.add({shell.tr("samples", "样本"), count(report.consumed_samples)});
    if (report.skipped > 0) table.add({shell.tr("skipped steps", "跳过的步"), count(report.skipped)});
    if (report.loss) table.add({shell.tr("training loss", "训练损失"), fmt::format("{:.4f}", *report.loss)});
    if (report.validation_loss)
        table.add({shell.tr("validation loss", "验证损失"), fmt::format("{:.4f}", *report.validation_loss)});
    if (report.tokens_per_second)
        table.add({shell.tr("tokens per second", "词元/秒"), grouped(*report.tokens_per_second, 0)});
    if (report.mfu) table.add({"MFU", fmt::format("{:.1f} %", 100 * *report.mfu)});
    table.add({shell.tr("parameters", "参数量"), count(report.parameters)});
    table.add({shell.tr("of which learn", "其中参与训练"), count(report.trained_parameters)});
    return table.text() + fmt::format("{} {}\n{} {}\n{} {}\n", shell.tr("checkpoint:", "检查点："),
                                      report.checkpoint.string(), shell.tr("log:", "日志："), report.log.string(),
                                      shell.tr("loss curve:", "损失曲线："), report.loss_curve.string());
}

void finish(Result<service::GptTrainReport>&& result, Shell& shell) {
    shell.finish(std::move(result), [&shell](const service::GptTrainReport& report) {
        shell.print(to_json(report), [&] { return readable(report.training, shell); });
    });
}

struct PretrainOptions {
    GptFormOptions form;
    GptTrainingOptions training;
    PlaceOptions place;
};

Result<service::GptTrainReport> pretrain(const PretrainOptions& typed, Shell& shell) {
    LOADSTAR_TRY(auto request, typed.training.chosen());
    request.training.model = typed.form.chosen();
    request.training.place = typed.place.chosen();
    return service::gpt_train(request, shell.progress(), shell.clock());
}

struct FinetuneOptions {
    ModelOptions model;
    GptTrainingOptions training;
};

Result<service::GptTrainReport> finetune(const FinetuneOptions& typed, Shell& shell) {
    LOADSTAR_TRY(auto request, typed.training.chosen());
    LOADSTAR_TRY(request.training.model, typed.model.source());
    request.training.place = typed.model.place.chosen();
    return service::gpt_train(request, shell.progress(), shell.clock());
}

}  // namespace

void add_gpt_pretrain(CLI::App& group, Shell& shell) {
    auto* verb = group.add_subcommand("pretrain", "train a new model on indexed datasets");
    verb->footer(
        "Examples:\n  loadstar gpt pretrain --save runs/1 --data-path load --num-layers 4 --hidden-size 128 "
        "--num-attention-heads 4 --vocab-size 4096\n    --max-position-embeddings 512 --seq-length 512 "
        "--micro-batch-size 4 --global-batch-size 16 --train-iters 1000 --lr 1e-3\n"
        "  the same again goes on where it stopped");
    const auto typed = std::make_shared<PretrainOptions>();
    typed->form.add_to(*verb);
    typed->training.add_to(*verb);
    typed->place.add_to(*verb);
    verb->callback([typed, &shell] { finish(pretrain(*typed, shell), shell); });
}

void add_gpt_finetune(CLI::App& group, Shell& shell) {
    auto* verb = group.add_subcommand("finetune", "train the weights of a checkpoint further, from iteration 0");
    verb->footer(
        "Examples:\n  loadstar gpt finetune runs/1 --save runs/2 --data-path plant --seq-length 512 "
        "--micro-batch-size 4 --global-batch-size 16\n    --train-iters 200 --lr 1e-4 --lora-rank 8 --freeze "
        "'decoder.layers.0.*'");
    const auto typed = std::make_shared<FinetuneOptions>();
    typed->model.add_to(*verb);
    typed->training.add_to(*verb);
    verb->callback([typed, &shell] { finish(finetune(*typed, shell), shell); });
}

}  // namespace loadstar::cli
