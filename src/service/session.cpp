#include "service/session.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/nearest.hpp"
#include "ingest/regularise.hpp"
#include "series/units.hpp"
#include "service/drivers.hpp"
#include "site/plant_file.hpp"

namespace loadstar::service {
namespace {

/// The smallest run of whole steps that holds [first, end). Steps are counted from local midnight: in a zone of half an
/// hour, an hour of the plant begins at its own full hour.
Horizon aligned(Instant first, Instant end, Duration step, const TimeZone& zone) {
    const auto midnight = zone.start_of_day(zone.day_of(first));
    const Instant start = first - (first - midnight) % step;
    const auto slots = (end - start + step - Duration(1)) / step;
    return {.start = start, .step = step, .slots = static_cast<int>(slots)};
}

/// Where no reading has reached nothing is known, whatever a missing row in between means.
void clear_outside(Series& series, const Horizon& covered) {
    for (int slot = 0; slot < series.size(); ++slot) {
        const auto start = series.axis.slot_start(slot);
        if (start < covered.start || start >= covered.end()) series.clear(slot, Reason::missing);
    }
}

}  // namespace

std::vector<const Source*> sources_of(const Plant& plant, const std::string& series) {
    std::vector<const Source*> found;
    for (const auto& source : plant.sources) {
        const bool any =
            std::ranges::any_of(source.columns, [&](const auto& column) { return fills(source, column, series); });
        if (any) found.push_back(&source);
    }
    return found;
}

std::string name_in_historian(const Plant& plant, const std::filesystem::path& file) {
    const auto inside = file.lexically_proximate(plant.folder);
    return inside.begin() != inside.end() && *inside.begin() == ".." ? file.string() : inside.string();
}

Result<Session> Session::open(const std::filesystem::path& plant, historian::OpenMode mode, const Clock& clock) {
    LOADSTAR_TRY(auto loaded, load_plant(plant));
    auto shared = std::make_shared<const Plant>(std::move(loaded));
    LOADSTAR_TRY(auto historian, historian::Historian::open(shared->folder / historian_file, mode, clock.now()));
    return Session(std::move(shared), std::move(historian), clock);
}

const ColumnMapping* Session::mapping_of(const std::string& series) const {
    for (const auto& source : plant_->sources) {
        for (const auto& column : source.columns) {
            if (fills(source, column, series)) return &column;
        }
    }
    return nullptr;
}

Result<Horizon> Session::covered(const std::string& series) {
    LOADSTAR_TRY(const auto stored, historian_.series(series));
    if (!stored.first || !stored.last) {
        return Error{.code = ErrorCode::not_found,
                     .message = "the series has no readings",
                     .where = series,
                     .hint = "run `loadstar import` with the files that hold it"};
    }
    const bool counter = stored.info.kind == SeriesKind::register_reading;
    const auto end = counter ? *stored.last : *stored.last + stored.info.step;
    return aligned(*stored.first, end, plant_->step, plant_->time_zone);
}

Result<Series> Session::series(const std::string& id, const Horizon& axis) {
    const auto* declared = mapping_of(id);
    if (declared == nullptr) {
        return Error{.code = ErrorCode::not_found,
                     .message = fmt::format("no source of the plant file fills the series {}", id),
                     .where = plant_->file.string(),
                     .hint = "add a [[source.NAME.column]] for it"};
    }
    auto mapping = *declared;
    mapping.series = id;
    // A counter needs the standing before the first slot and the one that ends the last; a level the one that still
    // holds.
    const auto margin = std::max<Duration>(mapping.step, hours(24));
    LOADSTAR_TRY(const auto readings, historian_.readings(id, axis.start - margin, axis.end() + margin));
    LOADSTAR_TRY(auto series, ingest::regularise(mapping, readings, axis));
    if (mapping.missing == MissingMeaning::zero) {
        LOADSTAR_TRY(const auto known, covered(id));
        clear_outside(series, known);
    }
    return series;
}

Result<Series> Session::series(const std::string& id) {
    LOADSTAR_TRY(const auto axis, covered(id));
    return series(id, axis);
}

Result<Series> Session::mean_power(const std::string& id, const Horizon& axis) {
    LOADSTAR_TRY(const auto found, series(id, axis));
    return in_base_power(found);
}

Result<Series> Session::interval_energy(const std::string& id, const Horizon& axis) {
    LOADSTAR_TRY(auto found, series(id, axis));
    if (found.info.kind == SeriesKind::interval_energy) return found;
    return to_interval_energy(found);
}

Result<features::TargetHistory> Session::target_history(const std::string& id) {
    const auto& targets = plant_->forecast.targets;
    const auto target = std::ranges::find_if(targets, [&](const ForecastTarget& one) { return one.series == id; });
    if (target == targets.end()) {
        std::vector<std::string> known;
        for (const auto& one : targets) known.push_back(one.series);
        const auto close = nearest(id, known);
        return Error{.code = ErrorCode::not_found,
                     .message = fmt::format("{} is no forecast target of the plant file", id),
                     .where = plant_->file.string(),
                     .hint = close.empty() ? "add a [[forecast.target]]" : fmt::format("did you mean {}?", close)};
    }
    LOADSTAR_TRY(auto axis, covered(id));
    LOADSTAR_TRY(auto measured, series(id, axis));
    features::TargetHistory history{.target = std::move(measured),
                                    .zone = plant_->time_zone,
                                    .calendar = plant_->calendar,
                                    .latency = plant_->forecast.latency};
    LOADSTAR_CHECK(add_covariates(history, *target));
    return history;
}

Result<bool> Session::has_readings(const std::string& id) {
    const auto found = historian_.series(id);
    if (found) return found->first.has_value();
    if (found.error().code == ErrorCode::not_found) return false;
    return found.error();
}

Result<std::vector<std::string>> Session::with_readings(const std::vector<std::string>& ids) {
    std::vector<std::string> stored;
    for (const auto& id : ids) {
        LOADSTAR_TRY(const bool is_stored, has_readings(id));
        if (is_stored) stored.push_back(id);
    }
    return stored;
}

Result<void> Session::add_covariates(features::TargetHistory& history, const ForecastTarget& target) {
    const auto& axis = history.target.axis;
    auto chosen = covariates_of(*plant_, target);
    if (chosen.by_default) {
        LOADSTAR_TRY(chosen.temperature, with_readings(chosen.temperature));
        LOADSTAR_TRY(chosen.past, with_readings(chosen.past));
        LOADSTAR_TRY(chosen.known, with_readings(chosen.known));
    }
    for (const auto& name : chosen.temperature) {
        LOADSTAR_TRY(history.temperature, series(name, axis));
    }
    for (const auto& name : chosen.past) {
        LOADSTAR_TRY(auto past, series(name, axis));
        history.past.push_back(std::move(past));
    }
    for (const auto& name : chosen.known) {
        LOADSTAR_TRY(const auto reach, covered(name));
        auto ahead = axis;
        ahead.slots = std::max(axis.slots, static_cast<int>((reach.end() - axis.start) / axis.step));
        LOADSTAR_TRY(auto known, series(name, ahead));
        history.known.push_back(std::move(known));
    }
    return {};
}

}  // namespace loadstar::service
