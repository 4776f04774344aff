// Charges of contracts as plant files write them, and what is told about those that cannot be.
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "site/plant_file.hpp"
#include "support/temporary_folder.hpp"

namespace loadstar {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::EndsWith;
using testing::Field;
using testing::HasSubstr;

/// Lines of the file above the contract's own.
constexpr int lines_above = 7;

class ContractCharges : public testing::Test {
  protected:
    PlantReading read(const std::string& contract) {
        std::ofstream(folder_.path() / "plant.toml") << R"([site]
name = "Small"
time_zone = "Europe/Berlin"
[contract.c]
otherwise_band = "flat"
band = [{ name = "peak", windows = ["08:00-12:00"] }, { name = "summer", windows = ["17:00-18:00"], months = [7, 8] }]
use_hours = 5200
)" << contract;
        return read_plant_file(folder_.path()).value();
    }
    Contract good(const std::string& contract) {
        const auto reading = read(contract);
        for (const auto& mistake : reading.mistakes) ADD_FAILURE() << mistake.where << ": " << mistake.message;
        return reading.plant ? reading.plant->contracts.front() : Contract{};
    }
    /// "line: message" of the only mistake, its line counted from the contract's first.
    std::string only_mistake(const std::string& contract) {
        const auto reading = read(contract);
        for (const auto& mistake : reading.mistakes) RecordProperty(mistake.where, mistake.message);
        if (reading.mistakes.size() != 1) {
            std::string all;
            for (const auto& mistake : reading.mistakes) all += mistake.where + ": " + mistake.message + "\n";
            return std::to_string(reading.mistakes.size()) + " mistakes\n" + all;
        }
        const auto& where = reading.mistakes.front().where;
        const auto colon = where.find(':');
        return std::to_string(std::stoi(where.substr(colon + 1)) - lines_above) + ": " +
               reading.mistakes.front().message;
    }
    TemporaryFolder folder_;
};

TEST_F(ContractCharges, EveryKindOfDemandIsRead) {
    const auto contract = good(R"([[contract.c.demand]]
line = "peak"
bands = ["peak"]
months = [1, 2]
metering_interval_minutes = 30
tier = [{ from_kw = 0, rate_per_kw = 12 }, { from_kw = 50, rate_per_kw = 8 }]
ratchet = { percent = 75, periods = 11, months = [7, 8] }
[[contract.c.demand]]
line = "year"
rate_per_kw = 80
over = "year"
year_billing = "twelfths"
year_starts = 10
[[contract.c.demand]]
line = "coincident"
rate_per_kw = 9
metering_interval_minutes = 60
hours = ["2026-07-14 17:00", "2026-08-03 18:00"]
demand_of = "mean"
[[contract.c.demand]]
line = "booked"
mode = "contract"
rate_per_kw = 3
contract_kw = 400
tolerance_percent = 100
excess_rate_per_kw = 25
[[contract.c.demand]]
line = "apparent"
rate_per_kw = 3
measure = "kva"
plan_power_factor = 0.95
use_hours_from = 2500
)");
    ASSERT_EQ(contract.demands.size(), 5U);
    const auto& peak = contract.demands[0];
    EXPECT_EQ(peak.window.bands, (std::set<std::string>{"peak"}));
    EXPECT_EQ(peak.window.months, (std::set<unsigned>{1, 2}));
    EXPECT_EQ(peak.tiers[1].rate, Decimal(8));
    EXPECT_EQ(peak.ratchet->percent, Decimal(75));
    EXPECT_EQ(peak.ratchet->months, (std::set<unsigned>{7, 8}));
    EXPECT_EQ(contract.demands[1].year->billing, YearBilling::twelfths);
    EXPECT_EQ(contract.demands[1].year->first_month, 10U);
    EXPECT_EQ(contract.demands[2].hours[1].minute, 18 * 60);
    EXPECT_EQ(contract.demands[2].of, DemandOf::mean);
    EXPECT_EQ(contract.demands[3].excess_rate, Decimal(25));
    EXPECT_EQ(contract.demands[4].measure, DemandMeasure::apparent);
    EXPECT_EQ(contract.demands[4].use_hours.from, Decimal(2500));
}

