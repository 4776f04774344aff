// Checkpoints in every form that Megatron-LM ever wrote, and Hugging Face's: the logits after import beside those that
// the real code gave. In fp32 to 5e-6; the file in fp16 keeps 11 bits of each weight, to 2e-3. The files are not part
// of the project.
#include <gtest/gtest.h>

#include "gpt/load_model.hpp"
#include "support/random_gpt.hpp"
#include "support/reference_gpt.hpp"
#include "support/shared.hpp"

namespace loadstar::gpt {
namespace {

using namespace test_support;

struct Form {
    const char* checkpoint;
    const char* io;
};

std::ostream& operator<<(std::ostream& out, const Form& form) { return out << form.checkpoint; }

class ImportedGpt : public testing::TestWithParam<Form> {};

TEST_P(ImportedGpt, GivesTheLogitsOfTheRealOne) {
    const auto shared = shared_folder();
    if (!shared) GTEST_SKIP() << "the folder of published data is not there";
    const auto folder = *shared / "cases/megatron";
    const ModelSource source{.checkpoint = folder / GetParam().checkpoint, .weights = {.num_attention_heads = 4}};
    auto model = load_model(source, {});
    ASSERT_TRUE(model) << model.error().message;
    const auto io = megatron::SafetensorsFile::open(folder / GetParam().io).value();
    const GptInput input{.tokens = tensor_in(io, "tokens")};
    EXPECT_LE(distance(model->logits(input).detach(), tensor_in(io, "logits")), 5e-6);
}

INSTANTIATE_TEST_SUITE_P(
    Forms, ImportedGpt,
    testing::Values(Form{"mcore/tp1/ckpt_torch_gpt2_tanh", "mcore/tp1/gpt2_tanh.io.safetensors"},
                    Form{"mcore/tp1/ckpt_torch_gpt2_tanh_TEnames", "mcore/tp1/gpt2_tanh.io.safetensors"},
                    Form{"mcore/tp2/ckpt_torch_gpt2_tanh", "mcore/tp1/gpt2_tanh.io.safetensors"},
                    Form{"legacy_v3", "legacy_v3.io.safetensors"}, Form{"legacy_v3_qkv_v0", "legacy_v3.io.safetensors"},
                    Form{"hf_gpt2/model.safetensors", "mcore/tp1/gpt2_tanh.io.safetensors"}),
    [](const auto& form) {
        auto name = std::string(form.param.checkpoint);
        for (auto& letter : name)
            if (!std::isalnum(static_cast<unsigned char>(letter))) letter = '_';
        return name;
    });

TEST(ImportedGptFp16, GivesTheLogitsOfTheRealOneToTheRoundingOfItsWeights) {
    const auto shared = shared_folder();
    if (!shared) GTEST_SKIP() << "the folder of published data is not there";
    const auto folder = *shared / "cases/megatron";
    const ModelSource source{.checkpoint = folder / "legacy_v3_345m_style_fp16", .weights = {.num_attention_heads = 4}};
    auto model = load_model(source, {});
    ASSERT_TRUE(model) << model.error().message;
    const auto io = megatron::SafetensorsFile::open(folder / "legacy_v3.io.safetensors").value();
    const auto tokens = tensor_in(io, "tokens"), reference = tensor_in(io, "logits");
    const auto logits = model->logits({.tokens = tokens}).detach();
    EXPECT_LE(distance(logits, reference) / reference.abs().max().item<double>(), 2e-3);
    const auto first = tokens[0].contiguous();
    const auto loops =
        naive_copy(*model).logits({first.data_ptr<std::int64_t>(), first.data_ptr<std::int64_t>() + first.numel()});
    const auto found = matrix_of(logits[0]);
    for (std::size_t at = 0; at < loops.size(); ++at)
        for (std::size_t token = 0; token < loops[at].size(); ++token)
            EXPECT_NEAR(found[at][token], loops[at][token], 5e-6);
}

TEST(ImportedLlama, GivesTheLogitsOfTheRealOne) {
    const auto shared = shared_folder();
    if (!shared) GTEST_SKIP() << "the folder of published data is not there";
    const auto folder = *shared / "cases/megatron/mcore/tp1";
    const ModelSource source{.checkpoint = folder / "ckpt_torch_llama_silu", .weights = {.num_attention_heads = 8}};
    auto model = load_model(source, {});
    ASSERT_TRUE(model) << model.error().message;
    const auto io = megatron::SafetensorsFile::open(folder / "llama_silu.io.safetensors").value();
    EXPECT_LE(distance(model->logits({.tokens = tensor_in(io, "tokens")}).detach(), tensor_in(io, "logits")), 5e-6);
}

}  // namespace
}  // namespace loadstar::gpt
