#include <memory>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/gpt_options.hpp"
#include "cli/table.hpp"
#include "cli/verb_gpt.hpp"
#include "service/gpt_diff.hpp"

namespace loadstar::cli {
namespace {

using service::GptComparedWeight;
using service::GptDiffReport;

constexpr int differences_found = 12;

/// The options as they are typed.
struct Options {
    std::string first, second;
    double tolerance = 0;
    ReadOptions reading;
};

std::string form(const std::optional<service::GptWeightForm>& form, const Shell& shell) {
    return form ? fmt::format("{} {}", form->type, megatron::shape_text(form->shape)) : shell.tr("absent", "无");
}

std::string values(const GptComparedWeight& weight, const Shell& shell) {
    if (!weight.first || !weight.second || weight.first->shape != weight.second->shape) return "";
    auto text = fmt::format("{:.3g}", weight.largest);
    if (weight.not_finite > 0) text += fmt::format(", {} {}", weight.not_finite, shell.tr("not finite", "个非有限值"));
    return text;
}

std::string readable(const GptDiffReport& report, const Shell& shell) {
    std::size_t same = 0;
    Table table({shell.tr("weight", "权重"), shell.tr("first", "第一个"), shell.tr("second", "第二个"),
                 shell.tr("unequal", "不同元素"), shell.tr("largest difference", "最大差")},
                {Align::left, Align::left, Align::left, Align::right, Align::right});
    for (const auto& weight : report.weights) {
        if (weight.same) {
            ++same;
            continue;
        }
        table.add({weight.name, form(weight.first, shell), form(weight.second, shell),
                   grouped(static_cast<double>(weight.unequal), 0), values(weight, shell)});
    }
    const auto total = fmt::format("{} / {} {}; {} {:.3g}\n", same, report.weights.size(),
                                   shell.tr("weights are the same", "个权重相同"),
                                   shell.tr("largest difference", "最大差"), report.largest());
    return report.same() ? total : table.text() + total;
}

}  // namespace

void add_gpt_diff(CLI::App& group, Shell& shell) {
    auto* verb = group.add_subcommand("diff", "compare the weights of two checkpoints, whatever their forms");
    verb->footer(
        "Examples:\n  loadstar gpt diff checkpoints/run7 run7_hf\n"
        "  loadstar gpt diff run7 run8 --tolerance 1e-6 --json");
    const auto typed = std::make_shared<Options>();
    verb->add_option("first", typed->first, "a file, or the folder of a checkpoint")->required();
    verb->add_option("second", typed->second, "another")->required();
    verb->add_option("--tolerance", typed->tolerance, "absolute difference that counts as none")
        ->check(CLI::NonNegativeNumber)
        ->capture_default_str();
    typed->reading.add_to(*verb);
    verb->callback([typed, &shell] {
        const service::GptDiffRequest request{.first = typed->first,
                                              .second = typed->second,
                                              .options = typed->reading.chosen(),
                                              .tolerance = typed->tolerance};
        shell.finish(service::gpt_diff(request, shell.progress()), [&shell](const GptDiffReport& report) {
            shell.print(to_json(report), [&] { return readable(report, shell); });
            if (!report.same()) shell.set_exit_code(differences_found);
        });
    });
}

}  // namespace loadstar::cli
