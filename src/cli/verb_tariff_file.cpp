// The verbs `tariff check` and `tariff import`.
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/verb_tariff.hpp"
#include "service/tariff_file.hpp"

namespace loadstar::cli {
namespace {

constexpr int mistakes_found = 3;

std::string listed(const std::vector<Mistake>& mistakes, const Shell& shell) {
    std::string text;
    for (const auto& mistake : mistakes) {
        text += fmt::format("{}: {}\n", mistake.where, mistake.message);
        if (!mistake.hint.empty()) text += fmt::format("  {}: {}\n", shell.tr("hint", "提示"), mistake.hint);
    }
    return text;
}

std::string outline(const service::ContractOutline& contract, const Shell& shell) {
    auto text = fmt::format("{} ({}): {}, {}/{}\n", contract.name, contract.id, contract.carrier, contract.currency,
                            contract.unit);
    const auto add = [&text](const std::string& what, const std::vector<std::string>& names) {
        if (!names.empty()) text += fmt::format("  {}: {}\n", what, fmt::join(names, ", "));
    };
    add(shell.tr("bands", "电价段"), contract.bands);
    add(shell.tr("energy", "电量"), contract.energy);
    add(shell.tr("export", "上网"), contract.exports);
    add(shell.tr("demand", "需量"), contract.demands);
    add(shell.tr("fixed", "固定"), contract.fixed);
    add(shell.tr("taxes", "税费"), contract.taxes);
    return text;
}

std::string readable(const service::TariffCheckReport& report, const Shell& shell) {
    std::string text;
    for (const auto& contract : report.contracts) text += outline(contract, shell);
    if (!report.remarks.empty()) text += shell.tr("remarks", "说明") + ":\n" + listed(report.remarks, shell);
    if (report.mistakes.empty())
        return text + fmt::format("{}: {}\n", report.file, shell.tr("no mistakes", "没有错误"));
    return text + listed(report.mistakes, shell) +
           fmt::format("{} {}\n", report.mistakes.size(), shell.tr("mistakes", "处错误"));
}

/// The blocks for the plant file; what was assumed stands in comments, so that the whole can be pasted.
std::string readable(const service::TariffImport& import, const Shell& shell) {
    auto text = fmt::format("# {} {} ({})\n", shell.tr("made from", "来源"), import.check.file, import.check.format);
    for (const auto& remark : import.check.remarks) text += fmt::format("# {}: {}\n", remark.where, remark.message);
    return text + import.toml;
}

struct ImportOptions {
    std::string file;
    std::string contract = "imported";
    std::string carrier = "electricity";
};

void run_import(const ImportOptions& options, Shell& shell) {
    const service::TariffImportRequest request{
        .file = options.file, .contract = options.contract, .carrier = options.carrier};
    shell.finish(service::import_tariff(request), [&shell](const service::TariffImport& import) {
        if (!import.toml.empty()) return shell.print(to_json(import), [&] { return readable(import, shell); });
        shell.print(to_json(import), [&] { return readable(import.check, shell); });
        shell.set_exit_code(mistakes_found);
    });
}

}  // namespace

void add_tariff_check(CLI::App& group, Shell& shell) {
    auto* verb = group.add_subcommand("check", "list every mistake of a tariff file, or what was understood of it");
    verb->footer("Examples:\n  loadstar tariff check examples/steel_works\n  loadstar tariff check offer.json");
    const auto file = std::make_shared<std::string>();
    verb->add_option("file", *file,
                     "plant file or its folder, URDB rate (JSON), charges of a plant or price curves (CSV)")
        ->required();
    verb->callback([file, &shell] {
        shell.finish(service::check_tariff(*file), [&shell](const service::TariffCheckReport& report) {
            shell.print(to_json(report), [&] { return readable(report, shell); });
            if (!report.mistakes.empty()) shell.set_exit_code(mistakes_found);
        });
    });
}

void add_tariff_import(CLI::App& group, Shell& shell) {
    auto* verb = group.add_subcommand("import", "a foreign tariff file as a contract for the plant file");
    verb->footer(
        "Examples:\n  loadstar tariff import offer.json --contract offer >> plants/north/plant.toml\n"
        "  loadstar tariff import charges.csv --contract gas_2026 --carrier gas");
    const auto options = std::make_shared<ImportOptions>();
    verb->add_option("file", options->file, "URDB rate (JSON), charges of a plant or price curves (CSV)")->required();
    verb->add_option("--contract", options->contract, "id of the contract in the plant file")->capture_default_str();
    verb->add_option("--carrier", options->carrier, "which contract of a file with several")->capture_default_str();
    verb->callback([options, &shell] { run_import(*options, shell); });
}

}  // namespace loadstar::cli
