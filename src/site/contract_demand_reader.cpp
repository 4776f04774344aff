#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "site/contract_charge_readers.hpp"

namespace loadstar {
namespace {

const std::vector<std::pair<std::string, DemandMode>> demand_modes{
    {"actual", DemandMode::actual}, {"contract", DemandMode::contract}, {"capacity", DemandMode::capacity}};

/// The unit of a demand stands in its keys: `rate_per_kw`, `minimum_m3_per_h`, `contract_kwh_per_day`.
struct DemandUnit {
    std::string_view unit;
    std::string_view per_hour;
    std::string_view per_day;
};
constexpr std::array demand_units{
    DemandUnit{"kWh", "kw", "kwh_per_day"},        DemandUnit{"MWh", "mw", "mwh_per_day"},
    DemandUnit{"GJ", "gj_per_h", "gj_per_day"},    DemandUnit{"m3", "m3_per_h", "m3_per_day"},
    DemandUnit{"Nm3", "nm3_per_h", "nm3_per_day"}, DemandUnit{"t", "t_per_h", "t_per_day"},
};

std::vector<std::string> demand_words(const TableReader& reader, const std::string& unit, bool per_day) {
    std::vector<std::string> words;
    for (const auto& row : demand_units) {
        if (reader.describing()) words.insert(words.end(), {std::string(row.per_hour), std::string(row.per_day)});
        if (!reader.describing() && row.unit == unit) words.emplace_back(per_day ? row.per_day : row.per_hour);
    }
    return words;
}

/// Reads the keys of one demand charge.
class DemandReader {
  public:
    DemandReader(TableReader& reader, const Contract& contract) : reader_(reader), contract_(contract) {}

    DemandCharge read() {
        charge_.line = reader_.text({"line", "name of the bill line"}, "demand");
        charge_.name = reader_.text({"name", "what people call it"}, charge_.line);
        charge_.mode = reader_.choice<DemandMode>({"mode", "what the basic charge is measured by"}, demand_modes,
                                                  DemandMode::actual);
        read_interval();
        words_ = demand_words(reader_, contract_.unit, charge_.per_day);
        read_rates();
        read_choices();
        read_contracted();
        charge_.window = read_window(reader_, contract_.bands);
        read_ratchet();
        read_year();
        read_hours();
        read_measure();
        charge_.use_hours = read_use_hours(reader_, contract_);
        charge_.validity = read_validity(reader_);
        charge_.amount_digits = read_amount_digits(reader_);
        if (!reader_.describing()) check();
        return charge_;
    }

  private:
    /// A decimal whose key carries the unit of demand: prefix + "kw", "m3_per_h", ...
    std::optional<Decimal> optional_demand(TableReader& reader, const std::string& prefix, const char* doc,
                                           Range range) {
        std::optional<Decimal> found;
        for (const auto& word : words_)
            if (const auto value = reader.optional_decimal({prefix + word, doc}, range)) found = value;
        return found;
    }

    [[nodiscard]] std::string key(const char* prefix) const { return prefix + words_.front(); }

    void read_interval() {
        charge_.interval = minutes(reader_.integer({"metering_interval_minutes", "interval whose mean power counts"},
                                                   15, {.minimum = 1, .maximum = 60}));
        charge_.per_day = reader_.choice<bool>({"metering_interval", "day: the quantity of a local day counts"},
                                               {{"day", true}}, false);
        if (charge_.per_day && reader_.has("metering_interval_minutes"))
            reader_.mistake("metering_interval", "metering_interval and metering_interval_minutes exclude each other");
        if (charge_.per_day) charge_.interval = hours(24);
    }

    void read_rates() {
        const auto per_kw =
            optional_demand(reader_, "rate_per_", "price per unit of demand and billing period", not_negative);
        const auto per_kva =
            reader_.optional_decimal({"rate_per_kva", "price per kVA and billing period (capacity)"}, not_negative);
        read_tiers();
        const bool by_capacity = charge_.mode == DemandMode::capacity;
        const auto& rate = by_capacity ? per_kva : per_kw;
        const auto rate_key = by_capacity ? std::string("rate_per_kva") : key("rate_per_");
        if (!reader_.has(rate_key) && charge_.tiers.empty() && !reader_.describing())
            reader_.mistake("", fmt::format("{} is missing", rate_key));
        if (rate && !charge_.tiers.empty())
            reader_.mistake("tier", fmt::format("tiers and {} exclude each other", key("rate_per_")));
        charge_.rate = charge_.tiers.empty() ? rate.value_or(0) : charge_.tiers.front().rate;
        charge_.other_rate = by_capacity ? per_kw : per_kva;
    }

