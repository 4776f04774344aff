#include <cmath>

#include <fmt/format.h>

#include "site/readers.hpp"

namespace loadstar {
namespace {

Power required_power(TableReader& reader, Key key) { return Power(reader.required_number(key, not_negative)); }

std::optional<Power> optional_power(TableReader& reader, Key key) {
    const auto value = reader.optional_number(key, not_negative);
    return value ? std::optional(Power(*value)) : std::nullopt;
}

std::string electricity(TableReader& reader) {
    const auto carrier = reader.reference({"carrier", "carrier it draws or gives; electricity when absent"}, "carrier");
    return carrier.empty() ? "electricity" : carrier;
}

/// One window per asset; several are a mistake that names the key.
DayWindow read_window(TableReader& reader, Key key) {
    const auto listed = reader.windows(key);
    if (listed.size() > 1)
        reader.mistake(key.name, fmt::format("expected one window for {}, found {}", key.name, listed.size()));
    return listed.empty() ? DayWindow{} : listed.front();
}

int window_minutes(const DayWindow& window) {
    const int length = window.to_minute - window.from_minute;
    return length > 0 ? length : length + 24 * 60;
}

}  // namespace

Carrier read_carrier(const std::string& id, TableReader& reader) {
    Carrier carrier;
    carrier.id = id;
    carrier.unit = reader.text({"unit", "unit of the amount: kWh, m3, t, Nm3"}, "kWh");
    carrier.carbon_kg_per_unit =
        reader.number({"carbon_kg_per_unit", "emission factor, location-based"}, 0, not_negative);
    carrier.carbon_source = reader.text({"carbon_source", "where the emission factor comes from, with its year"}, "");
    carrier.release_price = reader.optional_number(
        {"release_price_per_unit", "cost of a unit that nobody uses; absent = it cannot be let go"}, not_negative);
    carrier.unserved_price =
        reader.number({"unserved_price_per_unit", "cost of a unit that is needed and not there"}, 100, not_negative);
    carrier.marginal_carbon_kg_per_unit = reader.optional_number(
        {"marginal_carbon_kg_per_unit", "what one more unit emits; plans decide by it, the average when absent"},
        not_negative);
    carrier.carbon_series = reader.reference(
        {"carbon_series", "average factor slot by slot, kg per unit, instead of the number"}, "series");
    carrier.marginal_carbon_series = reader.reference(
        {"marginal_carbon_series", "marginal factor slot by slot, kg per unit, instead of the number"}, "series");
    carrier.loss_share =
        reader.number({"loss_share", "share of what is fed in that is lost on the way to who takes it"}, 0,
                      {.minimum = 0, .maximum = 0.9});
    carrier.standing_loss = reader.number(
        {"standing_loss_per_hour", "lost per hour whatever is taken, in the unit (kW for kWh)"}, 0, not_negative);
    const bool has_factor = carrier.carbon_kg_per_unit > 0 || carrier.marginal_carbon_kg_per_unit.value_or(0) > 0;
    if (has_factor && carrier.carbon_source.empty()) {
        reader.mistake(carrier.carbon_kg_per_unit > 0 ? "carbon_kg_per_unit" : "marginal_carbon_kg_per_unit",
                       "carbon_source is missing", "an emission factor needs its citation and year");
    }
    return carrier;
}

Meter read_meter(const std::string& id, TableReader& reader) {
    Meter meter;
    meter.id = id;
    meter.name = reader.text({"name", "name people use"}, id);
    meter.carrier = reader.required_reference({"carrier", "what it measures"}, "carrier");
    meter.series = reader.required_reference({"series", "its readings"}, "series");
    meter.reactive_lagging_series = reader.reference({"reactive_lagging_series", "kvarh drawn (lagging)"}, "series");
    meter.reactive_leading_series =
        reader.reference({"reactive_leading_series", "kvarh given back (leading)"}, "series");
    meter.parent = reader.reference({"parent", "meter above it in the tree"}, "meter");
    meter.billing = reader.flag({"billing", "the supplier bills this meter"}, false);
    return meter;
}

GridConnection read_grid(const std::string& id, TableReader& reader) {
    GridConnection grid;
    grid.id = id;
    grid.carrier = electricity(reader);
    grid.contract = reader.reference({"contract", "contract that prices it"}, "contract");
    grid.meter = reader.reference({"meter", "billing meter"}, "meter");
    grid.max_import = optional_power(reader, {"max_import_kw", "most that can be drawn"});
    grid.max_export = optional_power(reader, {"max_export_kw", "most that can be fed in; absent = no export"});
    grid.breach_price = PowerPrice(
        reader.number({"breach_price_per_kw", "cost of exceeding a limit by 1 kW in one slot"}, 1000, not_negative));
    grid.export_price = EnergyPrice(reader.number({"export_price_per_kwh", "paid for export"}, 0));
    return grid;
}

namespace {

/// Keys of a store whose names depend on its unit.
struct StoreKeys {
    Key charge, discharge, capacity, wear;
};

Store read_any_store(const std::string& id, TableReader& reader, const StoreKeys& keys) {
    Store store;
    store.id = id;
    store.max_charge = Power(reader.required_number(keys.charge, positive));
    store.max_discharge = Power(reader.required_number(keys.discharge, positive));
    store.capacity = Energy(reader.required_number(keys.capacity, positive));
    constexpr Range efficiency{.minimum = 0.01, .maximum = 1};
    store.charge_efficiency = reader.number({"charge_efficiency", "stored per unit drawn"}, 0.95, efficiency);
    store.discharge_efficiency = reader.number({"discharge_efficiency", "given per unit taken out"}, 0.95, efficiency);
    store.min_level = reader.number({"min_level", "share of the capacity kept as reserve"}, 0, share);
    store.initial_level = reader.number({"initial_level", "share of the capacity when nothing is known"}, 0.5, share);
    store.final_level =
        reader.optional_number({"final_level", "share of the capacity required at the end of a plan"}, share);
    store.wear = EnergyPrice(reader.number(keys.wear, 0, not_negative));
    store.series = reader.reference({"series", "its measured power, charging positive, if metered"}, "series");
    store.level_series = reader.reference({"level_series", "its measured level: its unit, % or share"}, "series");
    store.self_discharge_per_hour =
        reader.number({"self_discharge_per_hour", "share of the level lost per hour"}, 0, share);
    store.charge_taper_from = reader.number(
        {"charge_taper_from", "share of the capacity from which charging slows down, to nothing when full"}, 1, share);
    store.discharge_taper_below = reader.number(
        {"discharge_taper_below", "share of the capacity below which discharging slows down, to nothing when empty"}, 0,
        share);
    const auto capital = reader.optional_number({"capital_cost", "price, installed"}, not_negative);
    if (capital) store.capital_cost = Money(*capital);
    store.exists = reader.flag({"exists", "false: only studied by advise"}, true);
    if (store.initial_level < store.min_level) {
        reader.mistake("initial_level",
                       fmt::format("initial_level {} lies below min_level {}", store.initial_level, store.min_level));
    }
    return store;
}

}  // namespace

Store read_battery(const std::string& id, TableReader& reader) {
    auto carrier = electricity(reader);
    auto battery = read_any_store(id, reader,
                                  {.charge = {"max_charge_kw", "charging power"},
                                   .discharge = {"max_discharge_kw", "discharging power"},
                                   .capacity = {"capacity_kwh", "usable energy"},
                                   .wear = {"wear_per_kwh", "wear per kWh discharged, in the site's currency"}});
    battery.carrier = std::move(carrier);
    return battery;
}

Store read_store(const std::string& id, TableReader& reader) {
    auto carrier = reader.required_reference({"carrier", "what it keeps"}, "carrier");
    auto store = read_any_store(
        id, reader,
        {.charge = {"max_charge_per_hour", "most taken in per hour, in the unit of the carrier (kW for kWh)"},
         .discharge = {"max_discharge_per_hour", "most given back per hour, in the unit of the carrier (kW for kWh)"},
         .capacity = {"capacity", "usable amount, in the unit of the carrier"},
         .wear = {"wear_per_unit", "wear per unit given back, in the site's currency"}});
    store.carrier = std::move(carrier);
    return store;
}

Photovoltaic read_photovoltaic(const std::string& id, TableReader& reader) {
    Photovoltaic photovoltaic;
    photovoltaic.id = id;
    photovoltaic.carrier = electricity(reader);
    photovoltaic.series = reader.required_reference({"series", "measured generation"}, "series");
    photovoltaic.peak = optional_power(reader, {"peak_kw", "installed power"});
    photovoltaic.scale = reader.number({"scale", "multiplies its series in a study of another size"}, 1, not_negative);
    photovoltaic.curtailable = reader.flag({"curtailable", "whether it may be turned down"}, true);
    return photovoltaic;
}

ShiftableLoad read_shiftable_load(const std::string& id, TableReader& reader) {
    ShiftableLoad load;
    load.id = id;
    load.carrier = electricity(reader);
    load.energy_per_day =
        Energy(reader.required_number({"energy_per_day_kwh", "energy it needs every local day"}, not_negative));
    load.max_power = Power(reader.required_number({"max_power_kw", "most it can draw"}, positive));
    load.min_power = Power(reader.number({"min_power_kw", "least it draws inside its window"}, 0, not_negative));
    load.window = read_window(reader, {"window", "when it may run, as a list of one: [\"22:00-06:00\"]"});
    load.series = reader.reference({"series", "its measured power, if metered"}, "series");
    load.unserved_price =
        EnergyPrice(reader.number({"unserved_price_per_kwh", "cost of energy not delivered"}, 10, not_negative));
    load.on_off = reader.flag({"on_off", "true: it runs at max_power_kw or not at all"}, false);
    if (load.on_off && load.min_power > Power(0))
        reader.mistake("min_power_kw", "on_off and min_power_kw exclude each other",
                       "a load that is on or off has no least power");
    const double most = load.max_power.value() * window_minutes(load.window) / 60.0;
    if (load.energy_per_day.value() > most) {
        reader.mistake("energy_per_day_kwh",
                       fmt::format("{} kWh do not fit into the window at {} kW, which gives at most {} kWh",
                                   load.energy_per_day.value(), load.max_power.value(), most),
                       "widen the window, raise max_power_kw, or lower the energy");
    }
    return load;
}

InterruptibleLoad read_interruptible_load(const std::string& id, TableReader& reader) {
    InterruptibleLoad load;
    load.id = id;
    load.carrier = electricity(reader);
    load.series = reader.required_reference({"series", "its power when not cut"}, "series");
    load.max_cut_share = reader.number({"max_cut_share", "share of its power that may be cut"}, 1, share);
    load.max_cut_per_day =
        Hours(reader.number({"max_cut_hours_per_day", "longest cut per day"}, 24, {.minimum = 0, .maximum = 24}));
    load.compensation = EnergyPrice(reader.number({"compensation_per_kwh", "cost per kWh not used"}, 0, not_negative));
    return load;
}

Machine read_machine(const std::string& id, TableReader& reader) {
    Machine machine;
    machine.id = id;
    machine.name = reader.text({"name", "name people use"}, id);
    machine.carrier = electricity(reader);
    machine.power_series = reader.reference({"power_series", "its measured power or energy"}, "series");
    machine.state_series = reader.reference({"state_series", "its state codes"}, "series");
    machine.pieces_series = reader.reference({"pieces_series", "pieces it makes"}, "series");
    machine.shifts = reader.references({"shifts", "when it may run; always when absent"}, "shift");
    reader.table_list({"state", "its power states"}, [&machine](TableReader& state) {
        machine.states.push_back({.name = state.required_text({"name", "off, standby, heat_up, run"}),
                                  .code = state.number({"code", "value in the state series"}, 0),
                                  .power = required_power(state, {"power_kw", "power in this state"})});
    });
    return machine;
}

Shift read_shift(const std::string& id, TableReader& reader) {
    Shift shift;
    shift.name = id;
    shift.window = read_window(reader, {"window", "local hours, as a list of one: [\"06:00-14:00\"]"});
    for (const double day : reader.numbers({"weekdays", "0 = Monday ... 6 = Sunday; working days when absent"},
                                           {.minimum = 0, .maximum = 6})) {
        shift.weekdays.push_back(static_cast<int>(day));
    }
    return shift;
}

BatchJob read_job(const std::string& id, TableReader& reader, const Plant& plant) {
    BatchJob job;
    job.id = id;
    job.line = static_cast<int>(reader.region().begin.line);
    job.product = reader.text({"product", "what it makes"}, "");
    job.machines = reader.references({"machines", "any one of these machines"}, "machine");
    if (job.machines.empty() && !reader.describing())
        reader.mistake("", "machines is missing", "name at least one machine");
    for (const double power :
         reader.numbers({"profile_kw", "mean power of every plan step after the start"}, not_negative)) {
        job.profile.emplace_back(power);
    }
    if (job.profile.empty() && !reader.describing()) {
        reader.mistake("", "profile_kw is missing", "list the mean power of every step, such as [120, 90, 90]");
    }
    const auto release = reader.optional_instant({"release", "earliest start"}, plant.time_zone);
    const auto due = reader.optional_instant({"due", "must be finished by then"}, plant.time_zone);
    if (!reader.describing() && (!reader.has("release") || !reader.has("due")))
        reader.mistake("", "release and due are both needed");
    job.release = release.value_or(Instant{});
    job.due = due.value_or(Instant{});
    job.late_price =
        MoneyRate(reader.number({"late_price_per_hour", "cost of every hour after due"}, 1000, not_negative));
    job.pieces = reader.number({"pieces", "pieces it makes"}, 0, not_negative);
    // Whether its machines can make it in time is for a plan to say: they may be told to work longer.
    if (release && due && *due <= *release) {
        reader.mistake("due", fmt::format("the order is due {}, before its release", plant.time_zone.format(*due)),
                       fmt::format("the release is {}", plant.time_zone.format(*release)));
    }
    return job;
}

}  // namespace loadstar
