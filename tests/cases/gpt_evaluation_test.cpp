// The mean loss that the real Megatron-LM gave for the tokens of the reference set, asked of `evaluate` through an
// indexed dataset that holds them. The files are not part of the project.
#include <gtest/gtest.h>

#include "gpt/evaluation.hpp"
#include "megatron/indexed_dataset_writer.hpp"
#include "support/reference_gpt.hpp"
#include "support/shared.hpp"
#include "support/temporary_folder.hpp"

namespace loadstar::gpt {
namespace {

using namespace test_support;

TEST(EvaluatedGpt, HasTheLossOfTheRealOne) {
    const auto shared = shared_folder();
    if (!shared) GTEST_SKIP() << "the folder of published data is not there";
    const auto folder = *shared / "cases/megatron/mcore/tp1";
    const auto io = megatron::SafetensorsFile::open(folder / "gpt2_tanh.io.safetensors").value();
    const auto tokens = tensor_in(io, "tokens"), labels = tensor_in(io, "labels");
    double expected = 0;
    std::int64_t counted = 0;
    for (std::int64_t row = 0; row < tokens.size(0); ++row) {  // a dataset each: a sample needs its last label too
        const TemporaryFolder data;
        ASSERT_TRUE(tokens[row].narrow(0, 1, 31).equal(labels[row].narrow(0, 0, 31)));
        auto text = at::cat({tokens[row], labels[row].narrow(0, 31, 1)}).contiguous();
        auto writer = megatron::IndexedDatasetWriter::create(data.path() / "text", megatron::TokenType::uint16).value();
        ASSERT_TRUE(writer.add_document({text.data_ptr<std::int64_t>(), 33}));
        ASSERT_TRUE(writer.finish());
        NoProgress progress;
        const auto report = evaluate(
            {.model = {.checkpoint = folder / "ckpt_torch_gpt2_tanh"}, .text = {.prefix = data.path() / "text"}},
            progress);
        ASSERT_TRUE(report) << report.error().message;
        EXPECT_EQ(report->tokens, 32);
        expected += report->loss * 32;
        counted += 32;
    }
    EXPECT_NEAR(expected / static_cast<double>(counted), tensor_in(io, "loss_mean").item<double>(), 5e-6);
}

}  // namespace
}  // namespace loadstar::gpt
