#include "tariff/read_us_plant_tariff.hpp"

#include <algorithm>
#include <cstdlib>
#include <map>

#include <fmt/format.h>

#include "base/nearest.hpp"
#include "tariff/csv_table.hpp"
#include "tariff/foreign_hours.hpp"

namespace loadstar::tariff {
namespace {

constexpr const char* limit_column = "basic_charge_limit (metric)";
constexpr const char* charge_column = "charge (metric)";
constexpr const char* assumed_days =
    "public holidays count as Sundays: the file tells weekdays apart, but knows no holidays";

/// What the two utilities of such files become.
struct Utility {
    const char* word;
    const char* carrier;
    const char* unit;
    const char* energy_units;
    const char* demand_units;
};
constexpr std::array utilities{Utility{"electric", "electricity", "kWh", "$/kWh", "$/kW"},
                               Utility{"gas", "gas", "m3", "$/therm or $/m3", "$/therm/hr or $/m3/hr"}};

/// Both ends included, but `hour.to`, which is the hour at which the charge ends.
struct Span {
    int from = 0;
    int to = 0;
};

/// One row: a charge and when it holds.
struct Charge {
    int line = 0;
    std::string type;
    std::string period;
    Decimal limit;
    Decimal rate;
    Span months;
    Span hours;
    Span weekdays;
};

std::optional<Decimal> number_in(const std::string& text) {
    char* end = nullptr;
    const double value = std::strtod(text.c_str(), &end);
    if (text.empty() || *end != '\0' || !(value > -1e15 && value < 1e15)) return std::nullopt;
    return Decimal::from_double(value);  // these files write 0.71209999999999996 for 0.7121
}

/// Walks the hours of a charge.
template <class Visit>
void for_each_hour(const Charge& charge, Visit visit) {
    for (int month = charge.months.from; month <= charge.months.to; ++month) {
        for (const auto day : {HourDay::working, HourDay::saturday, HourDay::sunday}) {
            const int weekday = day == HourDay::working ? 0 : day == HourDay::saturday ? 5 : 6;
            if (weekday < charge.weekdays.from || weekday > charge.weekdays.to) continue;
            for (int hour = charge.hours.from; hour < charge.hours.to; ++hour)
                visit(static_cast<unsigned>(month), day, hour);
        }
    }
}

/// "summer-peak" as part of a bill line: "summer_peak".
std::string line_word(const std::string& name) {
    std::string word;
    for (const char c : name)
        word += std::isalnum(static_cast<unsigned char>(c)) != 0 ? static_cast<char>(std::tolower(c)) : '_';
    return word;
}

/// Reads the rows of one utility into a contract.
class UtilityReader {
  public:
    UtilityReader(const Utility& utility, const std::string& file, ForeignTariff& tariff)
        : utility_(utility), file_(file), tariff_(tariff), mistakes_before_(tariff.mistakes.size()) {
        contract_.id = utility.carrier;
        contract_.name = fmt::format("{} ({})", std::filesystem::path(file).stem().string(), utility.carrier);
        contract_.carrier = utility.carrier;
        contract_.unit = utility.unit;
        contract_.currency = "USD";
    }

    void add(const CsvRow& row) {
        const auto charge = charge_of(row);
        if (!charge) return;
        if (charge->type == "customer") {
            add_customer(row, *charge);
        } else if (charge->type == "energy") {
            add_energy(*charge);
        } else {
            demands_[charge->period].push_back(*charge);
        }
        any_ = true;
    }

    void finish() {
        if (!any_) return;
        for (const auto& [period, charges] : demands_) add_demand(period, charges);
        check_hours();
        check_tiers();
        if (tariff_.mistakes.size() > mistakes_before_) return;
        for (const auto& problem : write_charges(table_, foreign_demands_, contract_))
            mistake(0, problem + ": a contract cannot hold that", "");
        if (tariff_.mistakes.size() > mistakes_before_) return;
        const bool by_day =
            std::ranges::any_of(contract_.bands.rules, [](const BandRule& rule) { return !rule.days.empty(); });
        if (by_day) remark(0, assumed_days, "");
        // The demand of gas is what flows in an hour.
        if (contract_.unit == "m3")
            for (auto& charge : contract_.demands) charge.interval = hours(1);
        tariff_.contracts.push_back(std::move(contract_));
    }