    void read_tiers() {
        reader_.table_list({"tier", "rates by parts of the demand, rising from 0"}, [this](TableReader& tier) {
            const auto from = optional_demand(tier, "from_", "demand above which the rate holds", not_negative);
            const auto rate = optional_demand(tier, "rate_per_", "price per unit of demand", not_negative);
            if (!tier.describing() && (!from || !rate))
                tier.mistake("", fmt::format("a tier needs {} and {}", key("from_"), key("rate_per_")));
            charge_.tiers.push_back({.from_kw = from.value_or(0), .rate = rate.value_or(0)});
            const auto count = charge_.tiers.size();
            const bool rises = count == 1 ? charge_.tiers.front().from_kw == 0
                                          : charge_.tiers[count - 1].from_kw > charge_.tiers[count - 2].from_kw;
            if (!rises && from)
                tier.mistake(key("from_"), fmt::format("tiers out of order at {} = {}", key("from_"), from->text()),
                             "the first tier starts at 0, each later one above the one before");
        });
    }

    void read_choices() {
        for (const auto& word : reader_.texts({"choices", "modes the supplier offers, which advice compares"})) {
            const auto known = std::ranges::find(demand_modes, word,
                                                 [](const auto& mode) -> const std::string& { return mode.first; });
            if (known != demand_modes.end()) {
                charge_.choices.push_back(known->second);
            } else {
                reader_.mistake("choices",
                                fmt::format("expected actual, contract or capacity in choices, found \"{}\"", word));
            }
        }
    }

    void read_contracted() {
        charge_.capacity_kva =
            reader_.optional_decimal({"capacity_kva", "transformers, and motors at high voltage"}, positive);
        charge_.contract_kw = optional_demand(reader_, "contract_", "contracted or booked demand", positive);
        charge_.contract_floor_percent =
            reader_.decimal({"contract_floor_percent", "least contracted demand, of capacity_kva"}, 40, not_negative);
        charge_.tolerance_percent = reader_.decimal(
            {"tolerance_percent", "of the contracted demand, free of the surcharge"}, 105, {.minimum = 100});
        charge_.excess_factor =
            reader_.decimal({"excess_factor", "multiple of the rate above the tolerance"}, 2, {.minimum = 1});
        charge_.excess_rate =
            optional_demand(reader_, "excess_rate_per_", "price above the tolerance instead of a factor", not_negative);
        charge_.excess_reading = reader_.choice<ExcessReading>(
            {"excess_reading",
             "what is due below the excess once the tolerance is passed: the contracted demand, or the tolerance too"},
            {{"contract_plus_excess", ExcessReading::contract_plus_excess},
             {"tolerance_plus_excess", ExcessReading::tolerance_plus_excess}},
            ExcessReading::contract_plus_excess);
        charge_.minimum_kw =
            optional_demand(reader_, "minimum_", "least demand that is billed (mode actual)", not_negative).value_or(0);
        reader_.table({"discount", "lower demand price for well-used capacity"}, [this](TableReader& discount) {
            charge_.discount = UseDiscount{
                .kwh_per_kva = discount.required_decimal({"from_kwh_per_kva", "monthly energy per kVA"}, positive),
                .percent =
                    discount.required_decimal({"percent", "cut of the demand price"}, {.minimum = 0, .maximum = 100})};
        });
    }

    void read_ratchet() {
        reader_.table({"ratchet", "share of the highest earlier demand that is billed at least"}, [this](TableReader&
                                                                                                             ratchet) {
            DemandRatchet rule;
            rule.percent =
                ratchet.required_decimal({"percent", "of the highest earlier demand"}, {.minimum = 0, .maximum = 100});
            rule.periods =
                ratchet.integer({"periods", "billing periods it looks back"}, 11, {.minimum = 1, .maximum = 60});
            rule.months = read_months(ratchet, {"months", "only periods that start in these months; all when absent"});
            charge_.ratchet = rule;
        });
    }

