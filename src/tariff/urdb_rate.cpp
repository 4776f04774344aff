#include "tariff/urdb_rate.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "tariff/foreign_hours.hpp"
#include "tariff/urdb_values.hpp"

namespace loadstar::tariff {
namespace {

using nlohmann::json;

/// Fields about the rate as a document: who wrote it, where it is published, to whom it is offered.
const std::set<std::string> descriptive{"label",
                                        "uri",
                                        "approved",
                                        "is_default",
                                        "name",
                                        "utility",
                                        "eiaid",
                                        "startdate",
                                        "enddate",
                                        "supersedes",
                                        "sector",
                                        "servicetype",
                                        "description",
                                        "source",
                                        "sourceparent",
                                        "basicinformationcomments",
                                        "voltagecategory",
                                        "phasewiring",
                                        "country",
                                        "energycomments",
                                        "demandcomments",
                                        "revisions",
                                        "latest_update",
                                        "version",
                                        "year",
                                        "peakkwcapacityhistory",
                                        "peakkwhusagehistory",
                                        "voltageminimum",
                                        "voltagemaximum",
                                        "demandattrs",
                                        "energyattrs",
                                        "fixedattrs",
                                        "demandunits",
                                        "flatdemandunits",
                                        "energyunits",
                                        "revdate",
                                        "approveddate",
                                        "_id",
                                        "rateName",
                                        "utilityName",
                                        "attrs",
                                        "grid"};
/// Who may take the rate: what is used decides that, not what is paid.
const std::vector<std::string> eligibility{"peakkwcapacitymin", "peakkwcapacitymax", "peakkwhusagemin",
                                           "peakkwhusagemax"};
/// Charges that no contract can hold: a rate that has one cannot be read.
const std::vector<std::pair<std::string, std::string>> not_held{
    {"annualmincharge", "a minimum of the year"},
    {"demandreactivepowercharge", "a charge per kvar of reactive power"},
    {"fixedchargeeaaddl", "a charge for each further meter"},
    {"coincidentratestructure", "a charge on peaks whose hours are named afterwards"}};

constexpr const char* assumed_days =
    "public holidays count as Sundays: the rate tells weekdays from weekends, but knows no holidays";

/// Reads one rate into a contract.
class RateReader {
  public:
    RateReader(const json& rate, const std::string& file, ForeignTariff& tariff)
        : values_(rate, file, tariff), rate_(rate), tariff_(tariff) {}

    void read() {
        name();
        energy();
        demand_by_hours();
        flat_demand();
        fixed();
        others();
        if (!tariff_.mistakes.empty()) return;
        for (const auto& problem : write_charges(table_, demands_, contract_))
            values_.mistake("", problem + ": a contract cannot hold that");
        if (!tariff_.mistakes.empty()) return;
        finish_demands();
        const bool by_day =
            std::ranges::any_of(contract_.bands.rules, [](const BandRule& rule) { return !rule.days.empty(); });
        if (by_day) values_.remark("", assumed_days);
        tariff_.contracts.push_back(std::move(contract_));
    }

  private:
    template <class Visit>
    static void for_each_hour(Visit visit) {
        for (unsigned month = 1; month <= 12; ++month)
            for (const auto day : {HourDay::working, HourDay::saturday, HourDay::sunday})
                for (int hour = 0; hour < 24; ++hour) visit(month, day, hour);
    }

    void name() {
        contract_.id = "electricity";
        contract_.currency = "USD";
        const auto words = [this](const char* key) { return rate_.contains(key) ? values_.text(key) : std::string(); };
        contract_.name = words("name").empty() ? words("label") : words("name");
        if (contract_.name.empty()) contract_.name = "rate";
        if (const auto utility = words("utility"); !utility.empty()) contract_.name = utility + ": " + contract_.name;
    }

