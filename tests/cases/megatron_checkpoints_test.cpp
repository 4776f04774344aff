// Checkpoints written by the real Megatron-LM (versions 2.6 and core 0.16, under PyTorch 1.13) beside the same weights
// in safetensors. The files are not part of the project.
#include <cstring>

#include <gtest/gtest.h>

#include "megatron/gpt_shape.hpp"
#include "megatron/safetensors.hpp"
#include "megatron/torch_file.hpp"
#include "support/shared.hpp"

namespace loadstar::megatron {
namespace {

class ReferenceCheckpoints : public testing::Test {
  protected:
    void SetUp() override {
        const auto shared = test_support::shared_folder();
        if (!shared) GTEST_SKIP() << "the folder of published data is not there";
        folder_ = *shared / "cases/megatron";
    }
    /// Compares the tensors of a checkpoint's model with those of a safetensors file, byte by byte.
    void expect_same(const std::string& checkpoint, const std::string& weights) const {
        const auto file = TorchFile::open(folder_ / checkpoint).value();
        const auto expected = SafetensorsFile::open(folder_ / weights).value();
        const auto* model = file.root().find("model");
        ASSERT_NE(model, nullptr);
        std::size_t compared = 0;
        for (const auto& [key, value] : model->entries) {
            if (!TorchFile::is_tensor(*value)) continue;
            const auto tensor = file.tensor(*value).value();
            const auto* known = expected.find(std::string(key->text));
            ASSERT_NE(known, nullptr) << key->text;
            EXPECT_EQ(tensor.shape, known->shape) << key->text;
            EXPECT_EQ(contiguous_bytes(tensor), contiguous_bytes(*known)) << key->text;
            ++compared;
        }
        EXPECT_EQ(compared, expected.tensors().size());
        EXPECT_TRUE(file.verify());
    }
    std::filesystem::path folder_;
};

constexpr const char* file_name = "/iter_0000010/mp_rank_00/model_optim_rng.pt";

TEST_F(ReferenceCheckpoints, HoldTheWeightsOfTheModels) {
    expect_same(std::string("mcore/tp1/ckpt_torch_gpt2_tanh") + file_name, "mcore/tp1/gpt2_tanh.weights.safetensors");
    expect_same(std::string("mcore/tp1/ckpt_torch_llama_silu") + file_name, "mcore/tp1/llama_silu.weights.safetensors");
    for (const std::string rank : {"0", "1"}) {
        expect_same("mcore/tp2/ckpt_torch_gpt2_tanh/iter_0000010/mp_rank_0" + rank + "/model_optim_rng.pt",
                    "mcore/tp2/gpt2_tanh.tp" + rank + "of2.weights.safetensors");
    }
}

TEST_F(ReferenceCheckpoints, OfOldMegatronOpenInBothContainers) {
    const auto zip = TorchFile::open(folder_ / ("legacy_v3" + std::string(file_name))).value();
    const auto old = TorchFile::open(folder_ / "legacy_v3_qkv_v0/release/mp_rank_00/model_optim_rng.pt").value();
    EXPECT_EQ(zip.container(), TorchFile::Container::zip);
    EXPECT_EQ(old.container(), TorchFile::Container::before_zip);
    EXPECT_EQ(zip.root().find("checkpoint_version")->number, 3.0);
    const auto embedding = [](const TorchFile& file) {
        const auto* model = file.root().find("model")->find("language_model");
        return file.tensor(*model->find("embedding")->find("word_embeddings")->find("weight")).value();
    };
    EXPECT_EQ(embedding(zip).shape, (std::vector<std::int64_t>{256, 64}));
    EXPECT_EQ(contiguous_bytes(embedding(zip)), contiguous_bytes(embedding(old)));
}

TEST_F(ReferenceCheckpoints, TellTheFormOfTheirModelWhateverTheirNames) {
    struct Known {
        const char* file;
        Naming naming;
        QkvOrder order;
    };
    const std::vector<Known> all{
        {"legacy_v3/iter_0000010/mp_rank_00/model_optim_rng.pt", Naming::legacy, QkvOrder::by_head},
        {"legacy_v3_qkv_v0/release/mp_rank_00/model_optim_rng.pt", Naming::legacy, QkvOrder::by_kind},
        {"legacy_v3_345m_style_fp16/release/mp_rank_00/model_optim_rng.pt", Naming::legacy, QkvOrder::by_kind},
        {"mcore/tp1/ckpt_torch_gpt2_tanh/iter_0000010/mp_rank_00/model_optim_rng.pt", Naming::core, QkvOrder::by_head},
        {"mcore/tp1/ckpt_torch_gpt2_tanh_TEnames/iter_0000010/mp_rank_00/model_optim_rng.pt",
         Naming::transformer_engine, QkvOrder::by_head},
        {"hf_gpt2/model.safetensors", Naming::hugging_face, QkvOrder::by_kind},
    };
    for (const auto& known : all) {
        const auto file = CheckpointFile::open(folder_ / known.file).value();
        EXPECT_EQ(file.naming(), known.naming) << known.file;
        EXPECT_EQ(file.qkv_order(), known.order) << known.file;
        const auto shape = gpt_shape(file).value();
        EXPECT_EQ(shape.num_layers, 2) << known.file;
        EXPECT_EQ(shape.hidden_size, 64);
        EXPECT_EQ(shape.ffn_hidden_size, 256);
        EXPECT_EQ(shape.qkv_rows, 192);
        EXPECT_EQ(shape.padded_vocab_size, 256);
        EXPECT_EQ(shape.max_position_embeddings, 32);
        EXPECT_TRUE(shape.add_bias_linear);
        EXPECT_FALSE(shape.swiglu || shape.rms_norm || shape.untie_embeddings_and_output_weights);
        // V h + S h + L (12 h^2 + 13 h) + 2 h
        EXPECT_EQ(shape.parameters, 256 * 64 + 32 * 64 + 2 * (12 * 64 * 64 + 13 * 64) + 2 * 64) << known.file;
    }
}

TEST_F(ReferenceCheckpoints, OfTheModernBlockHaveNoBiasesAndTheirOwnHead) {
    const auto file =
        CheckpointFile::open(folder_ / ("mcore/tp1/ckpt_torch_llama_silu" + std::string(file_name))).value();
    const auto shape = gpt_shape(file).value();
    EXPECT_TRUE(shape.swiglu && shape.rms_norm && shape.untie_embeddings_and_output_weights);
    EXPECT_FALSE(shape.add_bias_linear || shape.max_position_embeddings);
    EXPECT_EQ(shape.ffn_hidden_size, 176);
    EXPECT_EQ(shape.qkv_rows, (8 + 2 * 2) * 8);  // 8 heads and 2 groups of 8 channels
}

TEST_F(ReferenceCheckpoints, OfATrainingKeepItsArguments) {
    const auto file = CheckpointFile::open(folder_ / ("legacy_v3" + std::string(file_name))).value();
    EXPECT_EQ(gpt_shape(file).value().num_attention_heads, 4);
    EXPECT_EQ(file.iteration(), 10);
    EXPECT_EQ(file.version(), 3.0);
    EXPECT_TRUE(file.verify());
}

}  // namespace
}  // namespace loadstar::megatron
