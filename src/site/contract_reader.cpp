#include "site/contract_reader.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/nearest.hpp"

namespace loadstar {
namespace {

/// The unit of a price stands in its key: one row per unit that contracts are written in.
struct UnitKeys {
    std::string_view unit;
    std::string_view price;
    std::string_view prices;
    std::string_view adder;
};
constexpr std::array unit_keys{
    UnitKeys{"kWh", "price_per_kwh", "prices_per_kwh", "adder_per_kwh"},
    UnitKeys{"MWh", "price_per_mwh", "prices_per_mwh", "adder_per_mwh"},
    UnitKeys{"GJ", "price_per_gj", "prices_per_gj", "adder_per_gj"},
    UnitKeys{"m3", "price_per_m3", "prices_per_m3", "adder_per_m3"},
    UnitKeys{"Nm3", "price_per_nm3", "prices_per_nm3", "adder_per_nm3"},
    UnitKeys{"t", "price_per_t", "prices_per_t", "adder_per_t"},
};

const UnitKeys& keys_of(const std::string& unit) {
    return *std::ranges::find_if(unit_keys, [&unit](const auto& keys) { return keys.unit == unit; });
}

/// The keys to ask for: those of the contract's unit; all of them when the schema is written.
std::vector<UnitKeys> keys_to_read(const TableReader& reader, const std::string& unit) {
    if (reader.describing()) return {unit_keys.begin(), unit_keys.end()};
    return {keys_of(unit)};
}

Validity read_validity(TableReader& reader) {
    Validity validity;
    validity.from = reader.optional_day({"valid_from", "first day, such as 2026-03-01; absent = always"});
    validity.until = reader.optional_day({"valid_until", "last day, included; absent = without end"});
    if (validity.from && validity.until && *validity.until < *validity.from) {
        reader.mistake("valid_until", fmt::format("valid_until {} lies before valid_from {}",
                                                  to_string(*validity.until), to_string(*validity.from)));
    }
    return validity;
}

std::optional<int> read_digits(TableReader& reader, Key key) {
    const int digits = reader.integer(key, 2, {.minimum = 0, .maximum = 6});
    return reader.has(key.name) ? std::optional(digits) : std::nullopt;
}

std::optional<int> read_amount_digits(TableReader& reader) {
    return read_digits(reader,
                       {"amount_digits", "digits after the point of this line's amount; the contract's when absent"});
}

/// ---- bands ----

std::set<DayKind> read_day_kinds(TableReader& reader) {
    const std::map<std::string, std::set<DayKind>> words{
        {"working", {DayKind::working}},
        {"saturday", {DayKind::saturday}},
        {"sunday", {DayKind::sunday}},
        {"holiday", {DayKind::holiday}},
        {"weekend", {DayKind::saturday, DayKind::sunday}},
        {"rest", {DayKind::sunday, DayKind::holiday}},
    };
    std::vector<std::string> known;
    for (const auto& word : words) known.push_back(word.first);
    std::set<DayKind> kinds;
    for (const auto& word :
         reader.texts({"days", "working, saturday, sunday, holiday, weekend, rest; every day when absent"})) {
        if (const auto found = words.find(word); found != words.end()) {
            kinds.insert(found->second.begin(), found->second.end());
            continue;
        }
        const auto close = nearest(word, known);
        reader.mistake("days", fmt::format("expected one of {} in days, found \"{}\"", fmt::join(known, ", "), word),
                       close.empty() ? "" : fmt::format("did you mean \"{}\"?", close));
    }
    return kinds;
}

BandRule read_band(TableReader& reader) {
    BandRule rule;
    rule.band = reader.required_text({"name", "peak, flat, valley, ..."});
    rule.windows = reader.windows(
        {"windows", "local hours, such as [\"08:30-11:30\", \"23:00-07:00\"]; the whole day when absent"});
    for (const double month :
         reader.numbers({"months", "1 = January ... 12; every month when absent"}, {.minimum = 1, .maximum = 12})) {
        rule.months.insert(static_cast<unsigned>(month));
    }
    rule.days = read_day_kinds(reader);
    const auto dates = reader.days({"dates", "only on these days, such as announced critical days"});
    rule.dates = {dates.begin(), dates.end()};
    rule.priority =
        reader.integer({"priority", "where bands meet the higher one wins"}, 0, {.minimum = -100, .maximum = 100});
    return rule;
}

void check_factors(const BandPlan& plan, TableReader& reader) {
    if (plan.factors.empty()) return;
    const auto names = plan.names();
    for (const auto& [band, factor] : plan.factors) {
        if (std::ranges::find(names, band) != names.end()) continue;
        const auto close = nearest(band, names);
        reader.mistake("band_factors", fmt::format("no band named \"{}\"", band),
                       close.empty() ? fmt::format("bands: {}", fmt::join(names, ", "))
                                     : fmt::format("did you mean \"{}\"?", close));
    }
    for (const auto& name : names) {
        if (!plan.factors.contains(name)) {
            reader.mistake("band_factors", fmt::format("band_factors has no factor for band \"{}\"", name),
                           fmt::format("write {} = 1", name));
        }
    }
}

BandPlan read_bands(TableReader& reader) {
    BandPlan plan;
    reader.table_list({"band", "time-of-use bands"},
                      [&plan](TableReader& band) { plan.rules.push_back(read_band(band)); });
    plan.otherwise = reader.text({"otherwise_band", "band of all hours that no band names"}, "");
    plan.factors = reader.decimal_map({"band_factors", "band = multiple of the base price of floating components"});
    if (reader.describing()) return plan;
    for (const auto& fault : find_band_faults(plan)) {
        const auto hint = fault.claimants.empty() ? "name the hours in a [[band]], or set otherwise_band"
                                                  : "change the windows, or give one of the bands a higher priority";
        reader.mistake("band", fault.message(), hint);
    }
    check_factors(plan, reader);
    return plan;
}

/// ---- energy ----

/// Exactly one of the four ways to give a price.
void read_price(EnergyComponent& component, const Contract& contract, TableReader& reader) {
    int given = 0;
    std::string price_key;
    for (const auto& keys : keys_to_read(reader, contract.unit)) {
        price_key = keys.price;
        const auto price =
            reader.optional_decimal({keys.price, "one price, or the base price of a floating component"});
        component.band_prices = reader.decimal_map({keys.prices, "band = price"});
        component.series_adder = reader.decimal({keys.adder, "added to the series price"}, 0);
        if (price) {
            component.price = *price;
            ++given;
        }
        if (reader.has(keys.prices)) {
            component.source = PriceSource::band_prices;
            ++given;
        }
    }
    const bool floats = reader.flag({"floats", "true: price x factor of the band (band_factors)"}, false);
    component.price_series = reader.reference({"price_series", "real-time price series"}, "series");
    component.series_factor = reader.decimal({"series_factor", "multiplies the series price"}, 1);
    if (!component.price_series.empty()) {
        component.source = PriceSource::series;
        ++given;
    }
    if (reader.describing()) return;
    if (given != 1) {
        reader.mistake("", fmt::format("expected exactly one price for {}, found {}", component.line, given),
                       fmt::format("give {}, prices by band, or price_series", price_key));
    }
    if (!floats) return;
    if (component.source != PriceSource::flat || contract.bands.factors.empty()) {
        reader.mistake("floats", fmt::format("{} cannot float without {} and band_factors", component.line, price_key),
                       "set band_factors in the contract, or write prices by band");
    }
    component.source = PriceSource::floating;
}

void check_band_prices(const EnergyComponent& component, const Contract& contract, TableReader& reader) {
    if (component.source != PriceSource::band_prices) return;
    const auto names = contract.bands.names();
    const std::string key(keys_of(contract.unit).prices);
    for (const auto& [band, price] : component.band_prices) {
        if (std::ranges::find(names, band) == names.end()) {
            reader.mistake(key, fmt::format("no band named \"{}\"", band),
                           fmt::format("bands: {}", fmt::join(names, ", ")));
        }
    }
    for (const auto& name : names) {
        if (!component.band_prices.contains(name))
            reader.mistake(key, fmt::format("{} has no price for band \"{}\"", key, name));
    }
}

EnergyComponent read_component(TableReader& reader, const Contract& contract) {
    EnergyComponent component;
    component.line = reader.required_text({"line", "name of the bill line"});
    component.name = reader.text({"name", "what people call it"}, component.line);
    read_price(component, contract, reader);
    component.price_digits =
        read_digits(reader, {"price_digits", "digits to which prices are rounded; exact when absent"});
    component.validity = read_validity(reader);
    component.amount_digits = read_amount_digits(reader);
    if (!reader.describing()) check_band_prices(component, contract, reader);
    return component;
}

/// Charges that share a line must follow one another without gap or overlap.
template <class Charge>
void check_succession(const std::vector<Charge>& charges, std::string_view key, TableReader& reader) {
    std::map<std::string, std::vector<Validity>> by_line;
    for (const auto& charge : charges) by_line[charge.line].push_back(charge.validity);
    for (auto& [line, validities] : by_line) {
        std::ranges::stable_sort(validities, [](const auto& a, const auto& b) { return a.from < b.from; });
        for (std::size_t i = 1; i < validities.size(); ++i) {
            const auto& before = validities[i - 1].until;
            const auto& after = validities[i].from;
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

/// ---- demand, power factor, taxes ----

const std::vector<std::pair<std::string, DemandMode>> demand_modes{
    {"actual", DemandMode::actual}, {"contract", DemandMode::contract}, {"capacity", DemandMode::capacity}};

std::vector<DemandMode> read_choices(TableReader& reader) {
    std::vector<DemandMode> choices;
    for (const auto& word : reader.texts({"choices", "modes the supplier offers, which advice compares"})) {
        const auto known =
            std::ranges::find(demand_modes, word, [](const auto& mode) -> const std::string& { return mode.first; });
        if (known != demand_modes.end()) {
            choices.push_back(known->second);
        } else {
            reader.mistake("choices",
                           fmt::format("expected actual, contract or capacity in choices, found \"{}\"", word));
        }
    }
    return choices;
}

/// Every mode on offer needs its price and what it is measured against.
void check_choices(const DemandCharge& charge, TableReader& reader) {
    const bool by_capacity = charge.mode == DemandMode::capacity;
    for (const auto choice : charge.choices) {
        const bool wants_capacity = choice == DemandMode::capacity;
        if (wants_capacity != by_capacity && !charge.other_rate) {
            reader.mistake("choices", wants_capacity ? "rate_per_kva of the offered mode capacity is missing"
                                                     : "rate_per_kw of the offered mode is missing");
        }
        if (wants_capacity && !charge.capacity_kva)
            reader.mistake("choices", "capacity_kva is missing", "rated power of the transformers, in kVA");
    }
}

void check_demand(const DemandCharge& charge, TableReader& reader) {
    check_choices(charge, reader);
    if (charge.mode == DemandMode::contract && !charge.contract_kw) {
        reader.mistake("", "contract_kw is missing", "the demand agreed with the supplier, in kW");
    }
    const bool needs_capacity = charge.mode == DemandMode::capacity || charge.discount.has_value();
    if (needs_capacity && !charge.capacity_kva) {
        reader.mistake("", "capacity_kva is missing", "rated power of the transformers, in kVA");
    }
    if (charge.mode == DemandMode::capacity && charge.discount) {
        reader.mistake("discount", "a discount lowers the price per kW, but mode capacity has none",
                       "remove the discount, or choose mode actual or contract");
    }
    const auto interval = std::chrono::duration_cast<minutes>(charge.interval).count();
    if (60 % interval != 0) {
        reader.mistake("metering_interval_minutes",
                       fmt::format("expected a divisor of 60 for metering_interval_minutes, found {}", interval));
    }
}

DemandCharge read_demand(TableReader& reader) {
    DemandCharge charge;
    charge.line = reader.text({"line", "name of the bill line"}, "demand");
    charge.name = reader.text({"name", "what people call it"}, charge.line);
    charge.mode =
        reader.choice<DemandMode>({"mode", "what the basic charge is measured by"}, demand_modes, DemandMode::actual);
    const auto per_kw =
        reader.optional_decimal({"rate_per_kw", "price per kW and billing period (actual, contract)"}, not_negative);
    const auto per_kva =
        reader.optional_decimal({"rate_per_kva", "price per kVA and billing period (capacity)"}, not_negative);
    const bool by_capacity = charge.mode == DemandMode::capacity;
    const auto& rate = by_capacity ? per_kva : per_kw;
    if (!rate && !reader.describing())
        reader.mistake("", by_capacity ? "rate_per_kva is missing" : "rate_per_kw is missing");
    charge.rate = rate.value_or(0);
    charge.other_rate = by_capacity ? per_kw : per_kva;
    charge.choices = read_choices(reader);
    charge.interval = minutes(reader.integer({"metering_interval_minutes", "interval whose mean power counts"}, 15,
                                             {.minimum = 1, .maximum = 60}));
    charge.capacity_kva =
        reader.optional_decimal({"capacity_kva", "transformers, and motors at high voltage"}, positive);
    charge.contract_kw = reader.optional_decimal({"contract_kw", "contracted demand"}, positive);
    charge.contract_floor_percent =
        reader.decimal({"contract_floor_percent", "least contracted demand, of capacity_kva"}, 40, not_negative);
    charge.tolerance_percent =
        reader.decimal({"tolerance_percent", "of the contracted demand, free of the surcharge"}, 105, {.minimum = 100});
    charge.excess_factor =
        reader.decimal({"excess_factor", "multiple of the rate above the tolerance"}, 2, {.minimum = 1});
    charge.excess_reading = reader.choice<ExcessReading>(
        {"excess_reading",
         "what is due below the excess once the tolerance is passed: the contracted demand, or the tolerance too"},
        {{"contract_plus_excess", ExcessReading::contract_plus_excess},
         {"tolerance_plus_excess", ExcessReading::tolerance_plus_excess}},
        ExcessReading::contract_plus_excess);
    charge.minimum_kw = reader.decimal({"minimum_kw", "least demand that is billed (mode actual)"}, 0, not_negative);
    reader.table({"discount", "lower demand price for well-used capacity"}, [&charge](TableReader& discount) {
        charge.discount = UseDiscount{
            .kwh_per_kva = discount.required_decimal({"from_kwh_per_kva", "monthly energy per kVA"}, positive),
            .percent =
                discount.required_decimal({"percent", "cut of the demand price"}, {.minimum = 0, .maximum = 100})};
    });
    charge.validity = read_validity(reader);
    charge.amount_digits = read_amount_digits(reader);
    if (!reader.describing()) check_demand(charge, reader);
    return charge;
}

LineSelection read_selection(TableReader& reader) {
    const auto listed = reader.texts({"basis", "lines it applies to; all when absent"});
    const auto except = reader.texts({"basis_except", "all lines but these"});
    if (!listed.empty() && !except.empty()) reader.mistake("basis_except", "basis and basis_except exclude each other");
    if (!listed.empty()) return {.kind = LineSelection::Kind::listed, .lines = listed};
    return {.kind = LineSelection::Kind::all_except, .lines = except};
}

std::vector<PowerFactorStretch> read_stretches(TableReader& reader, Key key) {
    std::vector<PowerFactorStretch> stretches;
    reader.table_list(key, [&stretches](TableReader& stretch) {
        stretches.push_back(
            {.until = stretch.required_decimal({"until", "power factor where the stretch ends"}, share),
             .percent_per_step = stretch.required_decimal({"percent_per_step", "change per 0.01"}, not_negative)});
    });
    return stretches;
}

/// Each stretch must lead on from the one before, away from the standard.
void check_stretches(const PowerFactorRule& rule, TableReader& reader) {
    const auto monotone = [&](const std::vector<PowerFactorStretch>& stretches, int direction, const char* key) {
        auto from = rule.standard;
        for (const auto& stretch : stretches) {
            if ((stretch.until - from) * direction <= 0) {
                reader.mistake(key, fmt::format("{} out of order at until = {}", key, stretch.until.text()),
                               "rewards rise from the standard, penalties fall from it");
            }
            from = stretch.until;
        }
    };
    monotone(rule.rewards, 1, "reward");
    monotone(rule.penalties, -1, "penalty");
}

PowerFactorRule read_power_factor(TableReader& reader) {
    PowerFactorRule rule;
    rule.line = reader.text({"line", "name of the bill line"}, "power_factor");
    rule.name = reader.text({"name", "what people call it"}, rule.line);
    rule.standard = reader.required_decimal(
        {"standard", "power factor without reward or penalty: 0.90, 0.85, 0.80 or with an own table"}, share);
    rule.rewards = read_stretches(reader, {"reward", "own table above the standard"});
    rule.penalties = read_stretches(reader, {"penalty", "own table below the standard"});
    rule.basis = read_selection(reader);
    rule.amount_digits = read_amount_digits(reader);
    if (reader.describing()) return rule;
    if (!rule.rewards.empty() || !rule.penalties.empty()) {
        check_stretches(rule, reader);
    } else if (const auto table = standard_power_factor_rule(rule.standard)) {
        rule.rewards = table->rewards;
        rule.penalties = table->penalties;
    } else {
        reader.mistake("standard",
                       fmt::format("expected 0.90, 0.85 or 0.80 for standard, found {}", rule.standard.text()),
                       "for another standard write the [[reward]] and [[penalty]] stretches");
    }
    return rule;
}

Tax read_tax(TableReader& reader) {
    Tax tax;
    tax.line = reader.required_text({"line", "name of the bill line"});
    tax.name = reader.text({"name", "what people call it"}, tax.line);
    tax.percent = reader.required_decimal({"percent", "of the lines of its basis"});
    tax.basis = read_selection(reader);
    tax.amount_digits = read_amount_digits(reader);
    return tax;
}

FixedItem read_fixed(TableReader& reader) {
    FixedItem item;
    item.line = reader.required_text({"line", "name of the bill line"});
    item.name = reader.text({"name", "what people call it"}, item.line);
    item.amount = reader.required_decimal({"amount_per_month", "due every billing period"});
    item.validity = read_validity(reader);
    item.amount_digits = read_amount_digits(reader);
    return item;
}

/// ---- the whole ----

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
    if (contract.power_factor) add(contract.power_factor->line, "power_factor");
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
    const bool electrical = contract.unit == "kWh" || (contract.demands.empty() && !contract.power_factor);
    if (!electrical) {
        reader.mistake("unit", fmt::format("demand and power factor need a contract in kWh, found {}", contract.unit));
    }
    if (lines.empty())
        reader.mistake("", fmt::format("contract {} charges nothing", contract.id), "add an [[energy]] price");
}

void read_charges(Contract& contract, TableReader& reader) {
    reader.table_list({"energy", "prices per unit drawn"},
                      [&](TableReader& item) { contract.energy.push_back(read_component(item, contract)); });
    reader.table_list({"export", "prices paid per unit fed in"},
                      [&](TableReader& item) { contract.exports.push_back(read_component(item, contract)); });
    reader.table_list({"demand", "charges on maximum demand or capacity"},
                      [&](TableReader& item) { contract.demands.push_back(read_demand(item)); });
    reader.table_list({"fixed", "amounts due every billing period"},
                      [&](TableReader& item) { contract.fixed.push_back(read_fixed(item)); });
    reader.table({"power_factor", "adjustment by the power factor"},
                 [&](TableReader& item) { contract.power_factor = read_power_factor(item); });
    reader.table_list({"tax", "percentages of other lines, in the order in which they apply"},
                      [&](TableReader& item) { contract.taxes.push_back(read_tax(item)); });
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
    contract.amount_digits = reader.integer({"amount_digits", "every line is rounded half up to so many digits"}, 2,
                                            {.minimum = 0, .maximum = 6});
    contract.bands = read_bands(reader);
    read_charges(contract, reader);
    if (!reader.describing()) check_lines(contract, reader);
    return contract;
}

}  // namespace loadstar
