// Random contracts over random loads, billed a second time by a slow and obvious biller that shares nothing with the
// engine but the contract's data and the time zone. Every line must agree to a cent.
// LOADSTAR_CONTRACTS says how many contracts: 300 when it is not set.
#include <array>
#include <cmath>
#include <cstdlib>
#include <optional>
#include <random>

#include <gtest/gtest.h>

#include "tariff/bill.hpp"
#include "tariff/compile.hpp"

namespace loadstar::tariff {
namespace {

constexpr std::array<const char*, 4> band_names{"peak", "night", "summer", "flat"};

/// One slot as a clerk would write it down.
struct Row {
    int month = 0;         ///< of the year
    int index = 0;         ///< of the billing period
    int day = 0;           ///< days since 1970, each from the hour at which days of the contract start
    int date = 0;          ///< days since 1970 on the wall clock
    int minute = 0;        ///< of the local day
    std::size_t band = 0;  ///< index into band_names
    double kwh = 0, fed = 0, lagging = 0, leading = 0;
    [[nodiscard]] const char* band_name() const { return band_names[band]; }
};

/// What a drawn contract is billed on.
struct Ledger {
    std::vector<Row> rows;
    double hours = 0.25;
    int periods = 0;
    int first_month = 0;  ///< 1..12, of period 0
    [[nodiscard]] int month_of(int period) const { return (first_month - 1 + period) % 12 + 1; }
};

/// Bills by walking over all rows for each question.
class Clerk {
  public:
    Clerk(const Contract& contract, const Ledger& ledger) : contract_(contract), ledger_(ledger) {}

    std::map<std::string, double> bill(int period) {
        std::map<std::string, double> lines;
        for (const auto& component : contract_.energy) energy(component, period, lines);
        for (const auto& charge : contract_.demands)
            if (charge.window.in_month(month(period))) lines[charge.line] = cents(demand_amount(charge, period));
        for (const auto& rule : contract_.take_or_pay) take_or_pay(rule, period, lines);
        for (const auto& item : contract_.fixed) lines[item.line] = cents(number(item.amount));
        for (const auto& rule : contract_.reactive) reactive(rule, period, lines);
        if (contract_.net_metering)
            lines[contract_.net_metering->line] =
                cents(-surplus(period) * number(contract_.net_metering->surplus_price));
        if (contract_.minimum) {
            double sum = 0;
            for (const auto& [line, amount] : lines) sum += amount;
            const double lack = number(contract_.minimum->amount) - sum;
            if (lack > 0.0001) lines[contract_.minimum->line] = cents(lack);
        }
        double before_tax = 0;
        for (const auto& [line, amount] : lines) before_tax += amount;
        for (const auto& tax : contract_.taxes) lines[tax.line] = cents(before_tax * number(tax.percent) / 100);
        return lines;
    }

  private:
    static double number(Decimal value) { return value.to_double(); }
    static double cents(double amount) { return std::round(amount * 100) / 100; }
    [[nodiscard]] unsigned month(int period) const { return static_cast<unsigned>(ledger_.month_of(period)); }

    /// Part of the import that an energy line bills.
    [[nodiscard]] double billed_part(const std::string& line, const Row& row) const {
        const auto& net = contract_.net_metering;
        if (!net || std::ranges::find(net->basis.lines, line) != net->basis.lines.end()) return 1;
        double drawn = 0;
        double fed = 0;
        for (const auto& other : ledger_.rows) {
            if (other.index != row.index || other.band != row.band) continue;
            drawn += other.kwh;
            fed += other.fed;
        }
        return drawn <= 0 ? 1 : std::max(0.0, drawn - fed) / drawn;
    }

    [[nodiscard]] double surplus(int period) const {
        std::array<double, band_names.size()> left{};
        for (const auto& row : ledger_.rows)
            if (row.index == period) left[row.band] += row.fed - row.kwh;
        double sum = 0;
        for (const double fed : left) sum += std::max(0.0, fed);
        return sum;
    }

