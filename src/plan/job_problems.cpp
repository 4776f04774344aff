// Orders that are late or find no place, in the plant's words: which job, which machine, what would make it possible.

#include <algorithm>
#include <chrono>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "plan/job_shop.hpp"

namespace loadstar::plan {

std::optional<JobRun> JobShop::earliest_alone(int job) const {
    std::optional<JobRun> earliest;
    for (const int group : groups_of(job)) {
        const auto slots = starts(job, group);
        if (slots.empty() || (earliest && earliest->slot <= slots.front())) continue;
        earliest = JobRun{groups_[static_cast<std::size_t>(group)].machines.front(), slots.front()};
    }
    return earliest;
}

int JobShop::longest_opening(int job) const {
    int longest = 0;
    const auto& release = jobs_[static_cast<std::size_t>(job)]->release;
    for (const int group : groups_of(job)) {
        int run = 0;
        for (int slot = 0; slot < request_.axis.slots; ++slot) {
            const bool open = groups_[static_cast<std::size_t>(group)].open[static_cast<std::size_t>(slot)];
            run = open && request_.axis.slot_start(slot) >= release ? run + 1 : 0;
            longest = std::max(longest, run);
        }
    }
    return longest;
}

namespace {

/// The words of one order.
struct Order {
    const BatchJob& job;
    const TimeZone& zone;
    Duration length;
    std::string machines;

    [[nodiscard]] std::string when(Instant at) const { return zone.format(at).substr(0, 16); }
    [[nodiscard]] auto minutes_of(Duration duration) const {
        return std::chrono::duration_cast<minutes>(duration).count();
    }
    [[nodiscard]] OrderProblem told(Text problem, Text remedy) const {
        return {.job = job.id, .machine = machines, .problem = std::move(problem), .remedy = std::move(remedy)};
    }

    [[nodiscard]] OrderProblem no_opening(Duration longest) const {
        const auto needed = minutes_of(length);
        return told(
            {fmt::format("{} needs {} minutes in one piece; between its release and the end of the plan {} works "
                         "at most {} minutes in one piece",
                         job.id, needed, machines, minutes_of(longest)),
             fmt::format("{} 需要连续 {} 分钟；从投放到计划结束，{} 最多连续工作 {} 分钟", job.id, needed, machines,
                         minutes_of(longest))},
            {fmt::format("give {} a shift of {} minutes or more, name another machine, or plan more days", machines,
                         needed),
             fmt::format("给 {} 安排至少 {} 分钟的班次，指定其他设备，或延长计划天数", machines, needed)});
    }
    [[nodiscard]] OrderProblem due_too_early(const std::string& machine, Instant end) const {
        const auto latest = when(job.due - length);
        return told({fmt::format("{} is due {}, but even alone on {} it ends {} at the earliest", job.id, when(job.due),
                                 machine, when(end)),
                     fmt::format("{} 应于 {} 完成，但即使独占 {}，最早也要 {} 完成", job.id, when(job.due), machine,
                                 when(end))},
                    {fmt::format("agree on {} or later, or let it start by {}", when(end), latest),
                     fmt::format("交期改为 {} 或更晚，或使其能在 {} 前开工", when(end), latest)});
    }
    [[nodiscard]] OrderProblem crowded_out(std::optional<Instant> end) const {
        const auto fate = end ? fmt::format("is due {} and ends {}", when(job.due), when(*end))
                              : fmt::format("is due {} and finds no place", when(job.due));
        const auto fate_zh = end ? fmt::format("应于 {} 完成，计划 {} 完成", when(job.due), when(*end))
                                 : fmt::format("应于 {} 完成，无处安排", when(job.due));
        return told(
            {fmt::format("{} {}: other orders keep {} from it", job.id, fate, machines),
             fmt::format("{} {}：其他订单占用了 {}", job.id, fate_zh, machines)},
            {fmt::format("name another machine, lengthen the shifts of {}, or put it further up in the plant file",
                         machines),
             fmt::format("指定其他设备，延长 {} 的班次，或在工厂文件中把它排到更前", machines)});
    }
};

}  // namespace

std::optional<OrderProblem> JobShop::problem(int job, const std::optional<JobRun>& run) const {
    const auto& order = *jobs_[static_cast<std::size_t>(job)];
    if (end_of(job, run) <= order.due) return std::nullopt;  // without a place, a later plan still makes it in time
    const Order words{order, request_.plant->time_zone, length(job) * request_.axis.step,
                      fmt::format("{}", fmt::join(order.machines, ", "))};
    const auto alone = run && run->slot < 0 ? run : earliest_alone(job);
    if (!alone) return words.no_opening(longest_opening(job) * request_.axis.step);
    if (end_of(job, alone) > order.due) return words.due_too_early(alone->machine, end_of(job, alone));
    return words.crowded_out(run ? std::optional(end_of(job, run)) : std::nullopt);
}

}  // namespace loadstar::plan