    void read_year() {
        const bool year = reader_.choice<bool>({"over", "period (default) or year: whose largest demand is billed"},
                                               {{"period", false}, {"year", true}}, false);
        YearDemand rule;
        rule.billing = reader_.choice<YearBilling>(
            {"year_billing", "when the year's demand is due"},
            {{"rise", YearBilling::rise}, {"twelfths", YearBilling::twelfths}, {"year_end", YearBilling::year_end}},
            YearBilling::rise);
        rule.first_month = static_cast<unsigned>(
            reader_.integer({"year_starts", "month in which the year starts"}, 1, {.minimum = 1, .maximum = 12}));
        if (year) charge_.year = rule;
        for (const auto* name : {"year_billing", "year_starts"})
            if (!year && reader_.has(name)) reader_.mistake(name, fmt::format("{} needs over = \"year\"", name));
    }

    void read_hours() {
        const Key listed{"hours", "local times at which the named intervals start, such as \"2026-07-14 17:00\""};
        for (const auto& text : reader_.texts(listed)) {
            const auto time = parse_local_time(text);
            if (!time) {
                reader_.mistake("hours", fmt::format("expected a local time such as \"2026-07-14 17:00\" in hours, "
                                                     "found \"{}\"",
                                                     text));
                continue;
            }
            const auto interval = static_cast<int>(charge_.interval / minutes(1));
            if (time->minute % interval != 0)
                reader_.mistake("hours",
                                fmt::format("\"{}\" does not start a metering interval of {} minutes", text, interval));
            charge_.hours.push_back(*time);
        }
        charge_.of = reader_.choice<DemandOf>(
            {"demand_of", "how the intervals make one demand: the largest of their means, their mean or their sum"},
            {{"largest", DemandOf::largest}, {"mean", DemandOf::mean}, {"sum", DemandOf::sum}}, DemandOf::largest);
        charge_.probability_series = reader_.reference(
            {"probability_series", "how likely each slot is one of the hours, 0..1, for plans before they are named"},
            "series");
        charge_.expected_hours =
            reader_.integer({"expected_hours", "how many hours the mean will be taken of (probability_series)"}, 1,
                            {.minimum = 1, .maximum = 8784});
        const bool named = !charge_.hours.empty() || !charge_.probability_series.empty();
        if (charge_.of != DemandOf::largest && !named && !reader_.describing())
            reader_.mistake("demand_of", "the mean or sum of a demand needs named hours",
                            "list them under hours, or give a probability_series");
        const bool averages = charge_.of == DemandOf::mean && !charge_.probability_series.empty();
        if (reader_.has("expected_hours") && !averages)
            reader_.mistake("expected_hours", "expected_hours needs demand_of = \"mean\" and a probability_series");
    }

    static std::optional<LocalTime> parse_local_time(const std::string& text) {
        constexpr std::size_t length = std::string_view("2026-07-14 17:00").size();
        if (text.size() != length || (text[10] != ' ' && text[10] != 'T') || text[13] != ':') return std::nullopt;
        const auto day = parse_day(text.substr(0, 10));
        int hour = -1;
        int minute = -1;
        const auto* data = text.data();
        const bool numbers = std::from_chars(data + 11, data + 13, hour).ptr == data + 13 &&
                             std::from_chars(data + 14, data + 16, minute).ptr == data + 16;
        if (!day || !numbers || hour < 0 || hour > 23 || minute < 0 || minute > 59) return std::nullopt;
        return LocalTime{.day = *day, .minute = hour * 60 + minute};
    }

    void read_measure() {
        charge_.measure = reader_.choice<DemandMeasure>(
            {"measure", "kw (default) or kva"}, {{"kw", DemandMeasure::active}, {"kva", DemandMeasure::apparent}},
            DemandMeasure::active);
        charge_.plan_power_factor = reader_.decimal(
            {"plan_power_factor", "measure kva: power factor that plans assume"}, 1, {.minimum = 0.1, .maximum = 1});
    }