  private:
    [[nodiscard]] Mistake at_line(int line, std::string message, std::string hint) const {
        return {.line = line,
                .column = 1,
                .where = line > 0 ? fmt::format("{}:{}", file_, line) : file_,
                .message = fmt::format("{}: {}", utility_.word, message),
                .hint = std::move(hint)};
    }
    void mistake(int line, std::string message, std::string hint) {
        tariff_.mistakes.push_back(at_line(line, std::move(message), std::move(hint)));
    }
    void remark(int line, std::string message, std::string hint) {
        tariff_.remarks.push_back(at_line(line, std::move(message), std::move(hint)));
    }

    std::optional<Decimal> number(const CsvRow& row, const std::string& column) {
        const auto value = number_in(row.at(column));
        if (!value) mistake(row.line, fmt::format("expected a number in {}, found \"{}\"", column, row.at(column)), "");
        return value;
    }

    /// Two columns of whole numbers; blank ones mean the widest span.
    std::optional<Span> span(const CsvRow& row, const std::string& name, Span widest) {
        const auto& from = row.at(name + "_start");
        const auto& to = row.at(name + "_end");
        if (from.empty() && to.empty()) return widest;
        const auto first = number_in(from);
        const auto last = number_in(to);
        const auto small = [](const std::optional<Decimal>& number) {
            return number && *number < 100 && *number > -100;
        };
        if (small(first) && small(last)) {
            const Span found{.from = static_cast<int>(first->to_double()), .to = static_cast<int>(last->to_double())};
            const bool whole = *first == Decimal(found.from) && *last == Decimal(found.to);
            if (whole && found.from >= widest.from && found.to <= widest.to && found.from <= found.to) return found;
        }
        mistake(row.line,
                fmt::format("expected whole numbers from {} to {} in {}_start and {}_end, found \"{}\" and \"{}\"",
                            widest.from, widest.to, name, name, from, to),
                "a span across the end needs two rows");
        return std::nullopt;
    }

    [[nodiscard]] const char* expected_units(const std::string& type) const {
        if (type == "customer") return "$/month";
        return type == "energy" ? utility_.energy_units : utility_.demand_units;
    }

    std::optional<Charge> charge_of(const CsvRow& row) {
        Charge charge{.line = row.line, .type = row.at("type"), .period = row.at("period")};
        const std::vector<std::string> types{"customer", "energy", "demand"};
        if (std::ranges::find(types, charge.type) == types.end()) {
            const auto close = nearest(charge.type, types);
            mistake(row.line, fmt::format("expected customer, energy or demand in type, found \"{}\"", charge.type),
                    close.empty() ? "" : fmt::format("did you mean {}?", close));
            return std::nullopt;
        }
        if (const auto& units = row.at("units"); units != expected_units(charge.type)) {
            mistake(row.line, fmt::format("expected {} in units, found \"{}\"", expected_units(charge.type), units),
                    "");
            return std::nullopt;
        }
        const auto rate = number(row, charge_column);
        const auto limit = row.at(limit_column).empty() ? Decimal() : number(row, limit_column);
        const auto months = span(row, "month", {1, 12});
        const auto hours = span(row, "hour", {0, 24});
        const auto weekdays = span(row, "weekday", {0, 6});
        if (!rate || !limit || !months || !hours || !weekdays || !whole_weeks(row, *weekdays)) return std::nullopt;
        charge.rate = *rate;
        charge.limit = *limit;
        charge.months = *months;
        charge.hours = *hours;
        charge.weekdays = *weekdays;
        return charge;
    }

    bool whole_weeks(const CsvRow& row, Span weekdays) {
        const bool splits_working_days = weekdays.from > 0 && weekdays.from <= 4;
        if (!splits_working_days && (weekdays.to >= 4 || weekdays.from > 4)) return true;
        mistake(row.line, fmt::format("weekdays {}-{} are only some of Monday to Friday", weekdays.from, weekdays.to),
                "bands tell working days, Saturdays and Sundays apart, not single weekdays");
        return false;
    }

