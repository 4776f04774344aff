#include "service/status.hpp"

#include <set>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "service/report_sections.hpp"

namespace loadstar::service {
namespace {

void add_gap(std::vector<Gap>& gaps, Instant start, Instant end, Reason reason) {
    if (!gaps.empty() && gaps.back().end == start) {
        gaps.back().end = end;
    } else {
        gaps.push_back({.start = start, .end = end, .reason = reason});
    }
}

/// Walks the slots of a series once.
void judge(SeriesStatus& status, const Series& series, const TimeZone& zone) {
    std::map<LocalDay, std::pair<int, int>> days;  // valid, all
    for (int slot = 0; slot < series.size(); ++slot) {
        const auto start = series.axis.slot_start(slot);
        auto& [valid, all] = days[zone.day_of(start)];
        const auto reason = series.reasons[static_cast<std::size_t>(slot)];
        ++all;
        if (!series.has(slot)) {
            add_gap(status.gaps, start, series.axis.slot_start(slot + 1), reason);
            continue;
        }
        ++valid;
        ++status.valid;
        if (reason != Reason::measured) ++status.remarks[reason];
    }
    status.slots = series.size();
    for (const auto& [day, counts] : days)
        status.day_share[day] = static_cast<double>(counts.first) / static_cast<double>(counts.second);
}

Result<SeriesStatus> status_of_series(Session& session, const historian::StoredSeries& stored) {
    SeriesStatus status{.info = stored.info, .readings = stored.readings, .first = stored.first, .last = stored.last};
    // A series that the plant file no longer names is kept, but nothing says how to read it.
    if (stored.readings == 0 || session.mapping_of(stored.info.id) == nullptr) return status;
    LOADSTAR_TRY(const auto series, session.series(stored.info.id));
    judge(status, series, session.plant().time_zone);
    return status;
}

/// Series that a contract takes prices from, each once.
std::set<std::string> price_series_of(const Contract& contract) {
    std::set<std::string> names;
    for (const auto* components : {&contract.energy, &contract.exports})
        for (const auto& component : *components)
            if (!component.price_series.empty()) names.insert(component.price_series);
    return names;
}

Text runs_out(const std::string& series, const std::string& contract, const std::string& end) {
    return {
        .en = fmt::format("the prices of {} end at {}, before the days that are planned next by contract {}; import "
                          "newer ones",
                          series, end, contract),
        .zh = fmt::format("电价序列 {} 止于 {}，不足以覆盖合同 {} 接下来要计划的日期；请导入更新的电价", series, end,
                          contract)};
}

/// Prices that end before the next plan does: bills and plans of those days cannot be made.
Result<std::vector<Text>> prices_that_run_out(Session& session) {
    const auto& plant = session.plant();
    const auto& zone = plant.time_zone;
    std::vector<Text> notes;
    for (const auto& grid : plant.grids) {
        const auto* contract = find_by_id(plant.contracts, grid.contract);
        const auto* meter = find_by_id(plant.meters, grid.meter);
        if (contract == nullptr || meter == nullptr) continue;
        const auto measured = session.covered(meter->series);
        if (!measured) continue;  // nothing is measured yet
        const auto planned_day = add_days(zone.day_of(measured->end() - Duration(1)), 1);
        const auto needed = zone.start_of_day(add_days(planned_day, plant.plan.horizon_days));
        for (const auto& series : price_series_of(*contract)) {
            const auto priced = session.covered(series);
            if (!priced && priced.error().code != ErrorCode::not_found) return priced.error();
            if (priced && priced->end() < needed)
                notes.push_back(runs_out(series, contract->id, zone.format(priced->end())));
        }
    }
    return notes;
}

nlohmann::json to_json(const SeriesStatus& status, const TimeZone& zone) {
    auto gaps = nlohmann::json::array();
    for (const auto& gap : status.gaps)
        gaps.push_back(
            {{"start", zone.format(gap.start)}, {"end", zone.format(gap.end)}, {"reason", to_string(gap.reason)}});
    auto remarks = nlohmann::json::object();
    for (const auto& [reason, slots] : status.remarks) remarks[to_string(reason)] = slots;
    auto days = nlohmann::json::object();
    for (const auto& [day, share] : status.day_share) days[to_string(day)] = share;
    const auto instant = [&zone](const std::optional<Instant>& at) {
        return at ? nlohmann::json(zone.format(*at)) : nlohmann::json();
    };
    return {{"id", status.info.id},         {"kind", to_string(status.info.kind)},
            {"unit", status.info.unit},     {"step_minutes", to_hours(status.info.step).value() * 60},
            {"readings", status.readings},  {"first", instant(status.first)},
            {"last", instant(status.last)}, {"slots", status.slots},
            {"valid_slots", status.valid},  {"gaps", gaps},
            {"remarks", remarks},           {"day_share", days}};
}

}  // namespace

Result<StatusReport> status_of(Session& session, const StatusRequest& request) {
    StatusReport report{.plant = session.plant().name};
    LOADSTAR_TRY(const auto list, session.historian().series_list());
    for (const auto& stored : list) {
        LOADSTAR_TRY(auto status, status_of_series(session, stored));
        report.series.push_back(std::move(status));
    }
    LOADSTAR_TRY(report.rejected, historian::rejection_counts(session.historian()));
    LOADSTAR_TRY(report.examples, historian::rejections(session.historian(), request.most_examples));
    LOADSTAR_TRY(report.ledger, ledger_of(session));
    LOADSTAR_TRY(report.notes, prices_that_run_out(session));
    LOADSTAR_TRY(report.digest, session.historian().digest());
    return report;
}

nlohmann::json to_json(const StatusReport& report, const TimeZone& zone) {
    auto series = nlohmann::json::array();
    for (const auto& status : report.series) series.push_back(to_json(status, zone));
    auto rejected = nlohmann::json::array();
    for (const auto& count : report.rejected)
        rejected.push_back({{"series", count.series}, {"reason", to_string(count.reason)}, {"rows", count.rows}});
    auto examples = nlohmann::json::array();
    for (const auto& row : report.examples) {
        examples.push_back({{"file", row.file},
                            {"line", row.line},
                            {"column", row.column},
                            {"series", row.series},
                            {"reason", to_string(row.reason)},
                            {"text", row.text}});
    }
    auto notes = nlohmann::json::array();
    for (const auto& note : report.notes) notes.push_back(to_json(note));
    return {{"schema", "loadstar.status/1"},
            {"plant", report.plant},
            {"series", series},
            {"rejected", rejected},
            {"examples", examples},
            {"ledger", to_json(report.ledger, zone)},
            {"notes", notes},
            {"digest", report.digest}};
}

}  // namespace loadstar::service
