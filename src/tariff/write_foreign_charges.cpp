#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "tariff/foreign_hours.hpp"

namespace loadstar::tariff {
namespace {

constexpr int hours_per_day = 24;
constexpr std::array all_days{HourDay::working, HourDay::saturday, HourDay::sunday};

template <class Table, class Visit>
void for_each_hour(Table& table, Visit visit) {
    for (unsigned month = 1; month <= 12; ++month)
        for (const auto day : all_days)
            for (int hour = 0; hour < hours_per_day; ++hour) visit(month, table.at(month, day, hour));
}

/// Prices of energy and what their tiers count.
struct EnergyTerms {
    ForeignTiers tiers;
    TierBasis per = TierBasis::period;

    auto operator<=>(const EnergyTerms&) const = default;
};
EnergyTerms energy_of(const HourTerms& terms) {
    return {.tiers = terms.energy, .per = terms.energy.size() > 1 ? terms.tiers_per : TierBasis::period};
}

ChargeWindow months_window(const std::set<unsigned>& months) {
    return {.months = months.size() == 12 ? std::set<unsigned>() : months, .bands = {}};
}

/// One price, or tiers.
EnergyComponent component_of(const std::string& line, const EnergyTerms& energy, ChargeWindow window) {
    EnergyComponent component{.line = line, .name = line, .window = std::move(window)};
    component.price = energy.tiers.front().rate;
    if (energy.tiers.size() == 1) return component;
    component.source = PriceSource::tiers;
    component.price = 0;
    component.tiers.per = energy.per;
    for (const auto& tier : energy.tiers) component.tiers.steps.push_back({.from = tier.from, .price = tier.rate});
    return component;
}

/// Writes the charges of one table.
class ChargeWriter {
  public:
    ChargeWriter(HourTable table, const std::vector<ForeignDemand>& demands, Contract& contract)
        : table_(std::move(table)), demands_(demands), contract_(contract) {}

    std::vector<std::string> write() {
        forget_whole_months();
        if (const auto by_month = prices_by_month(); !by_month.empty()) {
            for (const auto& [energy, months] : by_month)
                contract_.energy.push_back(component_of("energy", energy, months_window(months)));
            std::ranges::stable_sort(contract_.energy, {},
                                     [](const auto& component) { return first_of(component.window.months); });
            forget_prices();
        }
        bands_ = bands_of(table_);
        contract_.bands = bands_.plan;
        if (contract_.energy.empty()) energy_by_band();
        exports();
        for (std::size_t i = 0; i < demands_.size(); ++i) demand(i);
        hours_of_use();
        return std::move(problems_);
    }

  private:
    static unsigned first_of(const std::set<unsigned>& months) { return months.empty() ? 1 : *months.begin(); }

    /// A demand charge that counts every hour of its months needs no band: hours need not be told apart for it.
    void forget_whole_months() {
        for (std::size_t i = 0; i < demands_.size(); ++i) {
            bool whole = true;
            for_each_hour(table_, [&](unsigned month, const HourTerms& terms) {
                whole = whole && terms.demands.contains(i) == demands_[i].months.contains(month);
            });
            if (whole) for_each_hour(table_, [i](unsigned, HourTerms& terms) { terms.demands.erase(i); });
        }
    }

    /// Bands are told apart by what is left: exports, and the demand charges that count an hour, which name it.
    void forget_prices() {
        for_each_hour(table_, [this](unsigned, HourTerms& terms) {
            terms.energy.clear();
            terms.tiers_per = TierBasis::period;
            terms.label.clear();
            for (const auto demand : terms.demands)
                terms.label += (terms.label.empty() ? "" : "_") + short_name(demands_[demand].line);
            if (terms.label.empty()) terms.label = "other";
        });
    }
    static std::string short_name(const std::string& line) {
        constexpr std::string_view prefix = "demand_";
        return line.starts_with(prefix) ? line.substr(prefix.size()) : line;
    }

    /// The months of each price when it never changes within a month; empty when it does.
    std::map<EnergyTerms, std::set<unsigned>> prices_by_month() {
        std::map<EnergyTerms, std::set<unsigned>> months;
        for_each_hour(table_,
                      [&months](unsigned month, const HourTerms& terms) { months[energy_of(terms)].insert(month); });
        std::size_t named = 0;
        for (const auto& [energy, of] : months) named += of.size();
        if (named > 12) months.clear();
        return months;
    }

    /// Prices by band; where some have tiers, a line for each price, as its tiers count its own hours.
    void energy_by_band() {
        const auto tiered =
            std::ranges::any_of(bands_.bands, [](const auto& band) { return band.terms.energy.size() > 1; });
        if (!tiered) {
            EnergyComponent component{.line = "energy", .name = "energy", .source = PriceSource::band_prices};
            for (const auto& band : bands_.bands) component.band_prices[band.name] = band.terms.energy.front().rate;
            contract_.energy.push_back(std::move(component));
            return;
        }
        std::map<std::pair<std::string, EnergyTerms>, std::set<std::string>> names;
        for (const auto& band : bands_.bands) names[{band.terms.label, energy_of(band.terms)}].insert(band.name);
        for (const auto& [key, bands] : names) {
            const auto& word = key.first.empty() ? *bands.begin() : key.first;
            contract_.energy.push_back(component_of("energy_" + word, key.second, {.months = {}, .bands = bands}));
        }
    }

    void exports() {
        const bool sells =
            std::ranges::any_of(bands_.bands, [](const auto& band) { return band.terms.sell.has_value(); });
        if (!sells) return;
        EnergyComponent component{.line = "export", .name = "export"};
        component.price = bands_.bands.front().terms.sell.value_or(Decimal());
        for (const auto& band : bands_.bands) {
            const auto price = band.terms.sell.value_or(Decimal());
            component.band_prices[band.name] = price;
            if (price != component.price) component.source = PriceSource::band_prices;
        }
        if (component.source == PriceSource::flat) component.band_prices.clear();
        contract_.exports.push_back(std::move(component));
    }

    void demand(std::size_t index) {
        const auto& foreign = demands_[index];
        DemandCharge charge{.line = foreign.line, .name = foreign.name};
        charge.rate = foreign.tiers.front().rate;
        if (foreign.tiers.size() > 1)
            for (const auto& tier : foreign.tiers) charge.tiers.push_back({.from_kw = tier.from, .rate = tier.rate});
        charge.window = months_window(foreign.months);
        for (const auto& band : bands_.bands)
            if (band.terms.demands.contains(index)) charge.window.bands.insert(band.name);
        charge.measure = foreign.measure;
        contract_.demands.push_back(std::move(charge));
    }

    /// Tiers by hours of use count those of the one demand there is.
    void hours_of_use() {
        std::set<std::string> lines;
        for (const auto& charge : contract_.demands) lines.insert(charge.line);
        for (auto& component : contract_.energy) {
            if (component.tiers.per != TierBasis::demand) continue;
            if (lines.size() == 1) {
                component.tiers.demand_line = *lines.begin();
            } else {
                problems_.push_back(fmt::format("tiers by hours of use of {} demands", lines.size()));
            }
        }
    }

    HourTable table_;
    const std::vector<ForeignDemand>& demands_;
    Contract& contract_;
    ForeignBands bands_;
    std::vector<std::string> problems_;
};

}  // namespace

std::vector<std::string> write_charges(HourTable table, const std::vector<ForeignDemand>& demands, Contract& contract) {
    return ChargeWriter(std::move(table), demands, contract).write();
}

}  // namespace loadstar::tariff
