#pragma once
// What can be decided or must be supplied: connections, stores, converters, sources, loads, machines and jobs.
// Sign convention, once: assets positive = draws from the site; grid import = sum of asset powers.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/instant.hpp"
#include "base/quantity.hpp"
#include "base/time_zone.hpp"

namespace loadstar {

/// A point where a carrier is bought or sold under a contract.
struct GridConnection {
    std::string id;
    std::string carrier;
    std::string contract;  ///< id in Plant::contracts; "" = no bill
    std::string meter;     ///< billing meter
    std::optional<Power> max_import;
    std::optional<Power> max_export;  ///< absent = no export
    /// Price of exceeding a limit by one kW in one slot; limits are soft so that a plan always exists.
    PowerPrice breach_price{1000.0};
    EnergyPrice export_price{0.0};  ///< paid for export when the contract names none
};

/// Keeps an amount of one carrier: a battery, a tank of hot water or ice, a gas holder, a buffer of product. Powers and
/// energies count in the unit of the carrier: kW and kWh for a battery, m3/h and m3 for a tank of water.
struct Store {
    std::string id;
    std::string carrier = "electricity";
    Power max_charge;
    Power max_discharge;
    Energy capacity;
    double charge_efficiency = 1;     ///< 0..1
    double discharge_efficiency = 1;  ///< 0..1
    double min_level = 0;             ///< share of capacity kept as reserve, 0..1
    double initial_level = 0.5;       ///< share of capacity when nothing is known
    std::optional<double>
        final_level;             ///< share of capacity required at the end of a plan; absent = valued, not forced
    EnergyPrice wear{0.0};       ///< per kWh discharged
    std::string series{};        ///< measured power, charging positive: behind the meter, so part of its readings
    std::string level_series{};  ///< measured level
    double self_discharge_per_hour = 0;  ///< share of the level lost per hour
    /// Above this share of the capacity the charging power falls evenly, to nothing when full; 1 = never.
    double charge_taper_from = 1;
    /// Below this share of the capacity the discharging power falls evenly, to nothing when empty; 0 = never.
    double discharge_taper_below = 0;
    std::optional<Money> capital_cost;  ///< for advice on worth and payback
    bool exists = true;                 ///< false: only studied by `advise`
};

/// What a converter draws and gives per hour at one load, in the units of the carriers.
struct OperatingPoint {
    double load = 1;                      ///< share of full load, 0..1
    std::map<std::string, double> draws;  ///< carrier -> amount per hour; negative = given to the site
};

/// How the outdoor temperature changes what a converter draws and gives; between points evenly, beyond them constant.
struct TemperaturePoint {
    double celsius = 0;
    double draws_factor = 1;
    double gives_factor = 1;
};

/// Time in which something does not run.
struct Outage {
    Instant from;
    Instant until;
};

enum class ConverterKind { chp, boiler, heat_pump, chiller, compressor, other };

/// Turns carriers into others. It runs anywhere between its operating points, and is off below the first.
struct Converter {
    std::string id;
    std::string name;
    ConverterKind kind = ConverterKind::other;
    std::vector<OperatingPoint> points;  ///< rising load; the last is full load, the first the least it can run at
    int count = 1;                       ///< identical machines, each on or off by itself
    Money start_cost{0.0};
    MoneyRate running_cost{0.0};    ///< per machine and hour that it runs
    MoneyRate full_load_cost{0.0};  ///< per machine and hour at full load, in proportion below: maintenance
    Hours min_up{0.0};
    Hours min_down{0.0};
    std::optional<int> max_starts_per_day;  ///< of all machines together, on a local day
    std::optional<double> ramp_per_hour;    ///< share of full load by which a running machine can change in an hour
    std::string temperature_series;         ///< outdoor temperature, "" = does not matter
    std::vector<TemperaturePoint> temperature;
    std::vector<Outage> outages;
    std::string max_load_series{};              ///< most load slot by slot, share of full load; "" = full load
    std::map<std::string, std::string> series;  ///< carrier -> what was measured of it, positive

    /// Whether it has an off state that is told from running: on and off then take yes-or-no decisions.
    [[nodiscard]] bool switches() const;
    /// Draws at a load of one machine that runs, [carrier]; between points evenly.
    [[nodiscard]] std::map<std::string, double> draws_at(double load) const;
    /// Factors at an outdoor temperature.
    [[nodiscard]] TemperaturePoint at_temperature(double celsius) const;
};

/// What the plant needs of a carrier, whatever is decided: the heat of a hall, the air of a shop.
struct FixedLoad {
    std::string id;
    std::string carrier;
    std::string series;  ///< its readings
};

/// Local generation that follows a series or its forecast.
struct Photovoltaic {
    std::string id;
    std::string carrier = "electricity";
    std::string series;         ///< measured or forecast generation, mean power
    std::optional<Power> peak;  ///< installed power
    bool curtailable = true;
    double scale = 1;  ///< multiplies the series in a study: what a field of another size would give
};

/// A window in local time of day; `to` at or before `from` passes midnight.
struct DayWindow {
    int from_minute = 0;      ///< 0..1439
    int to_minute = 24 * 60;  ///< 1..1440
};

/// A load whose energy per local day may be moved within a window.
struct ShiftableLoad {
    std::string id;
    std::string carrier = "electricity";
    Energy energy_per_day;
    Power min_power{0.0};
    Power max_power;
    DayWindow window;
    std::string series;                ///< its measured power, if metered: what "doing nothing" does
    EnergyPrice unserved_price{10.0};  ///< cost of energy not delivered in its window
    bool on_off = false;               ///< runs at its most power or not at all
};

/// A load that may be cut against compensation.
struct InterruptibleLoad {
    std::string id;
    std::string carrier = "electricity";
    std::string series;        ///< its power when not cut
    double max_cut_share = 1;  ///< 0..1 of the running power
    Hours max_cut_per_day{24.0};
    EnergyPrice compensation;  ///< cost per kWh not used
};

/// Power state of a machine.
struct MachineState {
    std::string name;  ///< off, standby, heat_up, run, ...
    double code = 0;   ///< value in the state series
    Power power;
};

/// When people or machines may work, in local time.
struct Shift {
    std::string name;
    DayWindow window;
    std::vector<int> weekdays;  ///< 0 = Monday; empty = working days of the plant's calendar
};

/// A machine: its meters, states and calendar.
struct Machine {
    std::string id;
    std::string name;
    std::string power_series;
    std::string state_series;
    std::string pieces_series;
    std::string carrier = "electricity";
    std::vector<MachineState> states;
    std::vector<std::string> shifts;  ///< ids in Plant::shifts; empty = always
};

/// A batch job: a fixed power profile that starts once between release and due time on one of several machines.
struct BatchJob {
    std::string id;
    std::string product;
    std::vector<std::string> machines;  ///< any one of these
    std::vector<Power> profile;         ///< mean power per plan step after the start
    Instant release;
    Instant due;                   ///< the last step must end by then
    MoneyRate late_price{1000.0};  ///< per hour after due
    double pieces = 0;
    int line = 0;  ///< where it stands in the plant file
};

}  // namespace loadstar
