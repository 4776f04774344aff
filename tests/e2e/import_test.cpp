// The built program imports the published readings of two plants. Known answers: the data sets' own totals.
#include <cstdlib>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "service/session.hpp"
#include "support/program.hpp"
#include "support/shared.hpp"

namespace loadstar {
namespace {

/// A copy of an example plant, so that its historian is nobody else's.
class ExamplePlant : public testing::Test {
  protected:
    void SetUp() override {
        const auto shared = test_support::shared_folder();
        if (!shared) GTEST_SKIP() << "the folder with published data sets is not there";
        setenv("LOADSTAR_SHARED", std::filesystem::absolute(*shared).c_str(), 1);
    }

    std::string copy_of(const std::string& example) {
        const auto from = test_support::source_root() / "examples" / example / "plant.toml";
        std::filesystem::copy_file(from, folder_.path() / "plant.toml");
        return folder_.path().string();
    }
    static nlohmann::json import(const std::string& plant) {
        const auto result = run_loadstar({"import", plant, "--json"});
        EXPECT_EQ(result.exit_code, 0) << result.errors;
        return nlohmann::json::parse(result.output);
    }

    TemporaryFolder folder_;
};

using ImportVerb = ExamplePlant;

TEST_F(ImportVerb, TheSteelWorksYearIsCompleteButForItsBlankRow) {
    const auto plant = copy_of("steel_works");
    const auto first = import(plant);
    EXPECT_EQ(first["schema"], "loadstar.import/1");
    EXPECT_EQ(first["files"][0]["rows"], 35040);
    EXPECT_EQ(first["files"][0]["reasons"]["rejected_all_zero"], 1);

    const auto again = import(plant);
    EXPECT_EQ(again["files"][0]["added"], 0);
    EXPECT_EQ(again["files"][0]["conflicting"], 0);
    EXPECT_EQ(again["digest"], first["digest"]);

    const SystemClock clock;
    auto session = service::Session::open(plant, historian::OpenMode::read, clock).value();
    const auto load = session.series("load").value();
    ASSERT_EQ(load.size(), 35040);
    EXPECT_EQ(load.axis.start, parse_instant("2018-01-01T00:00:00+09:00").value());
    EXPECT_EQ(load.valid_count(), 35039);
    double sum = 0;
    double largest = 0;
    for (const double value : load.values) {
        sum += value;
        largest = std::max(largest, value * 4);
    }
    EXPECT_NEAR(sum, 959636.71, 0.005);
    EXPECT_NEAR(largest, 628.72, 0.005);
    EXPECT_EQ(session.series("tariff_band").value().valid_count(), 35039);
    EXPECT_EQ(session.series("reactive_lagging").value().info.unit, "kvarh");
}

TEST_F(ImportVerb, StopsOfAMachineStayMissing) {
    const auto plant = copy_of("three_machines");
    const auto report = import(plant);
    EXPECT_EQ(report["files"][0]["rows"], 14492);
    const SystemClock clock;
    auto session = service::Session::open(plant, historian::OpenMode::read, clock).value();
    const auto power = session.series("machine0.power").value();
    EXPECT_GT(power.valid_count(), 0);
    EXPECT_LT(power.valid_count(), power.size());
}

TEST_F(ImportVerb, AnUnknownSourceNamesTheNearestOne) {
    const auto result = run_loadstar({"import", copy_of("steel_works"), "--source", "meters"});
    EXPECT_EQ(result.exit_code, 4);
    EXPECT_NE(result.errors.find("did you mean meter?"), std::string::npos) << result.errors;
}

}  // namespace
}  // namespace loadstar
