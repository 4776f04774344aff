// The verb `report` of the built program.
#include <fstream>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "support/program.hpp"
#include "support/shared.hpp"
#include "support/small_works.hpp"

namespace loadstar {
namespace {

using testing::HasSubstr;

std::string content(const std::filesystem::path& file) {
    std::ifstream stream(file, std::ios::binary);
    std::stringstream text;
    text << stream.rdbuf();
    return text.str();
}

/// The data inside a page.
nlohmann::json data_of(const std::string& page) {
    const std::string opening = R"(<script id="loadstar-report" type="application/json">)";
    const auto begin = page.find(opening) + opening.size();
    return nlohmann::json::parse(page.substr(begin, page.find("</script>", begin) - begin));
}

class ReportVerb : public testing::Test {
  protected:
    void SetUp() override { test_support::fill(plant_); }
    test_support::StoredPlant plant_{test_support::small_works_file};
};

TEST_F(ReportVerb, WritesOnePageBesideThePlant) {
    const auto result = run_loadstar({"report", plant_.folder().string()});
    ASSERT_EQ(result.exit_code, 0) << result.errors;
    const auto file = plant_.folder() / "report.html";
    EXPECT_THAT(result.output, HasSubstr(file.string()));
    const auto data = data_of(content(file));
    EXPECT_EQ(data["schema"], "loadstar.report/1");
    EXPECT_EQ(data["lang"], "en");
    EXPECT_EQ(data["site"]["name"]["zh"], "Works <No 1> & sons");
}

TEST_F(ReportVerb, PrintsTheDataOfThePageAsJson) {
    const auto file = plant_.folder() / "own.html";
    const auto result =
        run_loadstar({"report", plant_.folder().string(), "--output", file.string(), "--lang", "zh", "--json"});
    ASSERT_EQ(result.exit_code, 0) << result.errors;
    const auto printed = nlohmann::json::parse(result.output);
    EXPECT_EQ(printed["lang"], "zh");
    EXPECT_EQ(printed["bill"]["total_cost"], data_of(content(file))["bill"]["total_cost"]);
    EXPECT_FALSE(std::filesystem::exists(plant_.folder() / "report.html"));
}

/// Every section renders in both languages, looks and widths and on paper, without a complaint of the browser.
TEST_F(ReportVerb, WritesAPageThatABrowserShows) {
    ASSERT_EQ(run_loadstar({"report", plant_.folder().string()}).exit_code, 0);
    const auto seen =
        run_program(test_support::source_root() / "script/check-page", {(plant_.folder() / "report.html").string()});
    constexpr int no_browser = 77;
    if (seen.exit_code == no_browser) GTEST_SKIP() << seen.output;
    EXPECT_EQ(seen.exit_code, 0) << seen.output << seen.errors;
}

TEST_F(ReportVerb, NamesTheFolderThatIsNotThere) {
    const auto result = run_loadstar({"report", plant_.folder().string(), "--output", "/nowhere/report.html"});
    EXPECT_EQ(result.exit_code, 4);
    EXPECT_THAT(result.errors, HasSubstr("/nowhere/report.html"));
}

TEST(ReportOfNothing, AsksForAnImport) {
    const TemporaryFolder folder;
    folder.write("plant.toml", test_support::small_works_file);
    const auto result = run_loadstar({"report", folder.path().string()});
    EXPECT_EQ(result.exit_code, 4);
    EXPECT_THAT(result.errors, HasSubstr("loadstar import"));
}

}  // namespace
}  // namespace loadstar
