#include "corpus/real_series.hpp"

#include <algorithm>
#include <map>

#include <gtest/gtest.h>

#include "corpus/corpus.hpp"
#include "megatron/safetensors_writer.hpp"
#include "support/temporary_folder.hpp"

namespace loadstar::corpus {
namespace {

using megatron::NamedTensor;
using megatron::ScalarType;

NamedTensor tensor_of(const std::string& name, const std::vector<float>& values, std::vector<std::int64_t> shape) {
    return {name, megatron::contiguous_view(ScalarType::f32, std::move(shape), std::as_bytes(std::span(values)))};
}

std::filesystem::path written(const TemporaryFolder& folder, const std::vector<NamedTensor>& tensors,
                              const std::map<std::string, std::string>& metadata = {}) {
    NoProgress progress;
    const auto file = folder.path() / "series.safetensors";
    EXPECT_TRUE(megatron::write_safetensors(file, tensors, metadata, progress));
    return file;
}

/// Row v holds 10000 v + point + 1.
std::vector<float> counting(int variates, int points) {
    std::vector<float> values;
    for (int v = 0; v < variates; ++v) {
        for (int i = 0; i < points; ++i) values.push_back(static_cast<float>(10000 * v + i + 1));
    }
    return values;
}

TEST(RealSeries, WindowsAreStretchesOfTheRowsUnderTheirRoles) {
    const TemporaryFolder folder;
    const auto values = counting(3, 500);
    const auto file = written(folder, {tensor_of("plant/a", values, {3, 500})},
                              {{"plant/a", R"({"roles": ["ahead", "target", "past"], "step_minutes": 30})"}});
    const auto series = RealSeries::open(file).value();
    EXPECT_EQ(series.series(), 1);
    for (std::uint64_t number = 0; number < 20; ++number) {
        Random random(1, number, 0);
        Panel panel({.variates = 3, .points = 400});
        EXPECT_EQ(series.fill(random, panel), 30);
        EXPECT_EQ(panel.role(0), Role::target);
        const double first = panel.row(0)[0] - 10000;
        for (int v = 0; v < 3; ++v) {
            const double offset = panel.role(v) == Role::ahead ? 0 : panel.role(v) == Role::target ? 10000 : 20000;
            EXPECT_EQ(panel.row(v)[0], first + offset);
            EXPECT_EQ(panel.row(v)[399], first + offset + 399);
        }
    }
}

TEST(RealSeries, AWindowLongerThanItsSeriesBeginsWithMissingPoints) {
    const TemporaryFolder folder;
    const auto values = counting(2, 100);
    const auto series = RealSeries::open(written(folder, {tensor_of("plant/a", values, {2, 100})})).value();
    Random random(1);
    Panel panel({.variates = 2, .points = 150});
    EXPECT_EQ(series.fill(random, panel), 60);
    EXPECT_TRUE(std::isnan(panel.row(0)[49]));
    EXPECT_TRUE(std::isfinite(panel.row(0)[50]));
    EXPECT_TRUE(std::isfinite(panel.row(0)[149]));
}

TEST(RealSeries, LongSeriesAreAlsoReadByMeansOfSeveralPoints) {
    const TemporaryFolder folder;
    const auto values = counting(2, 5000);
    const auto series = RealSeries::open(written(folder, {tensor_of("plant/a", values, {2, 5000})})).value();
    bool coarser = false;
    for (std::uint64_t number = 0; number < 50; ++number) {
        Random random(1, number, 0);
        Panel panel({.variates = 2, .points = 100});
        const int every = series.fill(random, panel) / 60;
        EXPECT_EQ(panel.row(0)[1] - panel.row(0)[0], every);
        coarser = coarser || every > 1;
    }
    EXPECT_TRUE(coarser);
}

TEST(RealSeries, MissingPointsStayMissing) {
    const TemporaryFolder folder;
    auto values = counting(2, 200);
    values[150] = std::numeric_limits<float>::quiet_NaN();
    values[350] = std::numeric_limits<float>::infinity();
    const auto series = RealSeries::open(written(folder, {tensor_of("plant/a", values, {2, 200})})).value();
    Random random(1);
    Panel panel({.variates = 2, .points = 200});
    series.fill(random, panel);
    for (int v = 0; v < 2; ++v)
        EXPECT_EQ(std::ranges::count_if(panel.row(v), [](double x) { return std::isnan(x); }), 1);
}

TEST(RealSeries, SeriesTooShortOrConstantAreReplacedByMadeOnes) {
    const TemporaryFolder folder;
    const std::vector<float> values(400, 5);
    const auto file = written(folder, {tensor_of("plant/flat", values, {1, 400})});
    const auto corpus = Corpus::open({.real_series = file, .real_share = 1}).value();
    for (std::uint64_t number = 0; number < 20; ++number) {
        for (const int variates : {1, 4}) {
            const auto window = corpus.window(number, {.variates = variates, .points = 300});
            const auto row = std::span(window.row(0), 300);
            EXPECT_TRUE(std::ranges::any_of(row, [&](float x) { return x != row[299] && !std::isnan(x); }));
        }
    }
}

void expect_refused(const std::filesystem::path& file, const std::string& message) {
    const auto opened = RealSeries::open(file);
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, ErrorCode::invalid_input);
    EXPECT_NE(opened.error().message.find(message), std::string::npos) << to_string(opened.error());
}

TEST(RealSeries, FilesThatDoNotFitAreRefusedWithTheNameOfTheTensor) {
    const TemporaryFolder folder;
    const auto values = counting(2, 10);
    expect_refused(written(folder, {}, {{"note", "empty"}}), "the file has no tensors");
    expect_refused(written(folder, {tensor_of("plant/a", values, {20})}), "the tensor has shape [20]");
    const auto good = tensor_of("plant/a", values, {2, 10});
    expect_refused(written(folder, {good}, {{"plant/a", "[1"}}), "metadata is no JSON object");
    expect_refused(written(folder, {good}, {{"plant/a", R"({"roles": ["target"]})"}}), "expected 2 roles");
    expect_refused(written(folder, {good}, {{"plant/a", R"({"roles": ["target", "later"]})"}}),
                   "unknown role \"later\"");
    expect_refused(written(folder, {good}, {{"plant/a", R"({"roles": ["past", "ahead"]})"}}), "is a target");
    expect_refused(written(folder, {good}, {{"plant/a", R"({"step_minutes": 0})"}}), "step_minutes");
    auto wide = good;
    wide.tensor = megatron::contiguous_view(ScalarType::f64, {1, 10}, std::as_bytes(std::span(values)));
    const auto opened = RealSeries::open(written(folder, {wide}));
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().where, "plant/a");
}

TEST(RealSeries, AFileThatIsNotThereIsNotFound) {
    EXPECT_EQ(RealSeries::open("nowhere.safetensors").error().code, ErrorCode::not_found);
}

}  // namespace
}  // namespace loadstar::corpus