    void check() {
        check_choices();
        check_contradictions();
        if (charge_.mode == DemandMode::contract && !charge_.contract_kw) {
            reader_.mistake("", fmt::format("{} is missing", key("contract_")),
                            contract_.unit == "kWh" && !charge_.per_day ? "the demand agreed with the supplier, in kW"
                                                                        : "the demand agreed with the supplier");
        }
        const bool needs_capacity = charge_.mode == DemandMode::capacity || charge_.discount.has_value();
        if (needs_capacity && !charge_.capacity_kva)
            reader_.mistake("", "capacity_kva is missing", "rated power of the transformers, in kVA");
        if (charge_.mode == DemandMode::capacity && charge_.discount) {
            reader_.mistake("discount", "a discount lowers the price per kW, but mode capacity has none",
                            "remove the discount, or choose mode actual or contract");
        }
        const auto interval = std::chrono::duration_cast<minutes>(charge_.interval).count();
        if (!charge_.per_day && 60 % interval != 0) {
            reader_.mistake("metering_interval_minutes",
                            fmt::format("expected a divisor of 60 for metering_interval_minutes, found {}", interval));
        }
    }

    /// Every mode on offer needs its price and what it is measured against.
    void check_choices() {
        const bool by_capacity = charge_.mode == DemandMode::capacity;
        for (const auto choice : charge_.choices) {
            const bool wants_capacity = choice == DemandMode::capacity;
            if (wants_capacity != by_capacity && !charge_.other_rate) {
                reader_.mistake("choices", wants_capacity ? "rate_per_kva of the offered mode capacity is missing"
                                                          : "rate_per_kw of the offered mode is missing");
            }
            if (wants_capacity && !charge_.capacity_kva)
                reader_.mistake("choices", "capacity_kva is missing", "rated power of the transformers, in kVA");
        }
    }

    /// What is expected of a peak that is not named yet is its rate times its probability.
    void check_probability() {
        if (charge_.probability_series.empty()) return;
        const bool one_rate = charge_.mode == DemandMode::actual && charge_.tiers.empty() && !charge_.ratchet &&
                              charge_.minimum_kw == Decimal();
        if (!one_rate)
            reader_.mistake("probability_series", "a probable peak has one rate in mode actual",
                            "leave out tier, ratchet and the minimum, or name the hours");
        if (charge_.per_day || charge_.measure == DemandMeasure::apparent)
            reader_.mistake("probability_series", "a probable peak is measured in kW within the hour",
                            "leave out metering_interval and measure, or name the hours");
    }

    /// Terms of which one would silently not count beside the other.
    void check_contradictions() {
        check_probability();
        const auto only_actual = [this](bool given, std::string_view name) {
            if (given && charge_.mode != DemandMode::actual)
                reader_.mistake(name, fmt::format("{} needs mode = \"actual\"", name));
        };
        only_actual(!charge_.tiers.empty(), "tier");
        only_actual(charge_.ratchet.has_value(), "ratchet");
        only_actual(charge_.year.has_value(), "over");
        only_actual(!charge_.hours.empty(), "hours");
        if (charge_.mode == DemandMode::capacity && !charge_.window.bands.empty())
            reader_.mistake("bands", "a capacity does not depend on bands");
        if (charge_.ratchet && charge_.year)
            reader_.mistake("ratchet", "a demand of the year has no ratchet", "leave out ratchet or over = \"year\"");
        if (charge_.excess_rate && reader_.has("excess_factor"))
            reader_.mistake("excess_factor", "excess_factor and an excess rate exclude each other");
        if (charge_.excess_rate && charge_.mode != DemandMode::contract)
            reader_.mistake(key("excess_rate_per_"), "an excess rate needs mode = \"contract\"");
        if (charge_.measure == DemandMeasure::apparent && (contract_.unit != "kWh" || charge_.per_day))
            reader_.mistake("measure", "kva needs a contract in kWh and intervals within the hour");
        if (charge_.per_day && !charge_.window.bands.empty())
            reader_.mistake("bands", "the quantity of a day does not depend on bands");
    }

    TableReader& reader_;
    const Contract& contract_;
    DemandCharge charge_;
    std::vector<std::string> words_;  ///< of the unit of demand
};

}  // namespace

DemandCharge read_demand(TableReader& reader, const Contract& contract) {
    return DemandReader(reader, contract).read();
}

}  // namespace loadstar