    /// Thresholds from upper ends; out of order ones are mistakes.
    ForeignTiers tiers_of(const UrdbPeriod& period, const std::string& pointer, const std::vector<std::string>& units) {
        ForeignTiers tiers;
        Decimal from;
        for (std::size_t t = 0; t < period.size(); ++t) {
            const auto& tier = period[t];
            const auto at = fmt::format("{}/{}", pointer, t);
            const bool last = t + 1 == period.size();
            if (!last && !tier.max) values_.mistake(at, "max is missing, but another tier follows");
            if (tier.max && *tier.max <= from)
                values_.mistake(
                    at + "/max",
                    fmt::format("tiers out of order: expected more than {}, found {}", from.text(), tier.max->text()),
                    "each tier ends above the one before");
            if (last && tier.max)
                values_.remark(
                    at + "/max",
                    fmt::format("nothing is said about what lies above {}: the last price goes on", tier.max->text()));
            const bool known_unit = tier.unit.empty() || std::ranges::find(units, tier.unit) != units.end();
            if (!known_unit)
                values_.mistake(at + "/unit", fmt::format("expected {}, found {}", fmt::join(units, " or "), tier.unit),
                                "tiers of other units cannot be held");
            tiers.push_back({.from = from, .rate = tier.rate});
            from = tier.max.value_or(from);
        }
        return tiers;
    }

    /// What the tiers of an energy period count; all of them must count the same.
    TierBasis basis_of(const UrdbPeriod& period, std::size_t index) {
        if (period.size() < 2) return TierBasis::period;
        for (const auto& tier : period) {
            if (tier.unit != period.front().unit && !tier.unit.empty())
                values_.mistake(fmt::format("/energyratestructure/{}", index),
                                "tiers of one period count in different units");
        }
        if (period.front().unit == "kWh daily") return TierBasis::day;
        return period.front().unit == "kWh/kW" ? TierBasis::demand : TierBasis::period;
    }

    void energy() {
        const auto periods = values_.structure("energyratestructure");
        if (periods.empty()) return values_.mistake("/energyratestructure", "no energy price is given");
        const auto weekday = values_.schedule("energyweekdayschedule", periods.size());
        const auto weekend = values_.schedule("energyweekendschedule", periods.size());
        for (const char* key : {"energyweekdayschedule", "energyweekendschedule"}) {
            if (periods.size() > 1 && !values_.has(key))
                values_.mistake(fmt::format("/{}", key), "several periods, but no schedule says when each holds");
        }
        std::vector<HourTerms> terms;
        for (std::size_t p = 0; p < periods.size(); ++p) {
            terms.push_back({.label = fmt::format("period_{}", p),
                             .energy = tiers_of(periods[p], fmt::format("/energyratestructure/{}", p),
                                                {"kWh", "kWh daily", "kWh/kW"}),
                             .tiers_per = basis_of(periods[p], p),
                             .sell = periods[p].empty() ? std::nullopt : periods[p].front().sell});
        }
        for_each_hour([&](unsigned month, HourDay day, int hour) {
            const auto& schedule = day == HourDay::working ? weekday : weekend;
            const int period = schedule ? (*schedule)[month - 1][static_cast<std::size_t>(hour)] : 0;
            table_.at(month, day, hour) = terms[static_cast<std::size_t>(period)];
        });
    }

    static bool costs(const ForeignTiers& tiers) {
        return std::ranges::any_of(tiers, [](const ForeignTier& tier) { return tier.rate != Decimal(); });
    }

    void demand_by_hours() {
        const auto periods = values_.structure("demandratestructure");
        if (periods.empty()) return;
        const auto measure = measure_in("demandrateunit");
        const auto weekday = values_.schedule("demandweekdayschedule", periods.size());
        const auto weekend = values_.schedule("demandweekendschedule", periods.size());
        for (std::size_t p = 0; p < periods.size(); ++p) {
            const auto tiers = tiers_of(periods[p], fmt::format("/demandratestructure/{}", p), {"kW", "kVA"});
            if (!costs(tiers)) continue;
            if (!weekday || !weekend) return tell_missing_schedules();
            ForeignDemand demand{.line = fmt::format("demand_period_{}", p),
                                 .name = fmt::format("demand (period {})", p),
                                 .tiers = tiers,
                                 .measure = measure,
                                 .months = {}};
            for_each_hour([&](unsigned month, HourDay day, int hour) {
                const auto& schedule = day == HourDay::working ? *weekday : *weekend;
                if (schedule[month - 1][static_cast<std::size_t>(hour)] != static_cast<int>(p)) return;
                table_.at(month, day, hour).demands.insert(demands_.size());
                demand.months.insert(month);
            });
            if (demand.months.empty()) {
                values_.remark(fmt::format("/demandratestructure/{}", p), "this period never occurs in the schedules");
            } else {
                demands_.push_back(std::move(demand));
            }
        }
    }

