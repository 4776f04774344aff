// The built program turns text into an indexed dataset.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "support/program.hpp"

namespace loadstar {
namespace {

using testing::HasSubstr;

TEST(GptPreprocessVerb, MakesADatasetAndSaysSo) {
    const TemporaryFolder folder;
    const auto input = folder.write("load.txt", "1 2 3\n4 5\n").string();
    const auto output = (folder.path() / "load").string();
    const std::vector<std::string> arguments{"gpt",   "preprocess",  input,  "--output",     output, "--format",
                                             "lines", "--tokenizer", "null", "--vocab-size", "64"};
    auto with_json = arguments;
    with_json.emplace_back("--json");
    const auto json = run_loadstar(with_json);
    ASSERT_EQ(json.exit_code, 0) << json.errors;
    const auto report = nlohmann::json::parse(json.output);
    EXPECT_EQ(report.at("schema"), "loadstar.gpt_preprocess/1");
    EXPECT_EQ(report.at("tokens"), 7);
    EXPECT_EQ(report.at("end_of_document"), 63);
    EXPECT_TRUE(std::filesystem::exists(output + ".bin"));
    EXPECT_EQ(std::filesystem::file_size(output + ".idx"), 34U + 12 * 2 + 8 * 3);
    auto in_chinese = arguments;
    in_chinese.insert(in_chinese.end(), {"--lang", "zh"});
    EXPECT_THAT(run_loadstar(in_chinese).output, HasSubstr("每篇文档的结束词元为 63"));
}

TEST(GptPreprocessVerb, EndsWithTheCodeOfWhatIsWrong) {
    const TemporaryFolder folder;
    const auto input = folder.write("bad.jsonl", "{\"text\": \"1\"}\nnonsense\n").string();
    const auto output = (folder.path() / "x").string();
    const auto bad =
        run_loadstar({"gpt", "preprocess", input, "--output", output, "--tokenizer", "null", "--vocab-size", "64"});
    EXPECT_EQ(bad.exit_code, 3);
    EXPECT_THAT(bad.errors, HasSubstr("bad.jsonl:2: expected one JSON object"));
    EXPECT_EQ(run_loadstar({"gpt", "preprocess", input, "--output", output, "--tokenizer", "gpt2"}).exit_code, 2);
    EXPECT_EQ(run_loadstar({"gpt"}).exit_code, 2);
}

}  // namespace
}  // namespace loadstar
