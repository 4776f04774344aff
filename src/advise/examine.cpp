#include "advise/examine.hpp"

#include <algorithm>

#include "advise/pricing.hpp"
#include "advise/together.hpp"
#include "advise/topics.hpp"

namespace loadstar::advise {

const std::vector<Topic>& topics() {
    static const std::vector<Topic> table{
        Topic{.id = "contract_demand",
              .title = {.en = "Contracted demand", .zh = "核定需量"},
              .examine = examine_contract_demand},
        Topic{.id = "coincident_peaks",
              .title = {.en = "Peaks of few intervals", .zh = "少数时段的尖峰"},
              .examine = examine_coincident_peaks},
        Topic{.id = "base_load",
              .title = {.en = "Night and weekend base load", .zh = "夜间和周末基础负荷"},
              .examine = examine_base_load},
        Topic{.id = "idle_machines",
              .title = {.en = "Idle machines", .zh = "设备空转"},
              .examine = examine_idle_machines},
        Topic{.id = "power_factor", .title = {.en = "Power factor", .zh = "功率因数"}, .examine = examine_power_factor},
        Topic{.id = "load_shift",
              .title = {.en = "Shift between tariff bands", .zh = "分时移峰"},
              .examine = examine_load_shift},
        Topic{.id = "battery", .title = {.en = "Battery", .zh = "电池储能"}, .examine = examine_battery},
    };
    return table;
}

Finding found_fine(Text remark) { return {.verdict = Verdict::fine, .remark = std::move(remark)}; }

Finding not_examined(Text remark) { return {.verdict = Verdict::not_examined, .remark = std::move(remark)}; }

Finding found(const Evidence& evidence, std::vector<Advice> advice, Text fine) {
    std::erase_if(advice, [&evidence](const Advice& one) { return !worth_telling(evidence, one); });
    if (advice.empty()) return found_fine(std::move(fine));
    return {.verdict = Verdict::advised, .advice = std::move(advice)};
}

std::vector<const Advice*> Examination::ranked() const {
    std::vector<const Advice*> all;
    for (const auto& finding : findings)
        for (const auto& advice : finding.advice) all.push_back(&advice);
    std::ranges::stable_sort(all, [](const Advice* a, const Advice* b) {
        if (a->saving.cost && b->saving.cost) return *a->saving.cost > *b->saving.cost;
        if (a->saving.cost || b->saving.cost) return a->saving.cost.has_value();
        return a->saving.energy > b->saving.energy;
    });
    return all;
}

Result<Examination> examine(const Evidence& evidence, Progress& progress) {
    Examination examination;
    for (const auto& topic : topics()) {
        if (progress.cancelled()) return Error{.code = ErrorCode::cancelled, .message = "stopped"};
        progress.report("advise", static_cast<std::int64_t>(examination.findings.size()),
                        static_cast<std::int64_t>(topics().size()));
        auto finding = topic.examine(evidence, progress);
        if (!finding) return with_context(finding.error(), "advice on " + topic.id);
        finding->topic = topic.id;
        finding->title = topic.title;
        examination.findings.push_back(std::move(*finding));
    }
    LOADSTAR_TRY(examination.together, followed_together(evidence, examination.findings, progress));
    return examination;
}

}  // namespace loadstar::advise