    static double by_tier(const EnergyTiers& tiers, double quantity, double scale) {
        double amount = 0;
        double last = 0;
        for (std::size_t i = 0; i < tiers.steps.size(); ++i) {
            const double from = number(tiers.steps[i].from) * scale;
            const double until = i + 1 < tiers.steps.size() ? number(tiers.steps[i + 1].from) * scale : 1e300;
            amount += std::max(0.0, std::min(quantity, until) - from) * number(tiers.steps[i].price);
            if (i == 0 || quantity > from) last = number(tiers.steps[i].price);
        }
        return tiers.whole ? quantity * last : amount;
    }

    void energy(const EnergyComponent& component, int period, std::map<std::string, double>& lines) const {
        const double share = number(component.share_percent) / 100;
        const double price = number(component.price);
        std::array<std::optional<double>, band_names.size()> by_band;
        std::map<int, double> groups;                         // day, or 0
        double before = 0;                                    // in the year, ahead of this period
        std::map<std::pair<int, std::size_t>, double> parts;  // of each period and band
        for (const auto& row : ledger_.rows) {
            if (!component.window.in_month(static_cast<unsigned>(row.month)) ||
                !component.window.in_band(row.band_name()))
                continue;
            auto part = parts.find({row.index, row.band});
            if (part == parts.end())
                part = parts.emplace(std::pair(row.index, row.band), billed_part(component.line, row)).first;
            const double kwh = row.kwh * part->second * share;
            if (row.index < period && same_year(component.tiers.first_month, row.index, period)) before += kwh;
            if (row.index != period) continue;
            by_band[row.band] = by_band[row.band].value_or(0) + kwh;
            if (component.source == PriceSource::tiers)
                groups[component.tiers.per == TierBasis::day ? row.day : 0] += kwh;
        }
        std::map<std::string, double> amounts;
        for (std::size_t band = 0; band < by_band.size(); ++band) {
            if (!by_band[band]) continue;
            const std::string name = band_names[band];
            if (component.source == PriceSource::flat) amounts[component.line] += *by_band[band] * price;
            if (component.source == PriceSource::band_prices)
                amounts[component.line + "." + name] = *by_band[band] * number(component.band_prices.at(name));
        }
        if (component.source == PriceSource::tiers && !groups.empty()) {
            double sum = 0;
            const bool by_year = component.tiers.per == TierBasis::year;
            double scale = 1;
            for (const auto& charge : contract_.demands)
                if (component.tiers.per == TierBasis::demand && charge.line == component.tiers.demand_line &&
                    charge.window.in_month(month(period)))
                    scale = billed_kw(charge, period);
            for (const auto& [day, kwh] : groups) {
                if (by_year)
                    sum += by_tier(component.tiers, before + kwh, 1) - by_tier(component.tiers, before, 1);
                else
                    sum += by_tier(component.tiers, kwh, scale);
            }
            amounts[component.line] = sum;
        }
        for (const auto& [line, amount] : amounts) lines[line] = cents(amount);
    }

    [[nodiscard]] bool same_year(unsigned first_month, int one, int other) const {
        const auto year = [&](int period) {
            const int months = ledger_.first_month - 1 + period - (static_cast<int>(first_month) - 1) + 120;
            return months / 12;
        };
        return year(one) == year(other);
    }
    [[nodiscard]] int place_in_year(unsigned first_month, int period) const {
        return (ledger_.month_of(period) - static_cast<int>(first_month) + 12) % 12 + 1;
    }

    [[nodiscard]] bool is_named(const DemandCharge& charge, const Row& row) const {
        if (charge.hours.empty()) return true;
        for (const auto& hour : charge.hours) {
            const auto day = std::chrono::sys_days(hour.day).time_since_epoch().count();
            if (day == row.date && hour.minute == row.minute) return true;
        }
        return false;
    }

