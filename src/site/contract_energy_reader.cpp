#include <algorithm>

#include <fmt/format.h>

#include "site/contract_charge_readers.hpp"

namespace loadstar {
namespace {

/// Tiers of a component: one price per block, thresholds in the unit of the contract or in hours of use.
class TierReader {
  public:
    TierReader(TableReader& reader, const Contract& contract)
        : reader_(reader), keys_(keys_to_read(reader, contract.unit)) {}

    EnergyTiers read() {
        tiers_.per = reader_.choice<TierBasis>(
            {"tiers_per", "what the tiers count: period (default), day, year, or demand for hours of use"},
            {{"period", TierBasis::period},
             {"day", TierBasis::day},
             {"year", TierBasis::year},
             {"demand", TierBasis::demand}},
            TierBasis::period);
        tiers_.whole = reader_.choice<bool>({"tier_price_for", "part (default) of each tier, or the whole quantity"},
                                            {{"part", false}, {"whole", true}}, false);
        tiers_.demand_line = reader_.text({"demand_line", "line of the demand whose hours of use count"}, "demand");
        tiers_.first_month = static_cast<unsigned>(
            reader_.integer({"year_starts", "month in which the year starts"}, 1, {.minimum = 1, .maximum = 12}));
        for (const auto& keys : keys_)
            if (const auto agreed = reader_.optional_decimal(
                    {agreed_key(keys), "yearly quantity by which the tier is chosen instead of the measured one"},
                    not_negative))
                tiers_.agreed = agreed;
        reader_.table_list({"tier", "a price per block, rising from 0"}, [this](TableReader& tier) { add(tier); });
        if (!reader_.describing()) check();
        return tiers_;
    }

  private:
    static std::string agreed_key(const UnitKeys& keys) {
        return "agreed" + std::string(keys.from.substr(std::string_view("from").size()));
    }

    void add(TableReader& tier) {
        const bool by_hours = tiers_.per == TierBasis::demand;
        std::optional<Decimal> from;
        std::optional<Decimal> price;
        std::string_view from_key = "from_hours";
        if (by_hours || tier.describing())
            from = tier.optional_decimal({"from_hours", "hours of use above which the price holds"}, not_negative);
        for (const auto& keys : keys_) {
            if (!by_hours) from_key = keys.from;
            if (!by_hours) from = tier.optional_decimal({keys.from, "quantity above which it holds"}, not_negative);
            price = tier.optional_decimal({keys.price, "price of this block"});
        }
        if (tier.describing()) return;
        if (!from || !price) tier.mistake("", fmt::format("a tier needs {} and {}", from_key, keys_.front().price));
        const auto threshold = from.value_or(0);
        const bool rises = tiers_.steps.empty() ? threshold == 0 : threshold > tiers_.steps.back().from;
        if (!rises && from)
            tier.mistake(from_key, fmt::format("tiers out of order at {} = {}", from_key, threshold.text()),
                         "the first tier starts at 0, each later one above the one before");
        tiers_.steps.push_back({.from = threshold, .price = price.value_or(0)});
    }

    void check() {
        for (const auto* name : {"tiers_per", "tier_price_for", "demand_line", "year_starts"})
            if (tiers_.steps.empty() && reader_.has(name))
                reader_.mistake(name, fmt::format("{} needs a [[tier]]", name));
        if (tiers_.agreed && tiers_.steps.empty()) reader_.mistake("", "an agreed quantity needs a [[tier]]");
        if (reader_.has("demand_line") && tiers_.per != TierBasis::demand)
            reader_.mistake("demand_line", "demand_line needs tiers_per = \"demand\"");
        if (reader_.has("year_starts") && tiers_.per != TierBasis::year)
            reader_.mistake("year_starts", "year_starts needs tiers_per = \"year\"");
        if (tiers_.whole && (tiers_.per == TierBasis::day || tiers_.per == TierBasis::demand))
            reader_.mistake("tier_price_for", "one price for the whole quantity needs tiers_per period or year");
        if (tiers_.agreed && tiers_.per == TierBasis::demand)
            reader_.mistake("tiers_per", "an agreed quantity says nothing about hours of use");
    }

    TableReader& reader_;
    std::vector<UnitKeys> keys_;
    EnergyTiers tiers_;
};

/// Exactly one of the five ways to give a price.
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
    component.tiers = TierReader(reader, contract).read();
    if (!component.tiers.steps.empty()) {
        component.source = PriceSource::tiers;
        ++given;
    }
    if (reader.describing()) return;
    if (given != 1) {
        reader.mistake("", fmt::format("expected exactly one price for {}, found {}", component.line, given),
                       fmt::format("give {}, prices by band, tiers, or price_series", price_key));
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

}  // namespace

EnergyComponent read_component(TableReader& reader, const Contract& contract) {
    EnergyComponent component;
    component.line = reader.required_text({"line", "name of the bill line"});
    component.name = reader.text({"name", "what people call it"}, component.line);
    read_price(component, contract, reader);
    component.price_digits =
        read_digits(reader, {"price_digits", "digits to which prices are rounded; exact when absent"});
    component.window = read_window(reader, contract.bands);
    component.share_percent = reader.decimal({"share_percent", "of the energy, where several suppliers share it"}, 100,
                                             {.minimum = 0, .maximum = 100});
    component.use_hours = read_use_hours(reader, contract);
    component.validity = read_validity(reader);
    component.amount_digits = read_amount_digits(reader);
    if (!reader.describing()) check_band_prices(component, contract, reader);
    return component;
}

}  // namespace loadstar
