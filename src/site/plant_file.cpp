#include "site/plant_file.hpp"

#include <set>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "site/contract_reader.hpp"
#include "site/plant_change.hpp"
#include "site/readers.hpp"
#include "site/toml_document.hpp"

namespace loadstar {
namespace {

namespace fs = std::filesystem;

constexpr int plant_file_version = 1;

void read_site(Plant& plant, TableReader& reader) {
    plant.id = reader.text({"id", "short id of the site"}, plant.folder.filename().string());
    plant.name = reader.required_text({"name", "name of the plant"});
    plant.time_zone_name = reader.required_text({"time_zone", "IANA zone, such as Asia/Shanghai"});
    if (!plant.time_zone_name.empty() && !reader.describing()) {
        if (auto zone = TimeZone::find(plant.time_zone_name)) {
            plant.time_zone = *zone;
        } else {
            reader.mistake("time_zone", zone.error().message, zone.error().hint);
        }
    }
    plant.currency = reader.text({"currency", "ISO code of the currency"}, "CNY");
    const int step = reader.integer({"step_minutes", "length of a plan step"}, 15, {.minimum = 1, .maximum = 60});
    if (60 % step != 0)
        reader.mistake("step_minutes", fmt::format("expected a divisor of 60 for step_minutes, found {}", step));
    plant.step = minutes(step);
}

void read_calendar(Plant& plant, TableReader& reader) {
    const auto holidays = reader.days({"holidays", "public holidays"});
    const auto make_up = reader.days({"make_up_workdays", "weekend days that are worked instead"});
    const auto shutdowns = reader.days({"shutdowns", "announced stops of the whole plant"});
    plant.calendar.holidays = {holidays.begin(), holidays.end()};
    plant.calendar.make_up_workdays = {make_up.begin(), make_up.end()};
    plant.calendar.shutdowns = {shutdowns.begin(), shutdowns.end()};
    for (const auto& day : make_up) {
        if (plant.calendar.holidays.contains(day)) {
            reader.mistake("make_up_workdays",
                           fmt::format("{} is both a holiday and a make-up workday", to_string(day)));
        }
    }
}

ForecastTarget read_target(TableReader& reader) {
    ForecastTarget target;
    target.series = reader.required_reference({"series", "what to predict"}, "series");
    target.temperature_series = reader.reference({"temperature_series", "outdoor temperature"}, "series");
    target.known_series =
        reader.references({"known_series", "covariates known ahead, such as the production plan"}, "series");
    target.past_series = reader.references({"past_series", "covariates known up to the issue time"}, "series");
    return target;
}

void read_forecast(Plant& plant, TableReader& reader) {
    const auto issue =
        reader.text({"issue_time", "local time of day at which tomorrow is predicted, such as 10:00"}, "10:00");
    int hour = 0;
    int minute = 0;
    if (std::sscanf(issue.c_str(), "%2d:%2d", &hour, &minute) == 2 && hour >= 0 && hour < 24 && minute >= 0 &&
        minute < 60) {
        plant.forecast.issue_minute = hour * 60 + minute;
    } else {
        reader.mistake("issue_time",
                       fmt::format("expected a time of day such as \"10:00\" for issue_time, found \"{}\"", issue));
    }
    plant.forecast.latency =
        minutes(reader.integer({"latency_minutes", "how long readings take to arrive"}, 0, not_negative));
    reader.table_list({"target", "series to predict"},
                      [&plant](TableReader& target) { plant.forecast.targets.push_back(read_target(target)); });
}

void read_carbon_caps(CarbonCaps& caps, TableReader& reader) {
    const auto cap = [&reader](Key key) {
        const auto kg = reader.optional_number(key, not_negative);
        return kg ? std::optional(Carbon(*kg)) : std::nullopt;
    };
    caps.per_plan = cap({"carbon_cap_kg_per_plan", "most that what is bought emits over a plan"});
    caps.per_day = cap({"carbon_cap_kg_per_day", "most that what is bought emits on a local day"});
    caps.per_month = cap({"carbon_cap_kg_per_month", "most in a local month, in proportion to the part planned"});
    caps.excess_price = CarbonPrice(
        reader.number({"carbon_excess_price_per_kg", "price of a kilogram above a cap"}, 100, not_negative));
}

void read_settings(Plant& plant, TableReader& root) {
    root.table({"forecast", "what is predicted and when"},
               [&plant](TableReader& reader) { read_forecast(plant, reader); });
    root.table({"detect", "how anomalies are reported"}, [&plant](TableReader& reader) {
        plant.detect.false_alarms_per_month =
            reader.number({"false_alarms_per_month", "false alarms per month and meter you accept"}, 1, positive);
        plant.detect.series = reader.references({"series", "series to watch; every meter when absent"}, "series");
    });
    root.table({"plan", "how plans are made"}, [&plant](TableReader& reader) {
        plant.plan.carbon_price =
            CarbonPrice(reader.number({"carbon_price_per_t", "price of a tonne of CO2"}, 0, not_negative) / 1000.0);
        read_carbon_caps(plant.plan.carbon_caps, reader);
        plant.plan.horizon_days =
            reader.integer({"horizon_days", "days planned ahead"}, 1, {.minimum = 1, .maximum = 31});
    });
}

void read_lists(Plant& plant, TableReader& root) {
    auto& context = root.context();
    const auto into = [&context](auto& list, const char* kind, auto read) {
        return [&list, &context, kind, read](const std::string& id, TableReader& reader) {
            context.declare(kind, id);
            list.push_back(read(id, reader));
        };
    };
    root.named_tables({"carrier", "what flows"}, into(plant.carriers, "carrier", read_carrier));
    root.named_tables({"source", "files and their mapping"}, [&](const std::string& id, TableReader& reader) {
        plant.sources.push_back(read_source(id, reader, plant.folder));
        declare_series(plant.sources.back(), context);
    });
    root.named_tables({"meter", "measuring points"}, into(plant.meters, "meter", read_meter));
    root.named_tables({"contract", "supply contracts"}, into(plant.contracts, "contract", read_contract));
    root.named_tables({"grid", "connections"}, into(plant.grids, "grid", read_grid));
    root.named_tables({"battery", "batteries"}, into(plant.batteries, "battery", read_battery));
    root.named_tables({"store", "stores of other carriers: heat, cold, air, steam, water, product"},
                      into(plant.stores, "store", read_store));
    root.named_tables({"converter", "CHP, boilers, heat pumps, chillers, compressors"},
                      [&](const std::string& id, TableReader& reader) {
                          plant.converters.push_back(read_converter(id, reader, plant));
                      });
    root.named_tables({"load", "what the plant needs of a carrier"}, into(plant.loads, "load", read_fixed_load));
    root.named_tables({"photovoltaic", "PV fields"}, into(plant.photovoltaics, "photovoltaic", read_photovoltaic));
    root.named_tables({"shiftable_load", "loads that can move within a day"},
                      into(plant.shiftable_loads, "shiftable_load", read_shiftable_load));
    root.named_tables({"interruptible_load", "loads that can be cut"},
                      into(plant.interruptible_loads, "interruptible_load", read_interruptible_load));
    root.named_tables({"shift", "working hours"}, into(plant.shifts, "shift", read_shift));
    root.named_tables({"machine", "machines"}, into(plant.machines, "machine", read_machine));
    root.named_tables({"job", "batch jobs"}, [&](const std::string& id, TableReader& reader) {
        plant.jobs.push_back(read_job(id, reader, plant));
    });
}

void read_plant(Plant& plant, TableReader& root) {
    const int version =
        root.integer({"version", "version of the plant file format"}, plant_file_version, {.minimum = 1});
    if (version > plant_file_version) {
        root.mistake("version", fmt::format("expected version {} or older, found {}", plant_file_version, version),
                     "this file was written for a newer Loadstar");
    }
    root.table({"site", "the plant"}, [&plant](TableReader& reader) { read_site(plant, reader); });
    if (!root.describing() && !root.has("site"))
        root.mistake("", "[site] is missing", "start with [site], name and time_zone");
    root.table({"calendar", "days that are not like others"},
               [&plant](TableReader& reader) { read_calendar(plant, reader); });
    root.context().declare("carrier", "electricity");
    read_lists(plant, root);
    read_settings(plant, root);
    root.finish();
}

/// What a billing meter reads holds the losses behind it.
void check_losses(const Plant& plant, ReaderContext& context, const toml::table& file) {
    for (const auto& grid : plant.grids) {
        const auto* carrier = find_by_id(plant.carriers, grid.carrier);
        if (grid.meter.empty() || carrier == nullptr) continue;
        if (carrier->loss_share == 0 && carrier->standing_loss == 0) continue;
        const auto* node = file["carrier"][carrier->id].node();
        context.add_mistake(node == nullptr ? toml::source_region{} : node->source(),
                            fmt::format("carrier {} has losses, but meter {} of connection {} counts them already",
                                        carrier->id, grid.meter, grid.id),
                            "losses are for carriers that the plant makes or buys without a meter; a long line is a "
                            "converter that gives less than it draws");
    }
}

/// A cap on emissions that nothing counts towards is a mistake.
void check_caps(const Plant& plant, ReaderContext& context, const toml::table& file) {
    const auto& caps = plant.plan.carbon_caps;
    if (!caps.per_plan && !caps.per_day && !caps.per_month) return;
    for (const auto& carrier : plant.carriers)
        if (carrier.carbon_kg_per_unit > 0 || !carrier.carbon_series.empty()) return;
    context.add_mistake(file["plan"].node()->source(), "a cap on carbon, but no carrier has an emission factor",
                        "give carbon_kg_per_unit or carbon_series in [carrier.NAME]");
}

/// A series is foretold once, by values of its own nature.
void check_foretold(const Plant& plant, ReaderContext& context, const toml::table& file) {
    std::set<std::string> foretold;
    for (const auto& source : plant.sources) {
        for (std::size_t i = 0; i < source.columns.size(); ++i) {
            const auto& column = source.columns[i];
            if (column.forecast_of.empty()) continue;
            const auto where = file["source"][source.id]["column"][i]["forecast_of"].node()->source();
            if (!foretold.insert(column.forecast_of).second)
                context.add_mistake(where, fmt::format("{} is foretold by two series", column.forecast_of),
                                    "plans take one forecast from elsewhere: leave out forecast_of of the other");
            const auto* measured = column_that_fills(plant.sources, column.forecast_of);
            if (measured == nullptr) continue;  // told as an unknown series
            const bool is_temperature = column.kind == SeriesKind::temperature;
            if (is_temperature != (measured->kind == SeriesKind::temperature))
                context.add_mistake(
                    where,
                    fmt::format("expected a forecast of the kind of {}, found one of another", column.forecast_of),
                    "temperatures foretell temperatures, powers and energies each other");
        }
    }
}

/// Every file has an implicit carrier electricity, so that small plants need not declare it.
void add_electricity(Plant& plant) {
    if (find_by_id(plant.carriers, "electricity") == nullptr) {
        plant.carriers.insert(plant.carriers.begin(), Carrier{.id = "electricity", .carbon_source = ""});
    }
}

}  // namespace

Result<PlantReading> read_plant_file(const fs::path& path) { return read_plant_file(path, {}); }

Result<PlantReading> read_plant_file(const fs::path& path, const std::vector<PlantChange>& changes) {
    std::error_code status;
    const fs::path file = fs::is_directory(path, status) ? path / "plant.toml" : path;
    if (!fs::exists(file, status)) {
        return Error{.code = ErrorCode::not_found,
                     .message = "no plant file here",
                     .where = file.string(),
                     .hint = "a plant is a folder with plant.toml; `loadstar demo` makes one to look at"};
    }
    ReaderContext context(file.string());
    LOADSTAR_TRY(auto table, parse_toml_file(file, context));
    if (table)
        for (const auto& change : changes) apply(change, *table, context);
    if (!table) return PlantReading{.plant = std::nullopt, .mistakes = context.mistakes()};
    Plant plant(TimeZone::find("UTC").value());
    plant.file = file;
    plant.folder = file.has_parent_path() ? file.parent_path() : fs::path(".");
    TableReader root(&*table, context, nullptr);
    read_plant(plant, root);
    check_losses(plant, context, *table);
    check_caps(plant, context, *table);
    check_foretold(plant, context, *table);
    context.resolve_references();
    PlantReading reading{.plant = std::nullopt, .mistakes = sorted_mistakes(context)};
    add_electricity(plant);
    for (auto& source : plant.sources)
        if (source.stamp.time_zone.empty()) source.stamp.time_zone = plant.time_zone_name;
    if (reading.mistakes.empty()) reading.plant = std::move(plant);
    return reading;
}

Result<Plant> load_plant(const fs::path& path) { return load_plant(path, {}); }

Result<Plant> load_plant(const fs::path& path, const std::vector<PlantChange>& changes) {
    LOADSTAR_TRY(PlantReading reading, read_plant_file(path, changes));
    if (reading.plant) return std::move(*reading.plant);
    return as_error(reading.mistakes, "the plant file", path);
}

nlohmann::json plant_file_schema() {
    nlohmann::json schema{{"$schema", "https://json-schema.org/draft/2020-12/schema"},
                          {"title", "Loadstar plant file"},
                          {"required", {"site"}}};
    ReaderContext context("plant.toml");
    Plant plant(TimeZone::find("UTC").value());
    TableReader root(nullptr, context, &schema);
    read_plant(plant, root);
    return schema;
}

}  // namespace loadstar