    /// Demand measured in one period by one charge.
    [[nodiscard]] double measured(const DemandCharge& charge, int period) const {
        std::vector<double> demands;
        const int length = static_cast<int>(charge.interval / minutes(15));
        std::map<int, double> days;
        for (std::size_t first = 0; first < ledger_.rows.size(); ++first) {
            const auto& row = ledger_.rows[first];
            if (row.index != period) continue;
            days[row.day] += row.kwh;
            const bool starts = first % static_cast<std::size_t>(length) == 0;
            if (charge.per_day || !starts || !charge.window.in_band(row.band_name()) || !is_named(charge, row))
                continue;
            double active = 0;
            double reactive = 0;
            for (std::size_t at = first; at < first + static_cast<std::size_t>(length); ++at) {
                active += ledger_.rows[at].kwh;
                reactive += ledger_.rows[at].lagging - ledger_.rows[at].leading;
            }
            const bool apparent = charge.measure == DemandMeasure::apparent;
            const double quantity = apparent ? std::sqrt(active * active + reactive * reactive) : active;
            demands.push_back(quantity / (length * ledger_.hours));
        }
        if (charge.per_day)
            for (const auto& [day, kwh] : days) demands.push_back(kwh);
        double largest = 0;
        double sum = 0;
        for (const double demand : demands) {
            largest = std::max(largest, demand);
            sum += demand;
        }
        if (charge.of == DemandOf::sum) return sum;
        if (charge.of == DemandOf::mean) return demands.empty() ? 0 : sum / static_cast<double>(demands.size());
        return largest;
    }

    /// The charge that bills a line in a period: rates may change with the months.
    [[nodiscard]] const DemandCharge* charge_of(const std::string& line, int period) const {
        for (const auto& charge : contract_.demands)
            if (charge.line == line && charge.window.in_month(month(period))) return &charge;
        return nullptr;
    }

    [[nodiscard]] double billed_kw(const DemandCharge& charge, int period) const {
        double kw = std::max(measured(charge, period), number(charge.minimum_kw));
        if (charge.mode == DemandMode::contract) kw = measured(charge, period);
        if (!charge.ratchet) return kw;
        for (int back = 1; back <= charge.ratchet->periods && period - back >= 0; ++back) {
            const auto named = charge.ratchet->months;
            if (!named.empty() && !named.contains(month(period - back))) continue;
            const auto* earlier = charge_of(charge.line, period - back);
            if (earlier != nullptr)
                kw = std::max(kw, number(charge.ratchet->percent) / 100 * measured(*earlier, period - back));
        }
        return kw;
    }

    static double curve(const DemandCharge& charge, double kw) {
        kw = std::max(kw, number(charge.minimum_kw));
        if (charge.tiers.empty()) return kw * number(charge.rate);
        double sum = 0;
        for (std::size_t i = 0; i < charge.tiers.size(); ++i) {
            const double from = number(charge.tiers[i].from_kw);
            const double until = i + 1 < charge.tiers.size() ? number(charge.tiers[i + 1].from_kw) : 1e300;
            sum += std::max(0.0, std::min(kw, until) - from) * number(charge.tiers[i].rate);
        }
        return sum;
    }

    [[nodiscard]] double demand_amount(const DemandCharge& charge, int period) const {
        if (charge.mode == DemandMode::capacity) return number(*charge.capacity_kva) * number(charge.rate);
        if (charge.mode == DemandMode::contract) {
            const double contracted = number(*charge.contract_kw);
            const double free = contracted * number(charge.tolerance_percent) / 100;
            const double kw = measured(charge, period);
            const double rate = number(charge.rate);
            const double above = charge.excess_rate ? number(*charge.excess_rate) : rate * number(charge.excess_factor);
            double amount = contracted * rate;
            if (kw > free) amount += (kw - free) * above;
            if (kw > free && charge.excess_reading == ExcessReading::tolerance_plus_excess)
                amount += (free - contracted) * rate;
            return amount;
        }
        if (!charge.year) return curve(charge, billed_kw(charge, period));
        double before = 0;
        bool paid = false;
        for (int earlier = 0; earlier < period; ++earlier) {
            if (!same_year(charge.year->first_month, earlier, period)) continue;
            before = std::max(before, measured(charge, earlier));
            paid = true;
        }
        const int place = place_in_year(charge.year->first_month, period);
        paid = paid || place > 1;
        const double through = curve(charge, std::max(before, measured(charge, period)));
        const double earlier = paid ? curve(charge, before) : 0;
        if (charge.year->billing == YearBilling::rise) return through - earlier;
        if (charge.year->billing == YearBilling::twelfths) return (through * place - earlier * (place - 1)) / 12;
        return place == 12 ? through : 0;
    }

    void take_or_pay(const TakeOrPay& rule, int period, std::map<std::string, double>& lines) const {
        if (rule.per_year && place_in_year(rule.first_month, period) != 12) return;
        double taken = 0;
        for (const auto& row : ledger_.rows) {
            const bool counts = rule.per_year ? row.index <= period && same_year(rule.first_month, row.index, period)
                                              : row.index == period;
            if (counts) taken += row.kwh;
        }
        lines[rule.line] = cents(std::max(0.0, number(rule.quantity) - taken) * number(rule.price));
    }

