#include "service/report_drivers.hpp"

#include <algorithm>
#include <cmath>

#include <nlohmann/json.hpp>

#include "historian/records.hpp"
#include "series/units.hpp"
#include "service/explanation.hpp"
#include "service/report_sections.hpp"
#include "service/report_words.hpp"

namespace loadstar::service {
namespace {

using nlohmann::json;

json part_json(const DriverOfDay& driver, const TimeZone& zone) {
    auto hours = json::array();
    for (const auto& hour : driver.hours) hours.push_back({{"start", zone.format(hour.start)}, {"mean_kw", hour.part}});
    return {{"id", driver.id},
            {"name", to_json(driver.name)},
            {"mean_kw", driver.part},
            {"share_percent", driver.percent ? json(*driver.percent) : json()},
            {"hours", std::move(hours)}};
}

void scale(forecast::Attribution& attribution, double factor) {
    for (auto& value : attribution.base) value *= factor;
    for (auto& part : attribution.parts)
        for (auto& value : part.values) value *= factor;
}

/// Whether there is a value for every slot.
bool is_whole(const forecast::Attribution& attribution, const Horizon& axis) {
    const auto slots = static_cast<std::size_t>(axis.slots);
    return slots > 0 && attribution.base.size() == slots &&
           std::ranges::all_of(attribution.parts, [&](const auto& part) { return part.values.size() == slots; });
}

/// The member from a stored forecast; nothing when it carries no explanation.
std::optional<json> drivers_json(const historian::ForecastRecord& record, double factor, const TimeZone& zone) {
    const auto payload = json::parse(record.payload);
    if (!payload.contains("explanation")) return std::nullopt;
    auto attribution = attribution_of(payload.at("explanation"));
    if (!attribution || !is_whole(*attribution, record.axis)) return std::nullopt;
    scale(*attribution, factor);
    auto day = explained_days(*attribution, record.axis, /*is_amount=*/false, zone).front();
    std::ranges::stable_sort(
        day.drivers, [](const auto& one, const auto& other) { return std::abs(one.part) > std::abs(other.part); });
    auto parts = json::array();
    for (const auto& driver : day.drivers) parts.push_back(part_json(driver, zone));
    const auto end = std::min(zone.start_of_day(add_days(day.day, 1)), record.axis.end());
    return json{{"issued_at", zone.format(record.issued_at)},
                {"period", {{"start", zone.format(record.axis.start)}, {"end", zone.format(end)}}},
                {"method", to_json(method_name(record.method))},
                {"base_kw", day.base},
                {"forecast_kw", day.forecast},
                {"departure_kw", day.forecast - day.base},
                {"parts", std::move(parts)}};
}

}  // namespace

Result<std::optional<json>> kept_drivers(Session& session, const SeriesInfo& target, Instant from, Instant to) try {
    LOADSTAR_TRY(const auto kept, historian::forecasts(session.historian(), target.id, from, to + Duration(1)));
    for (auto record = kept.rbegin(); record != kept.rend(); ++record) {
        const double factor = mean_power_per_value(target, record->axis.step);
        if (auto drivers = drivers_json(*record, factor, session.plant().time_zone)) return drivers;
    }
    return std::optional<json>();
} catch (const json::exception&) {
    return Error{.code = ErrorCode::io_error,
                 .message = "a stored forecast cannot be read",
                 .where = target.id,
                 .hint = "run `loadstar forecast --explain` again"};
}

}  // namespace loadstar::service
