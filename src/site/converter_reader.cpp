#include <cmath>

#include <fmt/format.h>

#include "site/readers.hpp"

namespace loadstar {
namespace {

/// Output of a condensing boiler over the lower heating value of its fuel: more than this is no efficiency.
constexpr double highest_efficiency = 1.12;

/// Amounts of one point; what is given counts negative.
void read_amounts(OperatingPoint& point, TableReader& reader) {
    const auto read = [&](Key key, double sign) {
        for (const auto& [carrier, amount] : reader.number_map(key)) {
            reader.context().refer("carrier", carrier, reader.region(key.name));
            if (amount < 0)
                reader.mistake(key.name,
                               fmt::format("expected an amount of at least 0, found {} for {}", amount, carrier));
            if (point.draws.contains(carrier))
                reader.mistake(key.name, fmt::format("{} is both drawn and given", carrier), "name the net amount");
            point.draws[carrier] += sign * amount;
        }
    };
    read({"draws_per_hour", "carrier = amount drawn per hour at this load, in the unit of the carrier (kW for kWh)"},
         1);
    read({"gives_per_hour", "carrier = amount given per hour at this load, in the unit of the carrier (kW for kWh)"},
         -1);
}

/// Energy given over energy drawn, of the carriers that count in kWh; nullopt when nothing drawn does.
std::optional<double> efficiency(const OperatingPoint& point, const Plant& plant) {
    double drawn = 0;
    double given = 0;
    for (const auto& [id, amount] : point.draws) {
        const auto* carrier = find_by_id(plant.carriers, id);
        const bool energy = carrier == nullptr ? id == "electricity" : carrier->unit == "kWh";
        if (!energy && amount > 0) return std::nullopt;
        if (energy) (amount > 0 ? drawn : given) += std::abs(amount);
    }
    return drawn > 0 ? std::optional(given / drawn) : std::nullopt;
}

void check_efficiency(const Converter& converter, const Plant& plant, TableReader& reader) {
    if (converter.kind == ConverterKind::heat_pump || converter.kind == ConverterKind::chiller) return;
    for (const auto& point : converter.points) {
        const auto found = efficiency(point, plant);
        if (!found || *found <= highest_efficiency) continue;
        reader.mistake("gives_per_hour",
                       fmt::format("{} gives {:.2f} kWh per kWh drawn at load {}, expected at most {}", converter.id,
                                   *found, point.load, highest_efficiency),
                       "machines that lift heat have kind = \"heat_pump\" or \"chiller\"");
    }
}

/// Everything drawn and given must not fall when the load rises.
void check_curve(const Converter& converter, TableReader& reader) {
    for (std::size_t i = 1; i < converter.points.size(); ++i) {
        const auto& before = converter.points[i - 1];
        const auto& after = converter.points[i];
        if (after.load <= before.load) {
            reader.mistake("part_load",
                           fmt::format("part_load out of order: load {} after {}", after.load, before.load),
                           "list the points by rising load, below 1");
        }
        for (const auto& [carrier, amount] : before.draws) {
            const auto later = after.draws.find(carrier);
            const double full = later == after.draws.end() ? 0 : later->second;
            if (std::abs(full) >= std::abs(amount)) continue;
            reader.mistake("part_load",
                           fmt::format("{} falls from {} to {} per hour between load {} and {}", carrier,
                                       std::abs(amount), std::abs(full), before.load, after.load),
                           "what is drawn and given rises with the load");
        }
    }
}

void read_points(Converter& converter, TableReader& reader) {
    OperatingPoint full;
    read_amounts(full, reader);
    reader.table_list(
        {"part_load", "points below full load, by rising load; the first is the least it runs at"},
        [&converter](TableReader& part) {
            OperatingPoint point;
            point.load = part.required_number({"load", "share of full load"}, {.minimum = 0, .maximum = 1});
            read_amounts(point, part);
            converter.points.push_back(std::move(point));
        });
    const auto least =
        reader.optional_number({"min_load", "least share of full load it can run at; 0 when absent"}, share);
    if (least && !converter.points.empty())
        reader.mistake("min_load", "min_load and part_load exclude each other",
                       "the first point of part_load is the least load");
    if (converter.points.empty()) {
        OperatingPoint point{.load = least.value_or(0), .draws = {}};
        if (point.load > 0)
            for (const auto& [carrier, amount] : full.draws) point.draws[carrier] = point.load * amount;
        if (point.load < 1) converter.points.push_back(std::move(point));
    }
    converter.points.push_back(std::move(full));
}

void check_gives(const Converter& converter, TableReader& reader) {
    for (const auto& [carrier, amount] : converter.points.back().draws)
        if (amount < 0) return;
    reader.mistake("", fmt::format("converter {} gives nothing", converter.id),
                   "name what it gives at full load, such as gives_per_hour = { heat = 1150 }");
}

/// Starts and hours of running cost what they cost, whatever the size.
void scale(Converter& converter, double factor) {
    for (auto& point : converter.points)
        for (auto& [carrier, amount] : point.draws) amount *= factor;
    converter.full_load_cost = factor * converter.full_load_cost;
}

void read_temperature(Converter& converter, TableReader& reader) {
    converter.temperature_series =
        reader.reference({"temperature_series", "outdoor temperature that changes what it draws and gives"}, "series");
    reader.table_list({"temperature", "factors by rising outdoor temperature"}, [&converter](TableReader& point) {
        converter.temperature.push_back(
            {.celsius = point.required_number({"celsius", "outdoor temperature"}),
             .draws_factor = point.number({"draws_factor", "multiplies what it draws"}, 1, positive),
             .gives_factor = point.number({"gives_factor", "multiplies what it gives"}, 1, positive)});
    });
    if (reader.describing()) return;
    for (std::size_t i = 1; i < converter.temperature.size(); ++i) {
        if (converter.temperature[i].celsius > converter.temperature[i - 1].celsius) continue;
        reader.mistake("temperature",
                       fmt::format("temperature out of order: {} after {}", converter.temperature[i].celsius,
                                   converter.temperature[i - 1].celsius));
    }
    if (converter.temperature_series.empty() != converter.temperature.empty())
        reader.mistake("temperature", "temperature_series and [[converter.NAME.temperature]] need each other");
}

void read_outages(Converter& converter, TableReader& reader, const TimeZone& zone) {
    reader.table_list({"outage", "maintenance and other times in which it does not run"}, [&](TableReader& outage) {
        const auto from = outage.optional_instant({"from", "first instant"}, zone);
        const auto until = outage.optional_instant({"until", "end, not included"}, zone);
        if (outage.describing()) return;
        if (!from || !until || *until <= *from) {
            outage.mistake("", "expected an outage with from before until");
            return;
        }
        converter.outages.push_back({*from, *until});
    });
}

}  // namespace

Converter read_converter(const std::string& id, TableReader& reader, const Plant& plant) {
    Converter converter;
    converter.id = id;
    converter.name = reader.text({"name", "name people use"}, id);
    converter.kind = reader.choice<ConverterKind>({"kind", "what it is"},
                                                  {{"chp", ConverterKind::chp},
                                                   {"boiler", ConverterKind::boiler},
                                                   {"heat_pump", ConverterKind::heat_pump},
                                                   {"chiller", ConverterKind::chiller},
                                                   {"compressor", ConverterKind::compressor},
                                                   {"other", ConverterKind::other}},
                                                  ConverterKind::other);
    read_points(converter, reader);
    converter.count = reader.integer({"count", "identical machines"}, 1, {.minimum = 1, .maximum = 1000});
    converter.start_cost = Money(reader.number({"start_cost", "cost of a start of one machine"}, 0, not_negative));
    converter.running_cost =
        MoneyRate(reader.number({"running_cost_per_hour", "per machine and hour that it runs"}, 0, not_negative));
    converter.full_load_cost = MoneyRate(reader.number(
        {"full_load_cost_per_hour", "per machine and hour at full load, in proportion below: maintenance"}, 0,
        not_negative));
    converter.min_up = Hours(reader.number({"min_up_hours", "shortest run"}, 0, not_negative));
    converter.min_down = Hours(reader.number({"min_down_hours", "shortest stop"}, 0, not_negative));
    if (reader.has("max_starts_per_day") || reader.describing())
        converter.max_starts_per_day =
            reader.integer({"max_starts_per_day", "most starts of all its machines on a local day"}, 0,
                           {.minimum = 0, .maximum = 1000});
    converter.ramp_per_hour = reader.optional_number(
        {"ramp_per_hour", "share of full load by which it changes in an hour at most"}, positive);
    scale(converter, reader.number({"scale",
                                    "multiplies what it draws, gives and costs by load in a study of "
                                    "another size"},
                                   1, not_negative));
    converter.max_load_series = reader.reference(
        {"max_load_series", "most load of a machine slot by slot, as a share of full load: water, wind, wear"},
        "series");
    read_temperature(converter, reader);
    read_outages(converter, reader, plant.time_zone);
    converter.series = reader.reference_map({"series", "carrier = its readings, where metered"}, "series");
    if (reader.describing()) return converter;
    check_gives(converter, reader);
    check_curve(converter, reader);
    check_efficiency(converter, plant, reader);
    return converter;
}

FixedLoad read_fixed_load(const std::string& id, TableReader& reader) {
    return {.id = id,
            .carrier = reader.required_reference({"carrier", "what it needs"}, "carrier"),
            .series = reader.required_reference({"series", "its readings"}, "series")};
}

}  // namespace loadstar