TEST_F(ContractCharges, EveryOtherChargeIsRead) {
    const auto contract = good(R"([[contract.c.energy]]
line = "blocks"
tiers_per = "demand"
demand_line = "demand"
tier = [{ from_hours = 0, price_per_kwh = 0.2 }, { from_hours = 300, price_per_kwh = 0.1 }]
[[contract.c.energy]]
line = "levy"
tiers_per = "year"
year_starts = 4
tier_price_for = "whole"
agreed_kwh = 12000000
share_percent = 60
tier = [{ from_kwh = 0, price_per_kwh = 0.02 }, { from_kwh = 1000000, price_per_kwh = 0.01 }]
[[contract.c.demand]]
rate_per_kw = 5
[[contract.c.reactive]]
price_per_kvarh = 0.02
free_percent = 50
bands = ["peak"]
[[contract.c.take_or_pay]]
minimum_kwh = 1000000
price_per_kwh = 0.03
over = "year"
[contract.c.minimum_bill]
amount_per_month = 5000
basis = ["blocks", "demand"]
[contract.c.net_metering]
surplus_price_per_kwh = 0.04
basis_except = ["levy"]
[[contract.c.tax]]
line = "relief"
percent = -80
use_hours_below = 7000
)");
    EXPECT_EQ(contract.energy[0].tiers.per, TierBasis::demand);
    EXPECT_EQ(contract.energy[0].tiers.steps[1].from, Decimal(300));
    EXPECT_TRUE(contract.energy[1].tiers.whole);
    EXPECT_EQ(contract.energy[1].tiers.agreed, Decimal(12'000'000));
    EXPECT_EQ(contract.energy[1].share_percent, Decimal(60));
    EXPECT_EQ(contract.reactive[0].free_share, Decimal(1) / 2);
    EXPECT_TRUE(contract.take_or_pay[0].per_year);
    EXPECT_EQ(contract.minimum->amount, Decimal(5000));
    EXPECT_THAT(contract.minimum->basis.lines, ElementsAre("blocks", "demand"));
    EXPECT_EQ(contract.net_metering->surplus_price, Decimal(4) / 100);
    EXPECT_EQ(contract.taxes[0].use_hours.below, Decimal(7000));
}

TEST_F(ContractCharges, AWindowThatNeverOccursIsTold) {
    EXPECT_EQ(only_mistake("[[contract.c.demand]]\nrate_per_kw = 5\nmonths = [1, 2]\nbands = [\"summer\"]\n"),
              "4: band \"summer\" never happens in these months");
    EXPECT_EQ(only_mistake("[[contract.c.demand]]\nrate_per_kw = 5\nbands = [\"peek\"]\n"),
              "3: no band named \"peek\"");
    EXPECT_THAT(only_mistake("[[contract.c.demand]]\nrate_per_kw = 5\nmonths = [13]\n"), HasSubstr("3: "));
}

TEST_F(ContractCharges, TiersOutOfOrderAreTold) {
    EXPECT_EQ(only_mistake("[[contract.c.demand]]\n"
                           "[[contract.c.demand.tier]]\nfrom_kw = 0\nrate_per_kw = 5\n"
                           "[[contract.c.demand.tier]]\nfrom_kw = 0\nrate_per_kw = 4\n"),
              "6: tiers out of order at from_kw = 0");
    EXPECT_EQ(only_mistake("[[contract.c.energy]]\nline = \"energy\"\n"
                           "[[contract.c.energy.tier]]\nfrom_kwh = 10\nprice_per_kwh = 5\n"),
              "4: tiers out of order at from_kwh = 10");
}

TEST_F(ContractCharges, RatesBelowZeroAndSharesAboveOneAreTold) {
    EXPECT_THAT(only_mistake("[[contract.c.demand]]\nrate_per_kw = -5\n"), HasSubstr("2: "));
    EXPECT_THAT(only_mistake("[[contract.c.demand]]\nrate_per_kw = 5\nratchet = { percent = 101 }\n"),
                AllOf(HasSubstr("3: "), HasSubstr("percent")));
    EXPECT_THAT(only_mistake("[[contract.c.energy]]\nline = \"e\"\nprice_per_kwh = 1\nshare_percent = 120\n"),
                AllOf(HasSubstr("4: "), HasSubstr("share_percent")));
}

TEST_F(ContractCharges, NamedHoursThatStartNoIntervalAreTold) {
    EXPECT_EQ(only_mistake("[[contract.c.demand]]\nrate_per_kw = 5\nhours = [\"2026-07-14 17:10\"]\n"),
              "3: \"2026-07-14 17:10\" does not start a metering interval of 15 minutes");
    EXPECT_THAT(only_mistake("[[contract.c.demand]]\nrate_per_kw = 5\nhours = [\"tomorrow\"]\n"),
                HasSubstr("3: expected a local time such as"));
}

