#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/shell.hpp"
#include "cli/table.hpp"
#include "service/advise.hpp"

namespace loadstar::cli {
namespace {

constexpr double kg_per_tonne = 1000;

std::string amount(const std::optional<Money>& value) { return value ? grouped(value->value(), 0) : "-"; }
std::string amount(const std::optional<Energy>& value) { return value ? grouped(value->value(), 0) : "-"; }
std::string tonnes(const std::optional<Carbon>& value) {
    return value ? grouped(value->value() / kg_per_tonne, 1) : "-";
}

std::string confidence(advise::Confidence level, const Shell& shell) {
    switch (level) {
        case advise::Confidence::low: return shell.tr("low", "低");
        case advise::Confidence::medium: return shell.tr("medium", "中");
        case advise::Confidence::high: return shell.tr("high", "高");
    }
    return "";
}

std::string verdict(advise::Verdict verdict, const Shell& shell) {
    switch (verdict) {
        case advise::Verdict::advised: return shell.tr("advice", "有建议");
        case advise::Verdict::fine: return shell.tr("fine", "正常");
        case advise::Verdict::not_examined: return shell.tr("not examined", "未检查");
    }
    return "";
}

std::string heading(const service::AdviseReport& report, const Shell& shell) {
    const auto last = report.zone.day_of(report.window.end() - report.window.step);
    auto text = fmt::format("{}: {} {} - {}", report.plant, shell.tr("advice on", "用能建议"),
                            to_string(report.zone.day_of(report.window.start)), to_string(last));
    if (!report.periods.empty()) {
        text += fmt::format(" ({} {} {})", shell.tr("billed again", "重算"), report.periods.size(),
                            shell.tr("periods", "个账期"));
    }
    return text + "\n\n";
}

std::string overview(const service::AdviseReport& report, const Shell& shell) {
    Table table({"", shell.tr("advice", "建议"), "kWh/a", fmt::format("{}/{}", report.currency, shell.tr("a", "年")),
                 "tCO2/a", shell.tr("confidence", "可信度")},
                {Align::right, Align::left, Align::right, Align::right, Align::right, Align::left});
    int rank = 0;
    for (const auto* advice : report.examination.ranked()) {
        table.add({std::to_string(++rank), advice->title.in(shell.language()), amount(advice->saving.energy),
                   amount(advice->saving.cost), tonnes(advice->saving.carbon), confidence(advice->confidence, shell)});
    }
    return rank > 0 ? table.text() + "\n" : "";
}

std::string investment_text(const advise::Investment& investment, const std::string& currency, const Shell& shell) {
    auto text =
        fmt::format("   {}: {} {}", shell.tr("investment", "投资"), grouped(investment.cost.value(), 0), currency);
    if (investment.payback_years)
        text += fmt::format("; {} {:.1f} {}", shell.tr("payback", "回收期"), *investment.payback_years,
                            shell.tr("years", "年"));
    if (investment.net_present_value) {
        text += fmt::format("; {} {} {}", shell.tr("net present value", "净现值"),
                            grouped(investment.net_present_value->value(), 0), currency);
    }
    return text + "\n";
}

std::string details(const advise::Advice& advice, const std::string& currency, const Shell& shell) {
    const auto language = shell.language();
    auto text = advice.text.in(language) + "\n";
    if (advice.investment) text += investment_text(*advice.investment, currency, shell);
    for (const auto& evidence : advice.evidence) text += "   - " + evidence.in(language) + "\n";
    text += fmt::format("   {}: {}\n", shell.tr("computed", "计算方法"), advice.how_computed.in(language));
    text += fmt::format("   {} {}: {}\n", shell.tr("confidence", "可信度"), confidence(advice.confidence, shell),
                        advice.confidence_reason.in(language));
    return text;
}

std::string all_details(const service::AdviseReport& report, const Shell& shell) {
    std::string text;
    int rank = 0;
    for (const auto* advice : report.examination.ranked()) {
        text += fmt::format("{}. {}\n   {}\n", ++rank, advice->title.in(shell.language()),
                            details(*advice, report.currency, shell));
    }
    return text;
}

std::string together_text(const service::AdviseReport& report, const Shell& shell) {
    const auto& together = report.examination.together;
    if (!together) return "";
    Money sum;
    for (const auto* advice : report.examination.ranked()) sum += advice->saving.cost.value_or(Money(0));
    const auto saved = fmt::format("{} {}", amount(together->saving.cost), report.currency);
    const auto pieces = grouped(sum.value(), 0);
    const bool chinese = shell.language() == Language::chinese;
    auto text = chinese ? fmt::format("全部采纳一年共省 {}；单项相加为 {}，部分节省相互重叠。", saved, pieces)
                        : fmt::format(
                              "All of it together saves {} a year; the pieces alone add up to {}, but some save "
                              "the same money.",
                              saved, pieces);
    for (const auto& title : together->no_longer_worth_it) {
        text += chinese ? fmt::format("采纳其余建议后，“{}”不再划算。", title.zh)
                        : fmt::format(" Once the rest is followed, this is no longer worth it: {}.", title.en);
    }
    return text + "\n\n";
}

std::string readable(const service::AdviseReport& report, const Shell& shell) {
    auto text =
        heading(report, shell) + overview(report, shell) + together_text(report, shell) + all_details(report, shell);
    for (const auto& finding : report.examination.findings) {
        if (finding.verdict == advise::Verdict::advised) continue;
        text += fmt::format("{} ({}): {}\n", finding.title.in(shell.language()), verdict(finding.verdict, shell),
                            finding.remark.in(shell.language()));
    }
    for (const auto& note : report.notes) text += note.in(shell.language()) + "\n";
    if (report.emission) {
        text += fmt::format("tCO2: {} kg/kWh, {}\n", report.emission->factor.value(), report.emission->source);
    }
    return text;
}

}  // namespace

void add_advise(CLI::App& app, Shell& shell) {
    auto* verb = app.add_subcommand("advise", "what would make the plant's energy cheaper or less, in money and kWh");
    verb->footer(
        "Examples:\n"
        "  loadstar advise examples/steel_works\n"
        "  loadstar advise examples/steel_works --lang zh\n"
        "  loadstar advise examples/three_machines --json");
    shell.add_plant(*verb);
    shell.add_no_store(*verb);
    const auto request = std::make_shared<service::AdviseRequest>();
    verb->add_option("--grid", request->grid, "connection to examine; the first with a contract by default");
    auto& assumptions = request->assumptions;
    verb->add_option("--interest", assumptions.discount_rate, "interest per year of money invested, 0.08 by default")
        ->check(CLI::Range(0.0, 1.0));
    verb->add_option("--battery-life", assumptions.battery_life_years, "years a battery lasts, 10 by default")
        ->check(CLI::Range(1.0, 50.0));
    verb->add_option("--kept-share", assumptions.kept_share_of_saving,
                     "part of a battery's saving that is kept when loads must be forecast, 0.7 by default")
        ->check(CLI::Range(0.0, 1.0));
    verb->callback([request, &shell] {
        auto session = service::Session::open(shell.plant(), historian::OpenMode::read, shell.clock());
        if (!session) return shell.fail(session.error());
        shell.finish(service::advise_plant(*session, *request, shell.progress()),
                     [&](const service::AdviseReport& report) {
                         shell.print_and_keep(
                             to_json(report), [&] { return service::keep_advice(*session, report); },
                             [&] { return readable(report, shell); });
                     });
    });
}

}  // namespace loadstar::cli
