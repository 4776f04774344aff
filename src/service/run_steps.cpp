#include "service/run_steps.hpp"

#include <algorithm>
#include <numeric>

#include <fmt/format.h>

#include "service/bill.hpp"
#include "service/forecast.hpp"
#include "service/import.hpp"
#include "service/status.hpp"

namespace loadstar::service {
namespace {

StepTold skipped(const char* en, const char* zh) { return {StepOutcome::skipped, {.en = en, .zh = zh}}; }

std::string whole(std::int64_t count) { return grouped(static_cast<double>(count), 0); }

double to_double(const Decimal& amount) { return amount.to_double(); }

/// "2025-01-01"
std::string day_text(const TimeZone& zone, Instant instant) { return loadstar::to_string(zone.day_of(instant)); }

bool has_contract(const Plant& plant) {
    return std::ranges::any_of(plant.grids, [](const GridConnection& grid) { return !grid.contract.empty(); });
}

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

/// What a forecast says of its days in one figure: amounts are summed, rates and levels averaged.
Text day_figure(Session& session, const forecast::Forecast& forecast) {
    double sum = 0;
    for (int slot = 0; slot < forecast.axis.slots; ++slot) sum += forecast.median(slot);
    const auto* mapping = session.mapping_of(forecast.series);
    const bool is_amount =
        mapping != nullptr && (mapping->kind == SeriesKind::interval_energy ||
                               mapping->kind == SeriesKind::register_reading || mapping->kind == SeriesKind::count);
    if (is_amount) {
        const auto figure = grouped(sum, 0) + " " + forecast.unit;
        return {.en = figure, .zh = figure};
    }
    const auto mean = grouped(sum / std::max(1, forecast.axis.slots), 1) + " " + forecast.unit;
    return {.en = mean + " on average", .zh = "平均 " + mean};
}

}  // namespace

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
    if (!first || !last || slots == 0) return skipped("nothing is stored yet", "尚无数据");
    const auto& zone = context.session.plant().time_zone;
    const auto share = 100.0 * static_cast<double>(valid) / static_cast<double>(slots);
    return StepTold{
        .summary = {.en = fmt::format("{} series from {} to {}: {:.2f} % of the slots hold a value, {} gaps",
                                      report.series.size(), day_text(zone, *first), day_text(zone, *last), share, gaps),
                    .zh = fmt::format("{} 个序列，{} 至 {}：{:.2f} % 的时段有值，{} 处缺口", report.series.size(),
                                      day_text(zone, *first), day_text(zone, *last), share, gaps)}};
}

StepResult bill_step(StepContext& context) {
    if (!has_contract(context.session.plant())) {
        return skipped("no connection of the plant file has a contract", "工厂文件中没有带合同的接入点");
    }
    LOADSTAR_TRY(const auto first, first_billed_month(context.session));
    const auto today = context.session.plant().time_zone.day_of(context.session.clock().now());
    const BillRequest request{.first = first, .last = today.year() / today.month()};
    LOADSTAR_TRY(const auto report, bill_plant(context.session, request, context.progress));
    std::string totals;
    for (const auto& total : report.totals) {
        totals +=
            fmt::format("{}{} {}", totals.empty() ? "" : " + ", grouped(to_double(total.amount), 2), total.currency);
    }
    const auto& latest = report.bills.back();
    const auto month = day_text(report.zone, latest.bill.period.start).substr(0, 7);
    const auto amount = grouped(to_double(latest.bill.total), 2);
    return StepTold{.summary = {.en = fmt::format("{} bills, {}; the latest, {} {}: {}", report.bills.size(), totals,
                                                  latest.grid, month, amount),
                                .zh = fmt::format("{} 张账单，共 {}；最近一张 {} {}：{}", report.bills.size(), totals,
                                                  latest.grid, month, amount)}};
}

StepResult forecast_step(StepContext& context) {
    if (context.session.plant().forecast.targets.empty()) {
        return skipped("the plant file names no [[forecast.target]]", "工厂文件中没有 [[forecast.target]]");
    }
    LOADSTAR_TRY(const auto report, forecast_days(context.session, {}, context.progress));
    Text summary;
    for (const auto& forecast : report.forecasts) {
        const auto figure = day_figure(context.session, forecast);
        const auto day = day_text(report.zone, forecast.axis.start);
        summary.en += fmt::format("{}{} on {}: {} ({})", summary.en.empty() ? "" : "; ", forecast.series, day,
                                  figure.en, forecast.method);
        summary.zh += fmt::format("{}{} {}：{}（{}）", summary.zh.empty() ? "" : "；", forecast.series, day, figure.zh,
                                  forecast.method);
    }
    return StepTold{.summary = std::move(summary)};
}

}  // namespace loadstar::service
