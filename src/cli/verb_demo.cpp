#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/shell.hpp"
#include "cli/table.hpp"
#include "service/demo.hpp"

namespace loadstar::cli {
namespace {

std::string fault_name(const std::string& kind, const Shell& shell) {
    if (kind == "compressed_air_leak") return shell.tr("compressed air leak that grows", "压缩空气泄漏逐渐增大");
    if (kind == "chiller_fouling") return shell.tr("chiller that fouls", "冷水机组结垢");
    if (kind == "left_on") return shell.tr("left on at weekends", "周末未关机");
    return kind;
}

std::string readable(const service::DemoReport& report, const Shell& shell) {
    auto text = fmt::format("{}: {}\n{} - {}, {} {}\n", report.folder, report.plant, to_string(report.first),
                            to_string(report.last), report.files.size(), shell.tr("files", "个文件"));
    Table faults({shell.tr("fault in the data", "数据中的故障"), shell.tr("where", "位置"), shell.tr("from", "起"),
                  shell.tr("to", "止"), "kWh", report.currency},
                 {Align::left, Align::left, Align::left, Align::left});
    for (const auto& fault : report.faults)
        faults.add({fault_name(fault.kind, shell), fault.asset, to_string(report.zone.day_of(fault.start)),
                    to_string(report.zone.day_of(fault.end)), grouped(fault.wasted_kwh, 0), grouped(fault.cost, 0)});
    if (!report.faults.empty()) text += faults.text();
    return text + fmt::format("{} loadstar run {}\n", shell.tr("next:", "下一步："), report.folder);
}

}  // namespace

void add_demo(CLI::App& app, Shell& shell) {
    auto* verb = app.add_subcommand("demo", "make the folder of a simulated electronics plant, to look at and to try");
    verb->footer(
        "Three faults are in its data; truth/ beside them says what they cost.\nExamples:\n  loadstar demo my_plant\n"
        "  loadstar demo /tmp/quarter --days 90 --seed 7");
    auto* folder = verb->add_option("folder", "a folder that is new or empty")->required();
    auto* seed = verb->add_option("--seed", "another seed gives another year")->check(CLI::NonNegativeNumber);
    auto* days = verb->add_option("--days", "the last days of the year only, 3 to 365")->check(CLI::Range(3, 365));
    verb->callback([folder, seed, days, &shell] {
        service::DemoRequest request{.folder = folder->as<std::string>()};
        if (seed->count() > 0) request.seed = seed->as<std::uint64_t>();
        if (days->count() > 0) request.days = days->as<int>();
        shell.finish(service::make_demo(request, shell.progress()), [&shell](const service::DemoReport& report) {
            shell.print(to_json(report), [&] { return readable(report, shell); });
        });
    });
}

}  // namespace loadstar::cli