    void tell_missing_schedules() {
        for (const char* key : {"demandweekdayschedule", "demandweekendschedule"})
            if (!values_.has(key))
                values_.mistake(fmt::format("/{}", key), "demand has a rate, but no schedule says when it counts");
    }

    void flat_demand() {
        const auto periods = values_.structure("flatdemandstructure");
        if (periods.empty()) return;
        const auto measure = measure_in("flatdemandunit");
        const auto months = values_.months("flatdemandmonths", periods.size());
        if (!months && periods.size() > 1)
            values_.mistake("/flatdemandmonths", "several periods, but no months say when each holds");
        for (std::size_t p = 0; p < periods.size(); ++p) {
            ForeignDemand demand{
                .line = "demand",
                .name = "demand",
                .tiers = tiers_of(periods[p], fmt::format("/flatdemandstructure/{}", p), {"kW", "kVA"}),
                .measure = measure,
                .months = {}};
            for (unsigned month = 1; month <= 12; ++month)
                if (!months || (*months)[month - 1] == static_cast<int>(p)) demand.months.insert(month);
            if (!costs(demand.tiers) || demand.months.empty()) continue;
            for_each_hour([&](unsigned month, HourDay day, int hour) {
                if (demand.months.contains(month)) table_.at(month, day, hour).demands.insert(demands_.size());
            });
            demands_.push_back(std::move(demand));
        }
    }

    DemandMeasure measure_in(const char* key) {
        const auto unit = values_.text(key);
        if (unit == "kVA") return DemandMeasure::apparent;
        if (!unit.empty() && unit != "kW")
            values_.mistake(fmt::format("/{}", key), fmt::format("expected kW or kVA, found {}", unit),
                            "write the rates per kW");
        return DemandMeasure::active;
    }

    void fixed() {
        add_fixed("fixedmonthlycharge", values_.number("fixedmonthlycharge").value_or(Decimal()));
        const auto units = values_.text("fixedchargeunits");
        const auto amount = values_.number("fixedchargefirstmeter").value_or(Decimal());
        if (amount == Decimal()) return;
        if (units.empty() || units == "$/month") {
            add_fixed("fixedchargefirstmeter", amount);
        } else if (units == "$/day") {
            add_fixed("fixedchargefirstmeter", (amount * 365 / 12).rounded(6));
            values_.remark("/fixedchargefirstmeter",
                           fmt::format("{} a day is written as a twelfth of 365 days a month", amount.text()));
        } else if (units == "$/year") {
            add_fixed("fixedchargefirstmeter", (amount / 12).rounded(6));
            values_.remark("/fixedchargefirstmeter",
                           fmt::format("{} a year is written as a twelfth a month", amount.text()));
        } else {
            values_.mistake("/fixedchargeunits", fmt::format("expected $/month, $/day or $/year, found {}", units));
        }
    }

    void add_fixed(const std::string& key, Decimal amount) {
        if (amount == Decimal()) return;
        const auto line = contract_.fixed.empty() ? std::string("customer") : "customer_" + key;
        contract_.fixed.push_back({.line = line, .name = line, .amount = amount});
    }

    void metering_interval() {
        const auto window = values_.number("demandwindow");
        if (!window) return;
        const std::vector<int> usual{5, 10, 15, 20, 30, 60};
        const auto known = std::ranges::find_if(usual, [&window](int length) { return Decimal(length) == *window; });
        if (known == usual.end()) {
            values_.mistake("/demandwindow", fmt::format("expected one of {} minutes, found {}", fmt::join(usual, ", "),
                                                         window->text()));
        } else {
            interval_ = minutes(*known);
        }
    }

