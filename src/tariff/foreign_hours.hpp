#pragma once
// Tariffs that give their charges as tables of hours, turned into bands: hours that cost the same and count for the
// same demand charges are one band. Internal to layer tariff.

#include <array>
#include <compare>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "site/contract.hpp"

namespace loadstar::tariff {

/// A price or a rate from an amount on, up to the next tier.
struct ForeignTier {
    Decimal from;
    Decimal rate;

    auto operator<=>(const ForeignTier&) const = default;
};
using ForeignTiers = std::vector<ForeignTier>;

/// What one hour of one kind of day is charged by.
struct HourTerms {
    std::string label{};    ///< what the file calls it; "" = it has no name there
    ForeignTiers energy{};  ///< money per unit drawn; empty: none given
    TierBasis tiers_per = TierBasis::period;
    std::optional<Decimal> sell{};    ///< money per unit fed in
    std::set<std::size_t> demands{};  ///< indices of the demand charges that count this hour

    auto operator<=>(const HourTerms&) const = default;
};

/// A demand charge of a foreign tariff; its hours are those whose terms name it.
struct ForeignDemand {
    std::string line;
    std::string name;
    ForeignTiers tiers;
    DemandMeasure measure = DemandMeasure::active;
    std::set<unsigned> months{};  ///< in which it is due, 1..12
};

/// Kinds of day that tables of hours tell apart; a public holiday counts as a Sunday.
enum class HourDay { working, saturday, sunday };
inline constexpr std::size_t hour_days = 3;

/// The terms of every hour of a year's kinds of day.
class HourTable {
  public:
    HourTerms& at(unsigned month, HourDay day, int hour) {
        return hours_[month - 1][static_cast<std::size_t>(day)][static_cast<std::size_t>(hour)];
    }
    [[nodiscard]] const HourTerms& at(unsigned month, HourDay day, int hour) const {
        return hours_[month - 1][static_cast<std::size_t>(day)][static_cast<std::size_t>(hour)];
    }

  private:
    std::array<std::array<std::array<HourTerms, 24>, hour_days>, 12> hours_;
};

/// Hours without an energy price, as one text for each stretch: "12:00-13:00 on a Saturday in April".
std::vector<std::string> hours_without_price(const HourTable& table);

/// A band of a table: its name and what its hours are charged by.
struct ForeignBand {
    std::string name;
    HourTerms terms;
    std::set<unsigned> months;  ///< in which it occurs
    int hours = 0;              ///< of the table
};

/// Sorts the hours of a table into bands. The commonest band names all hours that no rule does.
struct ForeignBands {
    std::vector<ForeignBand> bands;
    BandPlan plan;
};
ForeignBands bands_of(const HourTable& table);

/// Writes bands, energy prices, export prices and demand charges of a table into a contract.
/// @return what the contract cannot hold, in words; nothing is written then
std::vector<std::string> write_charges(HourTable table, const std::vector<ForeignDemand>& demands, Contract& contract);

}  // namespace loadstar::tariff
