#pragma once
// Everything advice may look at, gathered before any of it is computed.

#include <optional>
#include <string>
#include <vector>

#include "advise/advice.hpp"
#include "advise/billed_history.hpp"
#include "series/series.hpp"
#include "site/plant.hpp"

namespace loadstar::advise {

/// Mean power of one meter over the window that is examined.
struct MeteredLoad {
    std::string id;
    std::string name;
    Series power;  ///< kW
};

/// A machine as measured over the window.
struct MachineHistory {
    std::string id;
    std::string name;
    std::vector<MachineState> states;  ///< as the plant file names them
    Series power;                      ///< kW
    std::optional<Series> pieces{};    ///< per slot
    std::optional<Series> state{};     ///< code per slot
};

/// What a kWh of the carrier stands for.
struct EmissionFactor {
    CarbonFactor factor;
    std::string source;
};

/// What the readings cannot say. Each is told where it is used.
struct Assumptions {
    double discount_rate = 0.08;  ///< per year
    double battery_life_years = 10;
    /// Part of what perfect foresight would save that plans on forecasts keep; `loadstar replay` measures it.
    double kept_share_of_saving = 0.7;
};

/// The connection with its bills, and what is known behind it, over one window of at most a year.
struct Evidence {
    const Plant* plant = nullptr;
    std::string grid{};
    std::string currency{};
    std::optional<BilledHistory> billed{};
    std::vector<tariff::Bill> bills{};  ///< of `billed`, by period
    Text not_billed{};                  ///< why there is none
    Horizon window{};                   ///< all series below are on it
    std::optional<MeteredLoad> site{};  ///< the billing meter
    std::vector<MeteredLoad> meters{};  ///< other meters of the same carrier
    std::vector<MachineHistory> machines{};
    std::optional<EmissionFactor> emission{};
    std::vector<Store> studied_batteries{};
    Assumptions assumptions{};

    /// Years in the window, so that a sum over it divided by this is a sum per year. Twelve billing periods are one
    /// year.
    [[nodiscard]] double years() const;
    /// What the other meters measured in all, scaled to a year. For plants without a bill.
    [[nodiscard]] Energy energy_per_year() const;
    /// Share of the slots of the billed periods (of the window without a bill) that hold a reading, 0..1.
    [[nodiscard]] double measured_share() const;
};

/// Billing periods that make a year.
inline constexpr std::size_t periods_per_year = 12;
/// A period counts when at least this share of its slots was measured: fewer would hide peaks and energy.
inline constexpr double least_measured_share = 0.9;

}  // namespace loadstar::advise