    void add_customer(const CsvRow& row, const Charge& charge) {
        if (charge.months.from > 1 || charge.months.to < 12) {
            mistake(row.line, "a customer charge of some months cannot be held", "");
            return;
        }
        const auto count = contract_.fixed.size();
        const auto line = count == 0 ? std::string("customer") : fmt::format("customer_{}", count + 1);
        contract_.fixed.push_back({.line = line, .name = line, .amount = charge.rate});
    }

    void add_energy(const Charge& charge) {
        std::set<int> same;
        std::set<int> other;
        for_each_hour(charge, [&](unsigned month, HourDay day, int hour) {
            auto& tiers = table_.at(month, day, hour).energy;
            auto& lines = energy_lines_[{month, day, hour}];
            const auto known = std::ranges::find(tiers, charge.limit, &ForeignTier::from);
            if (known == tiers.end()) {
                tiers.push_back({.from = charge.limit, .rate = charge.rate});
                lines[charge.limit] = charge.line;
            } else {
                (known->rate == charge.rate ? same : other).insert(lines[charge.limit]);
            }
        });
        for (const int line : other) {
            mistake(charge.line, fmt::format("line {} gives another price for the same hours", line),
                    "leave one of the rows, or make their hours, weekdays or months differ");
        }
        for (const int line : same)
            remark(charge.line, fmt::format("line {} gives the same price for the same hours", line), "");
    }

    /// Rows of one period name: in each month one set of tiers over the same hours.
    void add_demand(const std::string& period, const std::vector<Charge>& charges) {
        std::map<ForeignTiers, std::set<unsigned>> months_of;
        for (unsigned month = 1; month <= 12; ++month) {
            const auto tiers = tiers_in(charges, month);
            if (tiers && !tiers->empty()) months_of[*tiers].insert(month);
        }
        const auto name = period.empty() ? std::string("demand") : fmt::format("demand ({})", period);
        const auto line = period.empty() ? std::string("demand") : "demand_" + line_word(period);
        for (const auto& [tiers, months] : months_of) {
            for (const auto& charge : charges) {
                for_each_hour(charge, [&](unsigned month, HourDay day, int hour) {
                    if (months.contains(month)) table_.at(month, day, hour).demands.insert(foreign_demands_.size());
                });
            }
            foreign_demands_.push_back({.line = line, .name = name, .tiers = tiers, .months = months});
        }
    }

    /// The tiers of a demand charge in a month; nullopt when the rows contradict one another, which is told once.
    std::optional<ForeignTiers> tiers_in(const std::vector<Charge>& charges, unsigned month) {
        std::map<Decimal, std::pair<const Charge*, std::set<std::pair<HourDay, int>>>> tiers;
        for (const auto& charge : charges) {
            const auto in = static_cast<int>(month);
            if (in < charge.months.from || in > charge.months.to) continue;
            auto& [first, hours] =
                tiers.try_emplace(charge.limit, &charge, std::set<std::pair<HourDay, int>>()).first->second;
            if (first->rate != charge.rate)
                return contradiction(
                    charge, fmt::format("line {} gives another rate for demand \"{}\" in the same month", first->line,
                                        charge.period));
            for_each_hour(charge, [&hours, month](unsigned of, HourDay day, int hour) {
                if (of == month) hours.insert({day, hour});
            });
        }
        ForeignTiers result;
        for (const auto& [limit, tier] : tiers) {
            if (tier.second != tiers.begin()->second.second) {
                return contradiction(
                    *tier.first, fmt::format("demand \"{}\" has tiers that hold at other hours", tier.first->period));
            }
            result.push_back({.from = limit, .rate = tier.first->rate});
        }
        start_tiers_at_zero(result);
        return result;
    }

    std::optional<ForeignTiers> contradiction(const Charge& charge, std::string message) {
        if (told_.insert(charge.line).second)
            mistake(charge.line, std::move(message), "give the charge another period name");
        return std::nullopt;
    }

