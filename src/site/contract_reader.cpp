#include "site/contract_reader.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "base/nearest.hpp"
#include "site/contract_charge_readers.hpp"

namespace loadstar {
namespace {

/// When one of several charges of a line holds. Fixed amounts know no window.
struct Turn {
    Validity validity;
    ChargeWindow window;
};
template <class Charge>
Turn turn_of(const Charge& charge) {
    if constexpr (requires { charge.window; }) return {charge.validity, charge.window};
    return {charge.validity, {}};
}

/// The history of demands is kept by line, so charges of one line must not stand beside one another.
template <>
Turn turn_of(const DemandCharge& charge) {
    return {charge.validity, {.months = charge.window.months}};
}

/// Charges of a line whose months or bands differ stand beside one another; the others must follow one another without
/// gap or overlap.
template <class Charge>
void check_succession(const std::vector<Charge>& charges, std::string_view key, TableReader& reader) {
    std::map<std::string, std::vector<Turn>> by_line;
    for (const auto& charge : charges) by_line[charge.line].push_back(turn_of(charge));
    for (auto& [line, turns] : by_line) {
        std::ranges::stable_sort(turns, [](const auto& a, const auto& b) { return a.validity.from < b.validity.from; });
        for (auto turn = turns.begin(); turn != turns.end(); ++turn) {
            const auto next = std::find_if(turn + 1, turns.end(),
                                           [turn](const Turn& later) { return turn->window.meets(later.window); });
            if (next == turns.end()) continue;
            const auto& before = turn->validity.until;
            const auto& after = next->validity.from;
            if (before && after && add_days(*before, 1) == *after) continue;
            const bool overlap = !before || !after || *after <= *before;
            reader.mistake(key,
                           fmt::format("two prices of line \"{}\" {}", line,
                                       overlap ? "hold on the same days" : "leave days without a price"),
                           "let valid_from of the later one be the day after valid_until of the earlier one, or name "
                           "the lines differently");
        }
    }
}

/// Names of lines in the order of the bill. Charges of one kind may share a line (check_succession looks at those).
std::vector<std::string> line_names(const Contract& contract, TableReader& reader) {
    std::vector<std::string> lines;
    const auto add = [&](const std::string& line, std::string_view key) {
        if (line.empty()) return;
        if (std::ranges::find(lines, line) != lines.end()) {
            reader.mistake(key, fmt::format("line \"{}\" is used twice", line), "every charge needs a line of its own");
        }
        lines.push_back(line);
    };
    const auto add_once = [&add](const auto& charges, std::string_view key) {
        std::set<std::string> known;
        for (const auto& charge : charges) {
            if (known.insert(charge.line).second) add(charge.line, key);
        }
    };
    add_once(contract.energy, "energy");
    add_once(contract.exports, "export");
    add_once(contract.demands, "demand");
    add_once(contract.fixed, "fixed");
    add_once(contract.take_or_pay, "take_or_pay");
    add_once(contract.reactive, "reactive");
    if (contract.net_metering) add(contract.net_metering->line, "net_metering");
    if (contract.power_factor) add(contract.power_factor->line, "power_factor");
    if (contract.minimum) add(contract.minimum->line, "minimum_bill");
    for (const auto& tax : contract.taxes) add(tax.line, "tax");
    return lines;
}

/// A selection may name lines or single bands ("energy.peak") that stand above it on the bill.
void check_selection(const LineSelection& selection, std::vector<std::string> above, std::string_view key,
                     TableReader& reader) {
    for (const auto& name : selection.lines) {
        const auto component = name.substr(0, name.find('.'));
        if (std::ranges::find(above, name) != above.end() || std::ranges::find(above, component) != above.end())
            continue;
        const auto close = nearest(name, above);
        reader.mistake(key, fmt::format("no line named \"{}\" above this one", name),
                       close.empty() ? fmt::format("lines: {}", fmt::join(above, ", "))
                                     : fmt::format("did you mean \"{}\"?", close));
    }
}

/// Only prices of energy can be set against what is fed in.
void check_net_metering(const Contract& contract, const std::vector<std::string>& lines, TableReader& reader) {
    if (!contract.net_metering) return;
    check_selection(contract.net_metering->basis, lines, "net_metering", reader);
    if (!contract.exports.empty())
        reader.mistake("export", "net_metering and [[export]] both pay for energy that is fed in", "keep one of them");
}

/// Tiers by hours of use need the demand they count.
void check_demand_lines(const Contract& contract, TableReader& reader) {
    for (const auto& component : contract.energy) {
        if (component.tiers.per != TierBasis::demand) continue;
        const bool known = std::ranges::any_of(contract.demands, [&component](const DemandCharge& charge) {
            return charge.line == component.tiers.demand_line && charge.mode != DemandMode::capacity;
        });
        if (known) continue;
        reader.mistake("energy",
                       fmt::format("line \"{}\" counts hours of use of \"{}\", which is no line of a measured demand",
                                   component.line, component.tiers.demand_line),
                       "name it in demand_line");
    }
}

void check_lines(const Contract& contract, TableReader& reader) {
    const auto lines = line_names(contract, reader);
    const auto above = [&lines](const std::string& line) {
        return std::vector<std::string>(lines.begin(), std::ranges::find(lines, line));
    };
    if (contract.power_factor) {
        check_selection(contract.power_factor->basis, above(contract.power_factor->line), "power_factor", reader);
    }
    for (const auto& tax : contract.taxes) check_selection(tax.basis, above(tax.line), "tax", reader);
    check_succession(contract.energy, "energy", reader);
    check_succession(contract.exports, "export", reader);
    check_succession(contract.demands, "demand", reader);
    check_succession(contract.fixed, "fixed", reader);
    check_succession(contract.take_or_pay, "take_or_pay", reader);
    check_succession(contract.reactive, "reactive", reader);
    if (contract.minimum)
        check_selection(contract.minimum->basis, above(contract.minimum->line), "minimum_bill", reader);
    check_net_metering(contract, lines, reader);
    check_demand_lines(contract, reader);
    if (contract.unit != "kWh" && contract.power_factor) {
        reader.mistake("unit", fmt::format("a power factor needs a contract in kWh, found {}", contract.unit));
    }
    if (contract.export_limit && contract.unit != "kWh" && contract.unit != "MWh")
        reader.mistake("export_limit_kw",
                       fmt::format("an export limit in kW needs a contract in kWh or MWh, found {}", contract.unit));
    if (lines.empty())
        reader.mistake("", fmt::format("contract {} charges nothing", contract.id), "add an [[energy]] price");
}

void read_charges(Contract& contract, TableReader& reader) {
    reader.table_list({"energy", "prices per unit drawn"},
                      [&](TableReader& item) { contract.energy.push_back(read_component(item, contract)); });
    reader.table_list({"export", "prices paid per unit fed in"},
                      [&](TableReader& item) { contract.exports.push_back(read_component(item, contract)); });
    reader.table_list({"demand", "charges on maximum demand or capacity"},
                      [&](TableReader& item) { contract.demands.push_back(read_demand(item, contract)); });
    reader.table_list({"fixed", "amounts due every billing period"},
                      [&](TableReader& item) { contract.fixed.push_back(read_fixed(item)); });
    reader.table({"power_factor", "adjustment by the power factor"},
                 [&](TableReader& item) { contract.power_factor = read_power_factor(item); });
    reader.table_list({"tax", "percentages of other lines, in the order in which they apply"},
                      [&](TableReader& item) { contract.taxes.push_back(read_tax(item, contract)); });
    reader.table_list({"reactive", "prices of reactive energy beyond a free share"},
                      [&](TableReader& item) { contract.reactive.push_back(read_reactive(item, contract)); });
    reader.table_list({"take_or_pay", "quantities that are paid whether taken or not"},
                      [&](TableReader& item) { contract.take_or_pay.push_back(read_take_or_pay(item, contract)); });
    reader.table({"minimum_bill", "least amount of a billing period"},
                 [&](TableReader& item) { contract.minimum = read_minimum(item); });
    reader.table({"net_metering", "energy fed in is set against energy drawn"},
                 [&](TableReader& item) { contract.net_metering = read_net_metering(item, contract); });
}

}  // namespace

Contract read_contract(const std::string& id, TableReader& reader) {
    Contract contract;
    contract.id = id;
    contract.name = reader.text({"name", "name of the contract"}, id);
    if (const auto carrier = reader.reference({"carrier", "what it supplies; electricity when absent"}, "carrier");
        !carrier.empty()) {
        contract.carrier = carrier;
    }
    std::vector<std::pair<std::string, std::string>> units;
    for (const auto& keys : unit_keys) units.emplace_back(keys.unit, keys.unit);
    contract.unit = reader.choice<std::string>({"unit", "unit of its quantities and prices"}, units, "kWh");
    contract.currency = reader.text({"currency", "ISO code; the site's when absent"}, "");
    contract.validity = read_validity(reader);
    contract.billing_day = reader.integer({"billing_day", "day of the month on which billing periods start"}, 1,
                                          {.minimum = 1, .maximum = 28});
    contract.day_starts_at = reader.time_of_day(
        {"day_starts_at", "hour at which days and billing periods start, such as \"06:00\" for gas"}, 0);
    contract.export_limit = reader.optional_decimal({"export_limit_kw", "most that may be fed in"}, not_negative);
    contract.amount_digits = reader.integer({"amount_digits", "every line is rounded half up to so many digits"}, 2,
                                            {.minimum = 0, .maximum = 6});
    contract.use_hours = reader.optional_decimal(
        {"use_hours", "yearly energy / yearly peak by which the supplier bills, in hours"}, not_negative);
    contract.bands = read_bands(reader);
    read_charges(contract, reader);
    if (!reader.describing()) check_lines(contract, reader);
    return contract;
}

}  // namespace loadstar
