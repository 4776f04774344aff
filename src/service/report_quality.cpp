#include "service/report_quality.hpp"

#include <algorithm>
#include <filesystem>

#include <nlohmann/json.hpp>

#include "service/report_sections.hpp"
#include "service/report_words.hpp"

namespace loadstar::service {
namespace {

using nlohmann::json;

constexpr std::size_t shown_examples = 12;

const char* outcome_of(Reason reason) { return has_value(reason) ? "repaired" : "rejected"; }

/// Coverage of one series; null when it has no readings within the year.
json coverage_json(const SeriesStatus& series, const Plant& plant, const ReportScope& scope) {
    const auto& zone = plant.time_zone;
    const auto first = zone.day_of(scope.axis.start);
    const auto last = zone.day_of(scope.axis.end() - Duration(1));
    auto days = json::array();
    std::optional<LocalDay> first_shown;
    double sum = 0;
    for (const auto& [day, share] : series.day_share) {
        if (day < first || day > last) continue;
        if (!first_shown) first_shown = day;
        days.push_back(100 * share);
        sum += share;
    }
    if (!first_shown) return nullptr;
    return {{"id", series.info.id},
            {"name", to_json(series_name(plant, series.info.id))},
            {"coverage_percent", 100 * sum / static_cast<double>(days.size())},
            {"first_day", to_string(*first_shown)},
            {"daily_percent", std::move(days)}};
}

json example_json(const Rejection& row) {
    const auto name = reason_name(row.reason);
    return {{"file", std::filesystem::path(row.file).filename().string()},
            {"line", row.line},
            {"column", row.column},
            {"code", to_string(row.reason)},
            {"message", to_json(Text{row.text, name.zh + "：" + row.text})}};
}

}  // namespace

Result<json> data_quality_section(Session& session, const StatusReport& status, const ReportScope& scope) {
    LOADSTAR_TRY(const auto imports, historian::current_imports(session.historian()));
    std::int64_t accepted = 0;
    for (const auto& import : imports) accepted += import.totals.all();
    auto coverage = json::array();
    for (const auto& series : status.series)
        if (auto shown = coverage_json(series, session.plant(), scope); !shown.is_null())
            coverage.push_back(std::move(shown));
    // What lacks most is what the reader can mend.
    std::stable_sort(coverage.begin(), coverage.end(),
                     [](const json& a, const json& b) { return a["coverage_percent"] < b["coverage_percent"]; });
    std::map<Reason, std::int64_t> counts;
    for (const auto& count : status.rejected) counts[count.reason] += count.rows;
    std::int64_t repaired = 0;
    std::int64_t rejected = 0;
    auto reasons = json::array();
    for (const auto& [reason, rows] : counts) {
        (has_value(reason) ? repaired : rejected) += rows;
        reasons.push_back({{"code", to_string(reason)},
                           {"label", to_json(reason_name(reason))},
                           {"outcome", outcome_of(reason)},
                           {"count", rows}});
    }
    std::sort(reasons.begin(), reasons.end(), [](const json& a, const json& b) { return a["count"] > b["count"]; });
    auto examples = json::array();
    for (std::size_t i = 0; i < std::min(shown_examples, status.examples.size()); ++i)
        examples.push_back(example_json(status.examples[i]));
    return json{{"readings_accepted", accepted},   {"rows_repaired", repaired},     {"rows_rejected", rejected},
                {"coverage", std::move(coverage)}, {"reasons", std::move(reasons)}, {"examples", std::move(examples)}};
}

}  // namespace loadstar::service
