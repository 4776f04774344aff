#include "service/run_steps.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "service/bill.hpp"
#include "service/import.hpp"
#include "service/status.hpp"

namespace loadstar::service {
namespace {

std::string whole(std::int64_t count) { return grouped(static_cast<double>(count), 0); }

double to_double(const Decimal& amount) { return amount.to_double(); }

/// Local month in which the readings of the connections with a contract begin.
Result<std::chrono::year_month> first_billed_month(Session& session) {
    std::optional<Instant> first;
    for (const auto& grid : session.plant().grids) {
        const auto* meter = find_by_id(session.plant().meters, grid.meter);
        if (grid.contract.empty() || meter == nullptr) continue;
        LOADSTAR_TRY(const auto covered, session.covered(meter->series));
        first = std::min(first.value_or(covered.start), covered.start);
    }
    const auto day = session.plant().time_zone.day_of(first.value_or(Instant{}));
    return day.year() / day.month();
}

}  // namespace

StepTold no_contract() {
    return skipped({.en = "no connection of the plant file has a contract", .zh = "工厂文件中没有带合同的接入点"});
}

bool has_contract(const Plant& plant) {
    return std::ranges::any_of(plant.grids, [](const GridConnection& grid) { return !grid.contract.empty(); });
}

std::string local_day(const TimeZone& zone, Instant instant) { return loadstar::to_string(zone.day_of(instant)); }

StepResult import_step(StepContext& context) {
    LOADSTAR_TRY(const auto report, import_files(context.session, {}, context.progress));
    std::int64_t rows = 0;
    std::int64_t rejected = 0;
    std::int64_t repaired = 0;
    historian::ImportTotals totals;
    for (const auto& file : report.files) {
        rows += file.report.rows;
        rejected += file.report.rejected;
        repaired += file.report.repaired;
        totals += file.totals;
    }
    return StepTold{
        .summary = {.en = fmt::format("{} files, {} rows: {} new readings, {} known already, {} rejected, {} repaired",
                                      report.files.size(), whole(rows), whole(totals.added),
                                      whole(totals.duplicate + totals.superseded), whole(rejected), whole(repaired)),
                    .zh = fmt::format("{} 个文件、{} 行：新读数 {}，已有 {}，拒绝 {}，修复 {}", report.files.size(),
                                      whole(rows), whole(totals.added), whole(totals.duplicate + totals.superseded),
                                      whole(rejected), whole(repaired))}};
}

StepResult status_step(StepContext& context) {
    LOADSTAR_TRY(const auto report, status_of(context.session, {.most_examples = 0}));
    std::int64_t slots = 0;
    std::int64_t valid = 0;
    std::size_t gaps = 0;
    std::optional<Instant> first;
    std::optional<Instant> last;
    for (const auto& series : report.series) {
        slots += series.slots;
        valid += series.valid;
        gaps += series.gaps.size();
        if (series.first) first = std::min(first.value_or(*series.first), *series.first);
        if (series.last) last = std::max(last.value_or(*series.last), *series.last);
    }
    if (!first || !last || slots == 0) return skipped({.en = "nothing is stored yet", .zh = "尚无数据"});
    const auto& zone = context.session.plant().time_zone;
    const auto share = 100.0 * static_cast<double>(valid) / static_cast<double>(slots);
    return StepTold{
        .summary = {
            .en = fmt::format("{} series from {} to {}: {:.2f} % of the slots hold a value, {} gaps",
                              report.series.size(), local_day(zone, *first), local_day(zone, *last), share, gaps),
            .zh = fmt::format("{} 个序列，{} 至 {}：{:.2f} % 的时段有值，{} 处缺口", report.series.size(),
                              local_day(zone, *first), local_day(zone, *last), share, gaps)}};
}

StepResult bill_step(StepContext& context) {
    if (!has_contract(context.session.plant())) return no_contract();
    LOADSTAR_TRY(const auto first, first_billed_month(context.session));
    const auto today = context.session.plant().time_zone.day_of(context.session.clock().now());
    const BillRequest request{.first = first, .last = today.year() / today.month()};
    LOADSTAR_TRY(const auto report, bill_plant(context.session, request, context.progress));
    std::string totals;
    for (const auto& total : report.totals) {
        totals +=
            fmt::format("{}{} {}", totals.empty() ? "" : " + ", grouped(to_double(total.amount), 2), total.currency);
    }
    // The connection named first in the plant file is the one that matters most.
    const auto& main = report.bills.front().grid;
    const auto& latest =
        *std::find_if(report.bills.rbegin(), report.bills.rend(), [&](const auto& bill) { return bill.grid == main; });
    const auto month = local_day(report.zone, latest.bill.period.start).substr(0, 7);
    const auto amount = grouped(to_double(latest.bill.total), 2);
    return StepTold{.summary = {.en = fmt::format("{} bills, {}; the latest, {} {}: {}", report.bills.size(), totals,
                                                  latest.grid, month, amount),
                                .zh = fmt::format("{} 张账单，共 {}；最近一张 {} {}：{}", report.bills.size(), totals,
                                                  latest.grid, month, amount)}};
}

}  // namespace loadstar::service