    /// Limits count all that is used in a month, so their prices must hold at all its hours.
    void check_tiers() {
        for (unsigned month = 1; month <= 12; ++month) {
            const auto& first = table_.at(month, HourDay::working, 0).energy;
            for (const auto day : {HourDay::working, HourDay::saturday, HourDay::sunday}) {
                for (int hour = 0; hour < 24; ++hour) {
                    const auto& tiers = table_.at(month, day, hour).energy;
                    if (tiers == first || (tiers.size() <= 1 && first.size() <= 1)) continue;
                    return mistake(0, fmt::format("month {} has limits and prices that change by the hour", month),
                                   "a contract cannot hold limits that count the hours of several prices together");
                }
            }
        }
    }

    void check_hours() {
        for (unsigned month = 1; month <= 12; ++month)
            for (const auto day : {HourDay::working, HourDay::saturday, HourDay::sunday})
                for (int hour = 0; hour < 24; ++hour) start_tiers_at_zero(table_.at(month, day, hour).energy);
        constexpr std::size_t few = 3;
        const auto missing = hours_without_price(table_);
        for (std::size_t i = 0; i < std::min(few, missing.size()); ++i)
            mistake(0, "no energy row gives a price for " + missing[i], "add a row, or widen the hours of one");
        if (missing.size() > few)
            mistake(0, fmt::format("and {} stretches more have no price", missing.size() - few), "");
    }

    /// Below the first limit nothing is charged.
    static void start_tiers_at_zero(ForeignTiers& tiers) {
        std::ranges::sort(tiers);
        if (!tiers.empty() && tiers.front().from > Decimal(0))
            tiers.insert(tiers.begin(), ForeignTier{.from = 0, .rate = 0});
    }

    const Utility& utility_;
    const std::string& file_;
    ForeignTariff& tariff_;
    std::size_t mistakes_before_;
    bool any_ = false;
    Contract contract_;
    HourTable table_;
    std::map<std::tuple<unsigned, HourDay, int>, std::map<Decimal, int>> energy_lines_;
    std::map<std::string, std::vector<Charge>> demands_;
    std::vector<ForeignDemand> foreign_demands_;
    std::set<int> told_;
};

bool has_columns(const CsvTable& table, const std::string& file, ForeignTariff& tariff) {
    for (const char* column : {"utility", "type", "period", limit_column, "month_start", "month_end", "hour_start",
                               "hour_end", "weekday_start", "weekday_end", charge_column, "units"}) {
        if (std::ranges::find(table.columns, column) != table.columns.end()) continue;
        const auto close = nearest(column, table.columns);
        tariff.mistakes.push_back({.line = 1,
                                   .column = 1,
                                   .where = file + ":1",
                                   .message = fmt::format("column {} is missing", column),
                                   .hint = close.empty() ? "" : fmt::format("is it the column {}?", close)});
    }
    return tariff.mistakes.empty();
}

}  // namespace

bool looks_like_us_plant_tariff(const std::string& text) {
    const auto header = read_csv_table(text.substr(0, text.find('\n'))).columns;
    return header.size() > 3 && header[0] == "utility" && header[1] == "type" && header[2] == "period";
}

ForeignTariff read_us_plant_tariff(const std::string& text, const std::string& file) {
    ForeignTariff tariff{.format = ForeignFormat::us_plant, .contracts = {}, .mistakes = {}, .remarks = {}};
    const auto table = read_csv_table(text);
    if (!has_columns(table, file, tariff)) return tariff;
    for (const auto& utility : utilities) {
        UtilityReader reader(utility, file, tariff);
        for (const auto& row : table.rows)
            if (row.at("utility") == utility.word) reader.add(row);
        reader.finish();
    }
    for (const auto& row : table.rows) {
        const auto& word = row.at("utility");
        if (row.blank() ||
            std::ranges::any_of(utilities, [&word](const auto& utility) { return word == utility.word; }))
            continue;
        tariff.mistakes.push_back({.line = row.line,
                                   .column = 1,
                                   .where = fmt::format("{}:{}", file, row.line),
                                   .message = fmt::format("expected electric or gas in utility, found \"{}\"", word),
                                   .hint = ""});
    }
    return tariff;
}

}  // namespace loadstar::tariff
