// The built program makes its demonstration plant, its other verbs accept it, and an import finds exactly the dirt that
// the truth beside the data names.
#include <fstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "service/session.hpp"
#include "support/program.hpp"

namespace loadstar {
namespace {

nlohmann::json json_of(const ProgramResult& result) {
    EXPECT_EQ(result.exit_code, 0) << result.errors;
    return nlohmann::json::parse(result.output);
}

/// Forty days of the plant, imported once for all tests.
class DemoPlant : public testing::Test {
  protected:
    static void SetUpTestSuite() {
        work_ = new TemporaryFolder();
        demo_ = json_of(run_loadstar({"demo", folder(), "--days", "40", "--json"}));
        import_ = json_of(run_loadstar({"import", folder(), "--json"}));
    }
    static void TearDownTestSuite() { delete work_; }

    static std::string folder() { return (work_->path() / "plant").string(); }
    static nlohmann::json truth(const std::string& name) {
        return nlohmann::json::parse(std::ifstream(folder() + "/truth/" + name));
    }

    static inline TemporaryFolder* work_ = nullptr;
    static inline nlohmann::json demo_;
    static inline nlohmann::json import_;
};

TEST_F(DemoPlant, PassesCheckAndFillsEverySeriesOfThePlantFile) {
    EXPECT_EQ(demo_["schema"], "loadstar.demo/1");
    EXPECT_EQ(demo_["first"], "2025-11-21");
    EXPECT_EQ(demo_["last"], "2025-12-30");
    EXPECT_EQ(json_of(run_loadstar({"check", folder(), "--json"}))["mistakes"].size(), 0U);
    for (const auto& series : json_of(run_loadstar({"status", folder(), "--json"}))["series"]) {
        EXPECT_GT(series["readings"].get<int>(), 40) << series["id"];
        const double share = series["valid_slots"].get<double>() / series["slots"].get<double>();
        EXPECT_GT(share, 0.99) << series["id"];
    }
}

TEST_F(DemoPlant, ImportFindsInEveryFileTheDirtThatTheTruthNames) {
    const auto files = truth("imperfections.json")["files"];
    EXPECT_GE(files.size(), 5U);
    for (const auto& imported : import_["files"]) {
        const auto name = imported["file"].get<std::string>().substr(folder().size() + 1);
        const auto expected = files.contains(name) ? files[name] : nlohmann::json::object();
        EXPECT_EQ(imported["reasons"], expected) << name;
    }
}

TEST_F(DemoPlant, SlotsSufferWhereTheTruthSaysSo) {
    const SystemClock clock;
    auto session = service::Session::open(folder(), historian::OpenMode::read, clock).value();
    std::map<std::string, std::map<std::string, int>> expected;
    for (const auto& slots : truth("imperfections.json")["slots"])
        expected[slots["series"]][slots["reason"]] += slots["slots"].get<int>();
    for (const auto& [id, reasons] : expected) {
        std::map<std::string, int> found;
        const auto series = session.series(id).value();
        for (const auto reason : series.reasons)
            if (reason != Reason::measured) ++found[to_string(reason)];
        EXPECT_EQ(found, reasons) << id;
    }
}

TEST_F(DemoPlant, TheMainMeterAgreesWithTheFeedersAndThePhotovoltaics) {
    const SystemClock clock;
    auto session = service::Session::open(folder(), historian::OpenMode::read, clock).value();
    const auto import = session.series("load").value();
    Series sum = session.interval_energy("pv", import.axis).value();
    for (double& value : sum.values) value = -value;
    for (const auto& meter : session.plant().meters) {
        if (meter.parent != "main") continue;
        const auto feeder = session.interval_energy(meter.series, import.axis).value();
        for (int slot = 0; slot < sum.size(); ++slot) {
            if (!feeder.has(slot)) sum.clear(slot, Reason::missing);
            if (sum.has(slot)) sum.set(slot, sum.values[static_cast<std::size_t>(slot)] + *feeder.at(slot));
        }
    }
    int compared = 0;
    for (int slot = 0; slot < import.size(); ++slot) {
        if (!sum.has(slot) || import.reasons[static_cast<std::size_t>(slot)] != Reason::measured) continue;
        ++compared;
        // The register counts steps of 0.0001 kWh x 2000, the feeders are written to 0.01 kW.
        ASSERT_NEAR(*import.at(slot), *sum.at(slot), 0.25) << to_string(import.axis.slot_start(slot));
    }
    EXPECT_GT(compared, 40 * 96 - 60);
}

TEST_F(DemoPlant, EveryCarrierIsBilled) {
    const auto bills = json_of(run_loadstar({"bill", folder(), "--month", "2025-12", "--json"}))["bills"];
    std::map<std::string, double> totals;
    for (const auto& bill : bills) totals[bill["carrier"]] = bill["total"].get<double>();
    EXPECT_GT(totals["electricity"], 300'000);
    EXPECT_GT(totals["gas"], 5'000);
    EXPECT_GT(totals["water"], 1'000);
}

TEST_F(DemoPlant, FaultsOfTheScriptHaveTheirEnergyAndCost) {
    const auto faults = truth("faults.json");
    EXPECT_EQ(faults, demo_["faults"]);
    ASSERT_EQ(faults.size(), 2U) << "the chiller was cleaned in August";
    for (const auto& fault : faults) {
        EXPECT_GT(fault["wasted_kwh"].get<double>(), 500);
        const double price = fault["cost"].get<double>() / fault["wasted_kwh"].get<double>();
        EXPECT_GT(price, 0.39);
        EXPECT_LT(price, 0.94);
    }
}

TEST(DemoVerb, WritesOverNothing) {
    const TemporaryFolder work;
    work.write("notes.txt", "mine");
    const auto refused = run_loadstar({"demo", work.path().string()});
    EXPECT_EQ(refused.exit_code, 6);
    EXPECT_NE(refused.errors.find("the folder is not empty: it holds notes.txt"), std::string::npos) << refused.errors;
    EXPECT_FALSE(std::filesystem::exists(work.path() / "plant.toml"));
}

TEST(DemoVerb, SaysWhereItCannotWrite) {
    const TemporaryFolder work;
    work.write("file", "not a folder");
    const auto refused = run_loadstar({"demo", (work.path() / "file/plant").string(), "--days", "3"});
    EXPECT_EQ(refused.exit_code, 10);
    EXPECT_NE(refused.errors.find("cannot write: Not a directory"), std::string::npos) << refused.errors;
}

TEST(DemoVerb, EndsWithTheNextCommand) {
    const TemporaryFolder work;
    const auto plant = (work.path() / "plant").string();
    const auto made = run_loadstar({"demo", plant, "--days", "3"});
    EXPECT_EQ(made.exit_code, 0) << made.errors;
    EXPECT_NE(made.output.find("loadstar run " + plant), std::string::npos) << made.output;
}

}  // namespace
}  // namespace loadstar
