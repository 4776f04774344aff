#pragma once
// Readers of the parts of a contract, one file per kind of charge. Internal to layer site.

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "site/contract.hpp"
#include "site/table_reader.hpp"

namespace loadstar {

/// The unit of a price stands in its key: one row per unit that contracts are written in.
struct UnitKeys {
    std::string_view unit;
    std::string_view price;
    std::string_view prices;
    std::string_view adder;
    std::string_view from;
};
inline constexpr std::array unit_keys{
    UnitKeys{"kWh", "price_per_kwh", "prices_per_kwh", "adder_per_kwh", "from_kwh"},
    UnitKeys{"MWh", "price_per_mwh", "prices_per_mwh", "adder_per_mwh", "from_mwh"},
    UnitKeys{"GJ", "price_per_gj", "prices_per_gj", "adder_per_gj", "from_gj"},
    UnitKeys{"m3", "price_per_m3", "prices_per_m3", "adder_per_m3", "from_m3"},
    UnitKeys{"Nm3", "price_per_nm3", "prices_per_nm3", "adder_per_nm3", "from_nm3"},
    UnitKeys{"t", "price_per_t", "prices_per_t", "adder_per_t", "from_t"},
};
const UnitKeys& keys_of(const std::string& unit);
/// The keys to ask for: those of the contract's unit; all of them when the schema is written.
std::vector<UnitKeys> keys_to_read(const TableReader& reader, const std::string& unit);

Validity read_validity(TableReader& reader);
std::optional<int> read_digits(TableReader& reader, Key key);
std::optional<int> read_amount_digits(TableReader& reader);
std::set<unsigned> read_months(TableReader& reader, Key key);
/// `months` and `bands` of a charge; a band that never happens in them is a mistake.
ChargeWindow read_window(TableReader& reader, const BandPlan& bands);
/// `use_hours_from` and `use_hours_below`; the contract's `use_hours` must be known by then.
UseHours read_use_hours(TableReader& reader, const Contract& contract);
LineSelection read_selection(TableReader& reader);

BandPlan read_bands(TableReader& reader);
/// An [[energy]] or [[export]] component; `contract` has its unit and bands already.
EnergyComponent read_component(TableReader& reader, const Contract& contract);
DemandCharge read_demand(TableReader& reader, const Contract& contract);
PowerFactorRule read_power_factor(TableReader& reader);
Tax read_tax(TableReader& reader, const Contract& contract);
FixedItem read_fixed(TableReader& reader);
MinimumBill read_minimum(TableReader& reader);
ReactiveCharge read_reactive(TableReader& reader, const Contract& contract);
TakeOrPay read_take_or_pay(TableReader& reader, const Contract& contract);
NetMetering read_net_metering(TableReader& reader, const Contract& contract);

}  // namespace loadstar
