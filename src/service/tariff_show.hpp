#pragma once
// Use case `tariff show`: what contracts mean on a day - bands, prices by hour, demand charges, fixed items, taxes.

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "base/decimal.hpp"
#include "base/result.hpp"
#include "base/text.hpp"
#include "base/time_zone.hpp"
#include "site/contract.hpp"

namespace loadstar::service {

struct TariffShowRequest {
    std::filesystem::path plant;
    std::string contract{};         ///< id; "" = every contract of the plant
    std::optional<LocalDay> day{};  ///< today when absent
};

/// A stretch of the local day over which no price changes.
struct TariffHours {
    DayWindow window;
    std::string band{};  ///< "" in a contract without bands
    Text band_name{};
    std::vector<std::optional<Decimal>> prices{};  ///< [component], absent: it does not bill these hours
    Decimal sum;                                   ///< of the components drawn
    Decimal sum_with_taxes;                        ///< the same with the taxes on their lines
};

/// What a column of prices stands for.
struct TariffColumn {
    std::string line;
    Text name{};
    bool is_export = false;  ///< paid to the plant, not in the sums
};

/// Energy whose price depends on how much of it is used; not in the sums of the hours.
struct TariffTiers {
    std::string line;
    Text name{};
    Text rule{};
};

/// A charge on the maximum demand in force on the day.
struct TariffDemand {
    std::string line;
    Text name{};
    Decimal rate;                      ///< per kW and billing period
    std::vector<DayWindow> windows{};  ///< hours of the day that count; empty: none of them do
    Text rule{};
};

/// An amount of the billing period that no meter changes.
struct TariffFixed {
    std::string line;
    Text name{};
    Decimal amount;
    std::optional<Decimal> quantity_kva{};  ///< capacity charges: amount = quantity x price
};

/// A percentage of other lines, or the standard of the power factor adjustment.
struct TariffAdjustment {
    std::string line;
    Text name{};
    Decimal value;
};

/// One contract on one day.
struct TariffDay {
    std::string contract;
    std::string name;
    std::string carrier;
    std::string currency;
    std::string unit;
    LocalDay day{};
    Text kind{};           ///< "working day"
    std::string period{};  ///< label of the billing period that the day lies in
    std::vector<TariffColumn> columns{};
    std::vector<TariffHours> hours{};
    std::vector<TariffTiers> tiers{};
    std::vector<TariffDemand> demands{};
    std::vector<TariffFixed> fixed{};
    std::optional<TariffAdjustment> power_factor{};  ///< its standard
    std::vector<TariffAdjustment> taxes{};           ///< per cent, in the order in which they apply
};

struct TariffShowReport {
    std::string plant;
    std::vector<TariffDay> contracts;
};

/// Compiles the contracts for the day. The historian is opened only when a contract names a price series.
/// Errors: those of load_plant and tariff::compile; not_found (no such contract, or none at all).
Result<TariffShowReport> show_tariff(const TariffShowRequest& request, const Clock& clock);

/// Shape loadstar.tariff_day/1.
nlohmann::json to_json(const TariffShowReport& report);

}  // namespace loadstar::service