    void finish_demands() {
        for (auto& charge : contract_.demands) {
            charge.interval = interval_.value_or(charge.interval);
            charge.ratchet = ratchet_;
        }
        if (!interval_ && !contract_.demands.empty())
            values_.remark("", "demandwindow is not given: demand is metered over 15 minutes");
    }

    /// The billed demand is at least a share of earlier ones.
    void look_back() {
        const auto spelt = [this](const std::string& word) {
            return values_.has("lookback" + word)
                       ? "lookback" + word
                       : "lookback" + std::string(1, static_cast<char>(std::tolower(word[0]))) + word.substr(1);
        };
        const auto share = values_.number(spelt("Percent")).value_or(Decimal());
        const auto range = values_.number(spelt("Range")).value_or(Decimal());
        const auto flags = values_.months(spelt("Months"), 2);
        if (share <= 0) return;
        DemandRatchet ratchet{.percent = share <= 1 ? share * 100 : share};
        if (range >= 1 && range <= 60) ratchet.periods = static_cast<int>(range.to_double());
        for (unsigned month = 1; flags && month <= 12; ++month)
            if ((*flags)[month - 1] == 1) ratchet.months.insert(month);
        if (ratchet.months.empty() && range < 1)
            values_.remark("/lookbackPercent", "no months to look back are given: it is the last 11");
        ratchet_ = ratchet;
        values_.remark("/lookbackPercent", "the share of earlier demands holds for every demand charge of the rate");
    }

    void minimum() {
        auto amount = values_.number("minmonthlycharge").value_or(Decimal());
        const auto units = values_.text("minchargeunits");
        const auto other = values_.number("mincharge").value_or(Decimal());
        if (other > 0 && units == "$/day") {
            amount = std::max(amount, (other * 365 / 12).rounded(6));
        } else if (other > 0 && (units.empty() || units == "$/month")) {
            amount = std::max(amount, other);
        } else if (other > 0) {
            values_.mistake("/minchargeunits", fmt::format("expected $/month or $/day, found {}", units));
        }
        if (amount > 0) contract_.minimum = MinimumBill{.name = "minimum", .amount = amount};
    }

    static bool is_nothing(const json& node) {
        if (node.is_number()) return node.get<double>() == 0;
        if (node.is_structured()) return std::ranges::all_of(node, is_nothing);
        return node.is_null() || node == "" || node == false;
    }

    void others() {
        metering_interval();
        look_back();
        minimum();
        for (const auto& [key, what] : not_held)
            if (values_.number(key).value_or(Decimal()) != Decimal())
                values_.mistake("/" + key, fmt::format("{} cannot be held by a contract", what),
                                "remove the field to read the rest");
        for (const auto& key : eligibility)
            if (const auto limit = values_.number(key))
                values_.remark("/" + key, fmt::format("the rate is offered up to or from {} only; that is not checked",
                                                      limit->text()));
        if (const auto rules = values_.text("dgrules"); !rules.empty() && rules != "Net Billing Instantaneous")
            values_.remark("/dgrules",
                           fmt::format("energy that leaves the plant is paid slot by slot, not by \"{}\"", rules));
        for (const auto& key : values_.unread(descriptive)) {
            if (is_nothing(rate_.at(key))) continue;
            values_.mistake("/" + key, fmt::format("{} is not understood", key), "remove the field to read the rest");
        }
    }

    UrdbValues values_;
    const json& rate_;
    ForeignTariff& tariff_;
    Contract contract_;
    HourTable table_;
    std::vector<ForeignDemand> demands_;
    std::optional<Duration> interval_;
    std::optional<DemandRatchet> ratchet_;
};

}  // namespace

void read_urdb_rate(const json& rate, const std::string& file, ForeignTariff& tariff) {
    RateReader(rate, file, tariff).read();
}

}  // namespace loadstar::tariff
