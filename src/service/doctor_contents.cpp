// What is stored: is it complete, fresh, priced, forecast?

#include <algorithm>

#include <fmt/format.h>

#include "historian/models.hpp"
#include "historian/records.hpp"
#include "service/contract_terms.hpp"
#include "service/doctor_checks.hpp"

namespace loadstar::service::doctor {
namespace {

using historian::StoredSeries;

constexpr double enough_coverage = 0.9;
constexpr Duration late = hours(48);

/// Share of the slots of a series that hold a value.
Result<double> coverage(Session& session, const std::string& series) {
    LOADSTAR_TRY(const auto stored, session.series(series));
    if (stored.size() == 0) return 1.0;
    return static_cast<double>(stored.valid_count()) / stored.size();
}

/// When the last readings of the plant file's series came in; nothing when there are none.
std::optional<Instant> newest_reading(const Session& session, const std::vector<StoredSeries>& list) {
    std::optional<Instant> newest;
    for (const auto& stored : list)
        if (stored.last && session.mapping_of(stored.info.id) != nullptr) newest = std::max(newest, stored.last);
    return newest;
}

Finding judge(Session& session, const StoredSeries& stored, Instant newest) {
    const auto& zone = session.plant().time_zone;
    const auto& id = stored.info.id;
    Finding finding{.subject = "readings", .where = id};
    if (session.mapping_of(id) == nullptr) {
        finding.severity = Severity::note;
        finding.found = {"is stored, but no source of the plant file names it", "已存储，但工厂文件中没有数据源提供它"};
        return finding;
    }
    const auto share = coverage(session, id);
    if (!share) return problem_of("readings", share.error());
    const auto reach = zone.format(stored.last.value_or(newest));
    finding.found = {fmt::format("{:.1f} % of the slots until {}", 100 * *share, reach),
                     fmt::format("截至 {}，{:.1f} % 的时段有数值", reach, 100 * *share)};
    if (*share < enough_coverage) {
        finding.severity = Severity::warning;
        finding.advice = {"`loadstar status` lists the gaps", "`loadstar status` 列出缺口"};
    }
    if (stored.last && newest - *stored.last > late) {
        finding.severity = Severity::warning;
        finding.advice = {"other series go further, to " + zone.format(newest) + ": import newer files of this one",
                          "其他序列更新至 " + zone.format(newest) + "：请导入该序列较新的文件"};
    }
    return finding;
}

void check_readings(Session& session, const std::vector<historian::Damage>& damaged, Findings& findings,
                    Progress& progress) {
    const auto list = session.historian().series_list();
    if (!list) return findings.push_back(problem_of("readings", list.error()));
    const auto newest = newest_reading(session, *list);
    if (!newest) {
        return findings.push_back({.subject = "readings",
                                   .severity = Severity::warning,
                                   .found = {"no readings are stored", "尚无读数"},
                                   .advice = {"run `loadstar import`", "运行 `loadstar import`"}});
    }
    std::int64_t done = 0;
    for (const auto& stored : *list) {
        if (progress.cancelled()) return;
        progress.report("readings", done++, std::ssize(*list));
        const bool whole = std::ranges::find(damaged, stored.info.id, &historian::Damage::series) == damaged.end();
        if (whole) findings.push_back(judge(session, stored, *newest));
    }
    if (session.clock().now() - *newest > late) {
        const auto when = session.plant().time_zone.format(*newest);
        findings.push_back({.subject = "readings",
                            .severity = Severity::note,
                            .found = {"the last of all was at " + when + "; forecasts start there",
                                      "最后一个读数在 " + when + "；预测从该时刻开始"}});
    }
}

/// Are there prices for all of the time that the meter of a contract measured?
Finding priced(Session& session, const GridConnection& grid) {
    const auto connection = billed_connection(session.plant(), grid.id);
    if (!connection) return problem_of("contract", connection.error());
    Finding finding{.subject = "contract", .where = connection->contract.id};
    const auto covered = session.covered(connection->meter.series);
    if (!covered) {
        finding.severity = Severity::warning;
        finding.found = {"its meter has no readings: " + covered.error().message, "表计没有读数"};
        finding.advice = {covered.error().hint, "运行 `loadstar import`"};
        return finding;
    }
    const auto terms = contract_terms(session, grid.id, *covered, {});
    if (!terms) {
        finding.severity = Severity::warning;
        finding.where = terms.error().where.empty() ? finding.where : terms.error().where;
        finding.found = {terms.error().message, terms.error().message};
        finding.advice = {terms.error().hint, terms.error().hint};
        return finding;
    }
    finding.found = {"has a price for every slot of the readings", "所有读数时段均有电价"};
    return finding;
}

/// Which model forecasts a target.
Finding model_of(Session& session, const std::string& target) {
    const auto champion = historian::champion(session.historian(), target);
    if (!champion) return problem_of("models", champion.error());
    if (*champion) {
        const auto& model = **champion;
        const auto when = session.plant().time_zone.format(model.created_at);
        return {.subject = "models",
                .where = target,
                .found = {fmt::format("version {} ({}) of {} is in use", model.version, model.method, when),
                          fmt::format("使用版本 {}（{}），训练于 {}", model.version, model.method, when)}};
    }
    return {.subject = "models",
            .severity = Severity::note,
            .where = target,
            .found = {"no model is trained; forecasts repeat days of the same type", "尚无训练模型；预测重复同类型日"},
            .advice = {"run `loadstar train`", "运行 `loadstar train`"}};
}

void check_forecasts(Session& session, Findings& findings) {
    for (const auto& target : session.plant().forecast.targets) {
        findings.push_back(model_of(session, target.series));
        const auto newest = historian::newest_forecast(session.historian(), target.series);
        if (!newest) {
            findings.push_back(problem_of("forecasts", newest.error()));
        } else if (!*newest) {
            findings.push_back({.subject = "forecasts",
                                .severity = Severity::note,
                                .where = target.series,
                                .found = {"no forecast is stored yet", "尚无预测"},
                                .advice = {"run `loadstar forecast`", "运行 `loadstar forecast`"}});
        } else {
            const auto when = session.plant().time_zone.format((**newest).issued_at);
            findings.push_back({.subject = "forecasts",
                                .where = target.series,
                                .found = {"the newest was issued at " + when, "最新预测发布于 " + when}});
        }
    }
}

}  // namespace

void check_contents(Session& session, const std::vector<historian::Damage>& damaged, Findings& findings,
                    Progress& progress) {
    check_readings(session, damaged, findings, progress);
    for (const auto& grid : session.plant().grids)
        if (!grid.contract.empty()) findings.push_back(priced(session, grid));
    check_forecasts(session, findings);
}

}  // namespace loadstar::service::doctor