TEST_F(ContractCharges, DaysThatStartAtSixAndAnExportLimitAreRead) {
    const auto contract = good(
        "day_starts_at = \"06:00\"\nexport_limit_kw = 250.5\n"
        "[[contract.c.energy]]\nline = \"e\"\nprice_per_kwh = 1\n");
    EXPECT_EQ(contract.day_starts_at, 6 * 60);
    EXPECT_EQ(contract.export_limit->text(), "250.5");
    const std::string energy = "[[contract.c.energy]]\nline = \"e\"\n";
    EXPECT_THAT(only_mistake("day_starts_at = \"25:00\"\n" + energy + "price_per_kwh = 1\n"),
                HasSubstr("1: expected a time such as \"06:00\" for day_starts_at"));
    EXPECT_THAT(only_mistake("export_limit_kw = -1\n" + energy + "price_per_kwh = 1\n"),
                AllOf(HasSubstr("1: "), HasSubstr("export_limit_kw")));
    EXPECT_THAT(only_mistake("unit = \"m3\"\nexport_limit_kw = 1\n" + energy + "price_per_m3 = 1\n"),
                HasSubstr("2: an export limit in kW needs a contract in kWh or MWh, found m3"));
}

TEST_F(ContractCharges, AProbablePeakHasOneRateAndAKnownSeries) {
    const std::string demand = "[[contract.c.demand]]\nrate_per_kw = 5\n";
    EXPECT_THAT(only_mistake(demand + "probability_series = \"likely\"\n"), HasSubstr("3: no series named"));
    EXPECT_EQ(only_mistake(demand + "expected_hours = 4\n"),
              "3: expected_hours needs demand_of = \"mean\" and a probability_series");
    const std::string source = "[source.iso]\nfiles = [\"likely.csv\"]\ntime = { column = \"t\" }\n";
    const auto both = read(demand + "probability_series = \"likely\"\nminimum_kw = 4\nmeasure = \"kva\"\n");
    std::vector<std::string> told;
    for (const auto& mistake : both.mistakes) told.push_back(mistake.message);
    EXPECT_THAT(told, testing::IsSupersetOf({"a probable peak has one rate in mode actual",
                                             "a probable peak is measured in kW within the hour"}));
}

TEST_F(ContractCharges, TermsThatContradictEachOtherAreTold) {
    EXPECT_EQ(only_mistake("[[contract.c.demand]]\nrate_per_kw = 5\nover = \"year\"\nratchet = { percent = 80 }\n"),
              "4: a demand of the year has no ratchet");
    EXPECT_EQ(only_mistake("[[contract.c.demand]]\nrate_per_kw = 5\ntier = [{ from_kw = 0, rate_per_kw = 1 }]\n"),
              "3: tiers and rate_per_kw exclude each other");
    EXPECT_EQ(only_mistake("[[contract.c.demand]]\nmode = \"contract\"\nrate_per_kw = 5\ncontract_kw = 10\n"
                           "ratchet = { percent = 80 }\n"),
              "5: ratchet needs mode = \"actual\"");
    EXPECT_EQ(only_mistake("[[contract.c.demand]]\nrate_per_kw = 5\nyear_starts = 4\n"),
              "3: year_starts needs over = \"year\"");
    EXPECT_EQ(only_mistake("[[contract.c.demand]]\nrate_per_kw = 5\ndemand_of = \"mean\"\n"),
              "3: the mean or sum of a demand needs named hours");
    EXPECT_THAT(only_mistake("[[contract.c.energy]]\nline = \"e\"\ntiers_per = \"demand\"\n"
                             "tier = [{ from_hours = 0, price_per_kwh = 1 }]\n"),
                HasSubstr("line \"e\" counts hours of use of \"demand\", which is no line of a measured demand"));
    EXPECT_THAT(only_mistake("[[contract.c.energy]]\nline = \"e\"\nprice_per_kwh = 1\n"
                             "[[contract.c.export]]\nline = \"x\"\nprice_per_kwh = 1\n"
                             "[contract.c.net_metering]\nsurplus_price_per_kwh = 0\n"),
                HasSubstr("both pay for energy that is fed in"));
}

}  // namespace
}  // namespace loadstar
