#include "service/report_alarms.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "service/report_sections.hpp"
#include "service/report_words.hpp"

namespace loadstar::service {
namespace {

using nlohmann::json;

constexpr std::size_t shown_alarms = 8;

/// A chart of power: energy per slot is spread over the slot, other units stay as they are.
struct ChartUnit {
    std::string name;
    double scale = 1;
};

ChartUnit chart_unit(const ColumnMapping* mapping, double step_minutes) {
    if (mapping == nullptr) return {.name = ""};
    const bool is_flow = mapping->kind == SeriesKind::interval_energy || mapping->kind == SeriesKind::register_reading;
    if (!is_flow) return {.name = mapping->unit};
    return {.name = mapping->unit == "kWh" ? "kW" : mapping->unit + "/h", .scale = 60 / step_minutes};
}

json scaled(json series, double scale) {
    for (auto& value : series["values"])
        if (value.is_number()) value = value.get<double>() * scale;
    return series;
}

/// What `detect` said about the alarm, and where it stands now.
json alarm_json(const Session& session, const historian::AlarmRecord& alarm) {
    const auto& plant = session.plant();
    const auto details = json::parse(alarm.payload, nullptr, false);
    if (!details.is_object() || !details.contains("title")) return nullptr;
    json shown{{"id", alarm.id},
               {"meter", to_json(series_name(plant, alarm.series))},
               {"title", details["title"]},
               {"start", plant.time_zone.format(alarm.start)},
               {"end", details.value("end", plant.time_zone.format(alarm.end.value_or(alarm.start)))},
               {"state", historian::to_string(alarm.state)},
               {"excess_kwh", details.value("excess", json())},
               {"excess_unit", details.value("unit", "kWh")},
               {"excess_cost", details.value("cost", json())},
               {"evidence", details.value("evidence", json::array())}};
    if (details.contains("cause")) shown["cause"] = details["cause"];
    if (!details.contains("chart")) return shown;
    const auto& chart = details["chart"];
    const auto unit = chart_unit(session.mapping_of(alarm.series), chart["measured"].value("step_minutes", 15.0));
    shown["unit"] = unit.name;
    shown["measured_kw"] = scaled(chart["measured"], unit.scale);
    shown["expected_kw"] = scaled(chart["expected"], unit.scale);
    return shown;
}

}  // namespace

Result<std::vector<historian::AlarmRecord>> alarms_of_report(Session& session, const ReportScope& scope) {
    LOADSTAR_TRY(auto alarms,
                 historian::alarms(session.historian(),
                                   {.now = session.clock().now(), .from = scope.axis.start, .to = scope.axis.end()}));
    std::ranges::stable_sort(alarms, std::ranges::greater{}, [](const historian::AlarmRecord& alarm) {
        return std::pair(alarm.cost.value(), alarm.excess.value());  // less than expected costs nothing
    });
    return alarms;
}

json alarms_section(const Session& session, const std::vector<historian::AlarmRecord>& alarms) {
    auto list = json::array();
    for (std::size_t i = 0; i < std::min(shown_alarms, alarms.size()); ++i)
        if (auto shown = alarm_json(session, alarms[i]); !shown.is_null()) list.push_back(std::move(shown));
    return {{"false_alarms_allowed_per_month", session.plant().detect.false_alarms_per_month},
            {"found", alarms.size()},
            {"alarms", std::move(list)}};
}

}  // namespace loadstar::service
