#include "service/ablate.hpp"

#include <limits>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "service/forecasting.hpp"
#include "service/neural_module.hpp"

namespace loadstar::service {
namespace {

std::vector<float> values_of(const Series& series) {
    std::vector<float> values;
    for (int slot = 0; slot < series.size(); ++slot)
        values.push_back(series.has(slot) ? static_cast<float>(series.values[static_cast<std::size_t>(slot)])
                                          : std::numeric_limits<float>::quiet_NaN());
    return values;
}

Text verdict_of(const neural::AblationReport& report) {
    if (report.text_helps)
        return {.en =
                    "the pre-trained frozen body beats the random frozen one by more than 1 % CRPS with every seed: "
                    "pre-training on text helps here",
                .zh = "预训练冻结主体在每个随机种子下的 CRPS 均比随机冻结主体低 1 % 以上：文本预训练在此有帮助"};
    return {.en =
                "the pre-trained frozen body does not beat the random frozen one by more than 1 % CRPS with each of "
                "three seeds: no claim that pre-training on text helps",
            .zh = "预训练冻结主体未能在三个随机种子下的 CRPS 均比随机冻结主体低 1 % 以上：不能断言文本预训练有帮助"};
}

nlohmann::json json_of(const neural::ArmResult& arm) {
    return {{"name", arm.name}, {"parameters", arm.parameters}, {"trained", arm.trained}, {"crps", arm.crps},
            {"mean", arm.mean}, {"spread", arm.spread},         {"seconds", arm.seconds}};
}

}  // namespace

Result<AblateReport> ablate(Session& session, const AblateChoice& choice, Progress& progress) {
    LOADSTAR_TRY(const auto* module, neural_module());
    const auto wanted = choice.series.empty() ? std::vector<std::string>() : std::vector{choice.series};
    LOADSTAR_TRY(const auto targets, targets_of(session.plant(), wanted));
    LOADSTAR_TRY(const auto history, session.target_history(targets.front()));
    auto options = choice.options;
    options.history = values_of(history.target);
    AblateReport report{.plant = session.plant().name,
                        .series = targets.front(),
                        .unit = history.target.info.unit,
                        .points = static_cast<std::int64_t>(options.history.size())};
    LOADSTAR_TRY(report.result, module->ablate(options, progress, session.clock()));
    report.verdict = verdict_of(report.result);
    return report;
}

nlohmann::json to_json(const AblateChoice& choice, const AblateReport& report) {
    const auto& options = choice.options;
    nlohmann::json json{{"schema", "loadstar.ablate/1"},
                        {"plant", report.plant},
                        {"series", report.series},
                        {"unit", report.unit},
                        {"points", report.points},
                        {"checkpoint", options.text.checkpoint.string()},
                        {"layers", report.result.layers},
                        {"hidden_size", report.result.hidden_size},
                        {"patch", options.windows.patch},
                        {"context", options.windows.context},
                        {"horizon", options.windows.horizon},
                        {"batch", options.windows.batch},
                        {"steps", options.steps},
                        {"learning_rate", options.learning_rate},
                        {"training_starts", report.result.training_starts},
                        {"evaluations", report.result.evaluations},
                        {"arms", nlohmann::json::array()},
                        {"text_helps", report.result.text_helps},
                        {"verdict", {{"en", report.verdict.en}, {"zh", report.verdict.zh}}}};
    for (const auto& arm : report.result.arms) json["arms"].push_back(json_of(arm));
    return json;
}

}  // namespace loadstar::service