    void reactive(const ReactiveCharge& rule, int period, std::map<std::string, double>& lines) const {
        if (!rule.window.in_month(month(period))) return;
        double active = 0;
        double reactive = 0;
        for (const auto& row : ledger_.rows) {
            if (row.index != period || !rule.window.in_band(row.band_name())) continue;
            active += row.kwh;
            if (rule.flow != ReactiveFlow::leading) reactive += row.lagging;
            if (rule.flow != ReactiveFlow::lagging) reactive += row.leading;
        }
        lines[rule.line] = cents(std::max(0.0, reactive - active * number(rule.free_share)) * number(rule.price));
    }

    const Contract& contract_;
    const Ledger& ledger_;
};

/// Draws a contract, an axis and a load.
class Draw {
  public:
    explicit Draw(unsigned seed) : random_(seed) {}

    int integer(int from, int to) { return std::uniform_int_distribution(from, to)(random_); }
    bool one_in(int count) { return integer(1, count) == 1; }
    Decimal price() { return Decimal(integer(1, 500)) / 1000; }
    template <class Value>
    Value one_of(std::initializer_list<Value> values) {
        return *(values.begin() + integer(0, static_cast<int>(values.size()) - 1));
    }

    Contract contract() {
        Contract contract;
        contract.id = "drawn";
        if (one_in(5)) contract.day_starts_at = 60 * integer(3, 9);
        morning_ = 60 * integer(5, 10);
        contract.bands.rules = {
            {.band = "peak", .windows = {{morning_, morning_ + 180}}, .priority = 1},
            {.band = "night", .windows = {{22 * 60, 6 * 60}}},
            {.band = "summer", .windows = {{14 * 60, 17 * 60}}, .months = {6, 7, 8}, .days = {DayKind::working}}};
        contract.bands.otherwise = "flat";
        for (int i = integer(1, 3); i > 0; --i) contract.energy.push_back(component(i));
        contract.energy.push_back({.line = "levy", .price = price()});  // no slot without a price
        for (int i = integer(0, 3); i > 0; --i) add_demand(contract, i);
        for (auto& one : contract.energy)
            if (one.tiers.per == TierBasis::demand) give_demand(contract, one);
        if (one_in(2)) contract.fixed = {{.line = "customer", .amount = integer(-50, 500)}};
        if (one_in(3)) contract.reactive = {reactive()};
        if (one_in(4))
            contract.take_or_pay = {{.quantity = integer(1000, 400'000), .price = price(), .per_year = one_in(2)}};
        if (one_in(4)) contract.minimum = MinimumBill{.amount = integer(100, 50'000)};
        if (one_in(4)) contract.net_metering = NetMetering{.surplus_price = price()};
        if (one_in(2)) contract.taxes = {{.line = "vat", .percent = integer(1, 20)}};
        return contract;
    }

    double amount(int most) { return integer(0, most * 100) / 100.0; }

  private:
    ChargeWindow window(int chance) {
        ChargeWindow window;
        if (one_in(chance)) window.bands = one_of<std::set<std::string>>({{"peak"}, {"flat", "night"}, {"summer"}});
        return window;
    }

    EnergyComponent component(int number) {
        EnergyComponent one{.line = "energy" + std::to_string(number), .price = price(), .window = window(4)};
        if (one_in(3)) one.share_percent = integer(10, 100);
        if (one_in(4)) one.window.months = {1, 2, 3, 4, 5};
        if (one_in(3)) {
            one.source = PriceSource::band_prices;
            for (const auto* band : {"peak", "night", "summer", "flat"}) one.band_prices[band] = price();
            return one;
        }
        if (one_in(2)) return one;
        one.source = PriceSource::tiers;
        one.tiers.per = one_of({TierBasis::period, TierBasis::day, TierBasis::year, TierBasis::demand});
        const int unit = one.tiers.per == TierBasis::day ? 500 : one.tiers.per == TierBasis::demand ? 60 : 15'000;
        one.tiers.steps = {{0, price()}};
        for (int tier = integer(1, 3); tier > 0; --tier)
            one.tiers.steps.push_back({one.tiers.steps.back().from + integer(1, unit * 3), price()});
        one.tiers.first_month = static_cast<unsigned>(integer(1, 12));
        if (one.tiers.per == TierBasis::period) one.tiers.whole = one_in(3);
        return one;
    }

    void add_demand(Contract& contract, int number) {
        DemandCharge charge{.line = "demand" + std::to_string(number), .rate = integer(1, 40)};
        charge.interval = one_of<Duration>({minutes(15), minutes(30), minutes(60)});
        charge.window = window(3);
        if (one_in(6)) {
            charge.mode = DemandMode::contract;
            charge.contract_kw = integer(100, 900);
            if (one_in(2)) charge.excess_rate = integer(1, 90);
            if (one_in(2)) charge.excess_reading = ExcessReading::tolerance_plus_excess;
            contract.demands.push_back(charge);
            return;
        }
        if (one_in(8)) {
            charge.mode = DemandMode::capacity;
            charge.capacity_kva = integer(100, 2000);
            contract.demands.push_back(charge);
            return;
        }
        charge.minimum_kw = one_in(3) ? integer(0, 800) : 0;
        if (one_in(3)) charge.tiers = {{0, integer(1, 40)}, {integer(1, 300), integer(1, 40)}};
        if (one_in(8)) {
            charge.per_day = true;
            charge.interval = hours(24);
            charge.window = {};
        } else if (one_in(4)) {
            charge.measure = DemandMeasure::apparent;
        }
        if (one_in(5) && !charge.per_day) {
            charge.interval = hours(1);
            for (int i = integer(1, 5); i > 0; --i)
                charge.hours.push_back(
                    {LocalDay(std::chrono::year(2025) / integer(1, 12) / integer(1, 28)), 60 * integer(5, 23)});
            std::ranges::sort(charge.hours);
            charge.hours.erase(std::unique(charge.hours.begin(), charge.hours.end()), charge.hours.end());
            charge.window = {};
            charge.of = one_of({DemandOf::largest, DemandOf::mean, DemandOf::sum});
        }
        const bool largest = charge.of == DemandOf::largest;
        if (one_in(3) && largest) {
            charge.year = YearDemand{one_of({YearBilling::rise, YearBilling::twelfths, YearBilling::year_end}),
                                     static_cast<unsigned>(integer(1, 12))};
        } else if (one_in(2)) {
            charge.ratchet = DemandRatchet{.percent = integer(1, 100), .periods = integer(1, 11)};
            if (one_in(2)) charge.ratchet->months = {1, 4, 7, 8};
        }
        if (one_in(4)) {  // another rate in winter
            auto winter = charge;
            charge.window.months = {4, 5, 6, 7, 8, 9};
            winter.window.months = {1, 2, 3, 10, 11, 12};
            winter.rate = integer(1, 40);
            winter.year.reset();
            if (!charge.year) contract.demands.push_back(winter);
            if (charge.year) charge.window.months.clear();
        }
        contract.demands.push_back(charge);
    }

    /// Tiers by hours of use need a demand that is measured in every period.
    void give_demand(Contract& contract, EnergyComponent& one) {
        one.tiers.demand_line = "used";
        if (std::ranges::any_of(contract.demands, [](const auto& charge) { return charge.line == "used"; })) return;
        contract.demands.push_back({.line = "used", .rate = integer(0, 20), .minimum_kw = integer(0, 400)});
    }

    ReactiveCharge reactive() {
        return {.flow = one_of({ReactiveFlow::lagging, ReactiveFlow::leading, ReactiveFlow::both}),
                .price = price(),
                .free_share = Decimal(integer(0, 60)) / 100,
                .window = window(2)};
    }

    std::mt19937 random_;
    int morning_ = 0;
};

/// Readings of some months with a clock change, in quarter-hours; one of three zones.
struct Site {
    CompileInput input;
    Ledger ledger;
    MeteredEnergy metered;
};

Site drawn_site(Draw& draw, const Contract& contract) {
    const auto zone = TimeZone::find(draw.one_of({"Europe/Berlin", "Asia/Shanghai", "America/New_York"})).value();
    const int first = draw.integer(1, 11);
    const int months = draw.integer(1, std::min(3, 13 - first));
    const auto begin_of = [&](int month) {
        const int hour = contract.day_starts_at / 60;  // no clock changes on the first of a month
        return zone
            .to_instant({.year = 2025 + (month - 1) / 12,
                         .month = static_cast<unsigned>((month - 1) % 12 + 1),
                         .day = 1,
                         .hour = hour})
            .first;
    };
    const auto start = begin_of(first);
    const auto end = begin_of(first + months);
    const Horizon axis{.start = start, .step = minutes(15), .slots = static_cast<int>((end - start) / minutes(15))};
    Site site{.input = {.axis = axis, .zone = zone}, .ledger = {.periods = months, .first_month = first}};
    const auto empty = [&axis](const char* unit) {
        return Series::missing({.id = unit, .kind = SeriesKind::interval_energy, .unit = unit}, axis);
    };
    site.metered = {.imported = empty("kWh"), .reactive_lagging = empty("kvarh"), .reactive_leading = empty("kvarh")};
    auto exported = empty("kWh");
    const int most = draw.integer(5, 200);
    for (int slot = 0; slot < axis.slots; ++slot) {
        const auto civil = zone.to_civil(axis.slot_start(slot));
        const bool before_start = civil.minute_of_day() < contract.day_starts_at;
        const auto day = add_days(civil.date(), before_start ? -1 : 0);
        Row row{.month = static_cast<int>(static_cast<unsigned>(day.month())),
                .index = static_cast<int>(static_cast<unsigned>(day.month())) - first,
                .day = static_cast<int>(std::chrono::sys_days(day).time_since_epoch().count()),
                .date = static_cast<int>(std::chrono::sys_days(civil.date()).time_since_epoch().count()),
                .minute = civil.minute_of_day(),
                .kwh = draw.amount(most),
                .fed = draw.one_in(3) ? draw.amount(most) : 0,
                .lagging = draw.amount(most),
                .leading = draw.one_in(4) ? draw.amount(most) : 0};
        const int hour = civil.hour;
        const bool working = weekday_from_monday(civil.date()) < 5;
        const int morning = contract.bands.rules[0].windows[0].from_minute;
        row.band = 3;
        if (working && civil.month >= 6 && civil.month <= 8 && hour >= 14 && hour < 17) row.band = 2;
        if (hour >= 22 || hour < 6) row.band = 1;
        if (row.minute >= morning && row.minute < morning + 180) row.band = 0;
        site.metered.imported.set(slot, row.kwh);
        exported.set(slot, row.fed);
        site.metered.reactive_lagging->set(slot, row.lagging);
        site.metered.reactive_leading->set(slot, row.leading);
        site.ledger.rows.push_back(row);
    }
    if (contract.net_metering) site.metered.exported = exported;
    return site;
}

int contracts_to_bill() {
    const char* chosen = std::getenv("LOADSTAR_CONTRACTS");
    return chosen != nullptr ? std::atoi(chosen) : 300;
}

TEST(Contracts, AnyContractIsBilledAsAClerkWouldBillItByHand) {
    int bills = 0;
    for (int seed = 1; seed <= contracts_to_bill(); ++seed) {
        Draw draw(static_cast<unsigned>(seed));
        const auto contract = draw.contract();
        const auto site = drawn_site(draw, contract);
        const auto terms = compile(contract, site.input);
        ASSERT_TRUE(terms) << seed << ": " << to_string(terms.error());
        const auto engine = bill(*terms, site.metered).value();
        ASSERT_EQ(static_cast<int>(engine.size()), site.ledger.periods) << seed;
        Clerk clerk(contract, site.ledger);
        for (int period = 0; period < site.ledger.periods; ++period) {
            const auto expected = clerk.bill(period);
            const auto& found = engine[static_cast<std::size_t>(period)];
            EXPECT_EQ(found.lines.size(), expected.size()) << seed << ", period " << period;
            for (const auto& line : found.lines) {
                ASSERT_TRUE(expected.contains(line.line)) << seed << ": " << line.line;
                EXPECT_NEAR(line.amount.to_double(), expected.at(line.line), 0.0101) << seed << ": " << line.line;
            }
            ++bills;
        }
        if (HasFailure()) break;
    }
    RecordProperty("bills", bills);
}

}  // namespace
}  // namespace loadstar::tariff
