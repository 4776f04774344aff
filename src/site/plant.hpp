#pragma once
// The plant as the plant file describes it. Plain data: read by site/plant_file.hpp, used by every layer above.

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "base/quantity.hpp"
#include "base/time_zone.hpp"
#include "site/assets.hpp"
#include "site/calendar.hpp"
#include "site/contract.hpp"
#include "site/source.hpp"

namespace loadstar {

/// Something that flows or is made: electricity, gas, steam, water, compressed air, an intermediate product.
struct Carrier {
    std::string id;
    std::string unit = "kWh";
    double carbon_kg_per_unit = 0;  ///< location-based average factor
    std::string carbon_source;      ///< citation of the factors; required when there are any
    /// What one more unit emits, by the plants that would make it; absent = the average.
    std::optional<double> marginal_carbon_kg_per_unit;
    std::string carbon_series{};           ///< average factor slot by slot, kg per unit; "" = the number above
    std::string marginal_carbon_series{};  ///< marginal factor slot by slot, kg per unit; "" = the number above
    double loss_share = 0;                 ///< of what is fed in, what is lost on the way to who takes it, 0..1
    double standing_loss = 0;              ///< lost per hour whatever is taken, in the unit
    /// What it costs to let a unit go unused, where nothing buys it; absent = it cannot be let go.
    std::optional<double> release_price;
    double unserved_price = 100;  ///< cost of a unit that the plant needs and does not get, where nothing sells it
};

/// A measuring point of a carrier.
struct Meter {
    std::string id;
    std::string name;
    std::string carrier;
    std::string series;                   ///< interval energy or mean power
    std::string reactive_lagging_series;  ///< kvarh, "" = none
    std::string reactive_leading_series;
    std::string parent;  ///< meter above it in the tree, "" = top
    bool billing = false;
};

/// What `forecast` predicts and with which covariates.
struct ForecastTarget {
    std::string series;
    std::string temperature_series;         ///< "" = none
    std::vector<std::string> known_series;  ///< known-future covariates: production plan, planned states
    std::vector<std::string> past_series;   ///< covariates known only up to the issue time
};

struct ForecastSettings {
    int issue_minute = 10 * 60;  ///< local time of day at which tomorrow is predicted
    Duration latency{0};         ///< how long readings take to arrive
    std::vector<ForecastTarget> targets;
};

struct DetectSettings {
    double false_alarms_per_month = 1;  ///< per meter: the one number the user sets
    std::vector<std::string> series;    ///< empty = every meter's series
};

/// Most that may be emitted by what is bought, by average factors.
struct CarbonCaps {
    std::optional<Carbon> per_plan;
    std::optional<Carbon> per_day;    ///< of a local day
    std::optional<Carbon> per_month;  ///< of a local month; a plan that covers part of it has that part of the cap
    /// Price of a kilogram above a cap: caps are soft so that a plan always exists.
    CarbonPrice excess_price{100.0};
};

struct PlanSettings {
    CarbonPrice carbon_price{0.0};
    CarbonCaps carbon_caps{};
    int horizon_days = 1;
};

/// A whole plant.
struct Plant {
    std::filesystem::path folder;
    std::filesystem::path file;
    std::string id;
    std::string name;
    std::string time_zone_name;
    TimeZone time_zone;
    std::string currency = "CNY";
    Duration step{minutes(15)};
    WorkCalendar calendar;
    std::vector<Carrier> carriers;
    std::vector<Source> sources;
    std::vector<Meter> meters;
    std::vector<Contract> contracts;
    std::vector<GridConnection> grids;
    std::vector<Store> batteries;
    std::vector<Store> stores;  ///< of any other carrier
    std::vector<Converter> converters;
    std::vector<FixedLoad> loads;
    std::vector<Photovoltaic> photovoltaics;
    std::vector<ShiftableLoad> shiftable_loads;
    std::vector<InterruptibleLoad> interruptible_loads;
    std::vector<Machine> machines;
    std::vector<Shift> shifts;
    std::vector<BatchJob> jobs;
    ForecastSettings forecast;
    DetectSettings detect;
    PlanSettings plan;

    explicit Plant(TimeZone zone) : time_zone(std::move(zone)) {}
};

/// Finds an element by its `id` in one of the plant's lists; nullptr when there is none.
template <class Element>
const Element* find_by_id(const std::vector<Element>& elements, const std::string& id) {
    for (const auto& element : elements) {
        if (element.id == id) return &element;
    }
    return nullptr;
}

}  // namespace loadstar
