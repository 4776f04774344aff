#include "megatron/core_weights.hpp"

#include <array>
#include <fstream>
#include <iterator>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "megatron/checkpoint_writer.hpp"
#include "megatron/tensor_parallel.hpp"
#include "megatron/torch_writer.hpp"
#include "megatron/vocabulary_rows.hpp"
#include "megatron/weight_names.hpp"
#include "support/legacy_checkpoint.hpp"
#include "support/same_weights.hpp"
#include "support/temporary_folder.hpp"
#include "support/tiny_gpt.hpp"

namespace loadstar::megatron {
namespace {

namespace fs = std::filesystem;
using test_support::expect_same_weights;
using test_support::tiny_gpt;
using testing::HasSubstr;
using Index = std::array<std::int64_t, 3>;  // of a row: head, kind, channel

constexpr std::int64_t heads = 4;
constexpr std::int64_t channels = 8;

/// Number of a row of query, key and value of `all` heads under an order.
/// Source: Megatron-LM, fix_query_key_value_ordering.
std::int64_t row_of(QkvOrder order, const Index& index, std::int64_t all) {
    const auto [head, kind, channel] = index;
    switch (order) {
        case QkvOrder::by_kind: return (kind * all + head) * channels + channel;
        case QkvOrder::by_value: return (head * channels + channel) * 3 + kind;
        case QkvOrder::by_head: break;
    }
    return (head * 3 + kind) * channels + channel;
}

/// The weight with its rows in an older order, row by row.
CoreWeight reordered(const CoreWeight& weight, QkvOrder order) {
    const auto all = weight.tensor.shape[0] / 3 / channels;
    const auto size = weight.tensor.bytes.size() / static_cast<std::size_t>(3 * all * channels);
    std::vector<std::byte> bytes(weight.tensor.bytes.size());
    for (std::int64_t head = 0; head < all; ++head)
        for (std::int64_t kind = 0; kind < 3; ++kind)
            for (std::int64_t channel = 0; channel < channels; ++channel) {
                const Index index{head, kind, channel};
                std::memcpy(bytes.data() + row_of(order, index, all) * size,
                            weight.tensor.bytes.data() + row_of(QkvOrder::by_head, index, all) * size, size);
            }
    return own_weight(weight.name, weight.tensor.type, weight.tensor.shape, std::move(bytes));
}

class ReadCoreWeights : public testing::Test {
  protected:
    [[nodiscard]] fs::path at(const std::string& name) const { return folder_.path() / name; }
    /// Writes a model as Megatron-LM did before core.
    fs::path write_legacy(CoreWeights gpt, QkvOrder order, std::optional<double> version,
                          const std::string& name = "legacy.pt") const {
        for (auto& weight : gpt.weights)
            if (order != QkvOrder::by_head && weight.name.find("linear_qkv") != std::string::npos)
                weight = reordered(weight, order);
        EXPECT_TRUE(test_support::write_legacy(at(name), gpt, version));
        return at(name);
    }
    /// Writes two ranks; the names of their files.
    std::array<fs::path, 2> write_two(const CoreWeights& gpt, const std::string& name) {
        NoProgress silent;
        const auto files = write_checkpoint(gpt, {.place = at(name), .tensor_parallel = 2}, silent).value();
        return {files[0], files[1]};
    }
    /// Writes tensor rank `rank` of two in two pipeline stages, as Megatron core does: layers numbered anew in each,
    /// and a copy of the word embeddings in the last.
    void write_stages(const CoreWeights& gpt, int rank, const CoreWeight& copy) {
        const auto shard = tensor_parallel_shard(gpt, rank, 2).value();
        std::array<SaveValue::Dict, 2> stages;
        const auto half = gpt.shape.num_layers / 2;
        for (const auto& weight : shard.weights) {
            const auto layer = layer_of(weight.name);
            const bool late = layer ? *layer >= half : weight.name.starts_with("decoder.final");
            const auto name = layer ? in_layer(weight.name, *layer % half) : weight.name;
            stages[late ? 1 : 0].push_back({name, {weight.tensor}});
        }
        stages[1].push_back({copy.name, {copy.tensor}});
        const SaveValue::Dict arguments{{"num_attention_heads", {std::string("4")}},
                                        {"untie_embeddings_and_output_weights", {std::string("False")}}};
        for (const auto stage : {0U, 1U}) {
            const auto folder = at("stages") / fmt::format("mp_rank_{:02}_{:03}", rank, stage);
            fs::create_directories(folder);
            const SaveValue::Dict root{
                {"model", {stages[stage]}}, {"iteration", {std::int64_t{10}}}, {arguments_key, {arguments}}};
            ASSERT_TRUE(write_torch_file(folder / "model_optim_rng.pt", {root}));
        }
    }
    /// The head of a rank that is a copy of its word embeddings.
    static CoreWeight tied_head(const CoreWeights& gpt, int rank) {
        const auto shard = tensor_parallel_shard(gpt, rank, 2).value();
        return {"output_layer.weight", shard.weights.front().tensor, shard.weights.front().keeper};
    }
    static Result<CoreWeights> read(const fs::path& place, const CoreWeightsOptions& options = {}) {
        LOADSTAR_TRY(const auto found, find_checkpoint(place));
        return read_core_weights(found, options);
    }
    TemporaryFolder folder_;
};

TEST_F(ReadCoreWeights, BringsOlderOrdersOfRowsIntoThatOfToday) {
    const auto gpt = tiny_gpt();
    expect_same_weights(read(write_legacy(gpt, QkvOrder::by_kind, {}), {.num_attention_heads = heads}).value(), gpt);
    expect_same_weights(read(write_legacy(gpt, QkvOrder::by_value, 1.0), {.num_attention_heads = heads}).value(), gpt);
    expect_same_weights(read(write_legacy(gpt, QkvOrder::by_head, 3.0)).value(), gpt);
}

TEST_F(ReadCoreWeights, BringsTheRowsOfEveryRankIntoTheOrderOfToday) {
    const auto gpt = tiny_gpt();
    for (const auto* rank : {"mp_rank_00", "mp_rank_01"}) {
        fs::create_directories(at("release") / rank);
        const auto shard = tensor_parallel_shard(gpt, rank[9] - '0', 2).value();
        write_legacy(shard, QkvOrder::by_kind, {}, std::string("release/") + rank + "/model_optim_rng.pt");
    }
    auto release = gpt;
    release.iteration.reset();
    expect_same_weights(read(at("release"), {.num_attention_heads = heads}).value(), release);
    const auto odd = read(at("release"), {.num_attention_heads = 3});
    ASSERT_FALSE(odd);
    EXPECT_THAT(odd.error().message, HasSubstr("3 attention heads cannot lie on 2 tensor-parallel ranks"));
}

TEST_F(ReadCoreWeights, TakesTheOrderThatTheCallerKnows) {
    const auto gpt = tiny_gpt();
    const auto file = write_legacy(gpt, QkvOrder::by_value, {});  // September 2020: the version is not there yet
    const auto found = read(file, {.num_attention_heads = heads, .qkv_order = QkvOrder::by_value});
    expect_same_weights(found.value(), gpt);
}

TEST_F(ReadCoreWeights, AskForTheHeadsWhereTheyAreNeeded) {
    const auto file = write_legacy(tiny_gpt(), QkvOrder::by_kind, {});
    const auto unknown = read(file);
    ASSERT_FALSE(unknown);
    EXPECT_EQ(unknown.error().code, ErrorCode::invalid_argument);
    EXPECT_THAT(unknown.error().message, HasSubstr("nothing says how many attention heads there are"));
    EXPECT_THAT(unknown.error().where, HasSubstr("query_key_value.weight"));
    EXPECT_THAT(unknown.error().hint, HasSubstr("--num-attention-heads"));
    const auto wrong = read(file, {.num_attention_heads = 5});
    ASSERT_FALSE(wrong);
    EXPECT_THAT(wrong.error().message, HasSubstr("query, key and value of 5 heads, found 96"));
}

TEST_F(ReadCoreWeights, HeadsMustFitTheShapesAndTheFile) {
    const auto file = write_legacy(tiny_gpt(), QkvOrder::by_head, 3.0);
    const auto wrong = read(file, {.num_attention_heads = 5});
    ASSERT_FALSE(wrong);
    EXPECT_THAT(wrong.error().message, HasSubstr("5 attention heads do not fit 96 rows"));
    write_two(tiny_gpt(), "two");
    const auto other = read(at("two"), {.num_attention_heads = 8});
    ASSERT_FALSE(other);
    EXPECT_THAT(other.error().message, HasSubstr("expected 4 attention heads as the file says, found 8"));
}

TEST_F(ReadCoreWeights, LeavesOutAHeadThatIsTied) {
    auto gpt = tiny_gpt();
    auto with_head = gpt;
    with_head.weights.push_back({"output_layer.weight", gpt.weights.front().tensor, gpt.weights.front().keeper});
    NoProgress silent;
    const CheckpointTarget target{.place = at("tied.safetensors"), .form = CheckpointForm::safetensors};
    ASSERT_TRUE(write_checkpoint(with_head, target, silent));
    const auto found = read(target.place).value();
    expect_same_weights(found, gpt);
    EXPECT_FALSE(found.shape.untie_embeddings_and_output_weights);
}

TEST_F(ReadCoreWeights, RefusesShardsOfDifferentRuns) {
    const auto ours = write_two(tiny_gpt({.seed = 1}), "ours");
    const auto others = write_two(tiny_gpt({.seed = 2}), "others");
    fs::copy_file(others[1], ours[1], fs::copy_options::overwrite_existing);
    const auto mixed = read(at("ours"));
    ASSERT_FALSE(mixed);
    EXPECT_EQ(mixed.error().code, ErrorCode::invalid_input);
    EXPECT_THAT(mixed.error().message,
                HasSubstr("shards of different runs: embedding.position_embeddings.weight differs"));
}

TEST_F(ReadCoreWeights, RefusesShardsOfDifferentIterationsAndForms) {
    const auto ours = write_two(tiny_gpt(), "ours");
    auto later = tiny_gpt();
    later.iteration = 11;
    fs::copy_file(write_two(later, "later")[1], ours[1], fs::copy_options::overwrite_existing);
    const auto mixed = read(at("ours"));
    ASSERT_FALSE(mixed);
    EXPECT_THAT(mixed.error().message, HasSubstr("not of the same training as"));
    fs::copy_file(write_two(tiny_gpt({.ffn = 52}), "wider")[1], ours[1], fs::copy_options::overwrite_existing);
    const auto wider = read(at("ours"));
    ASSERT_FALSE(wider);
    EXPECT_THAT(wider.error().message, HasSubstr("expected shape [24, 32], found [26, 32]"));
}

TEST_F(ReadCoreWeights, TellsThatAShardIsMissing) {
    const auto files = write_two(tiny_gpt(), "two");
    fs::remove(files[0]);
    const auto found = read(at("two"));
    ASSERT_FALSE(found);
    EXPECT_EQ(found.error().code, ErrorCode::invalid_input);
    EXPECT_THAT(found.error().message, HasSubstr("files of ranks are missing: 2 by 1 ranks expected, found 1"));
}

TEST_F(ReadCoreWeights, TellThatTheLastShardIsMissing) {
    fs::remove_all(write_two(tiny_gpt(), "two")[1].parent_path());
    const auto said = read(at("two"));
    ASSERT_FALSE(said);
    EXPECT_THAT(said.error().message, HasSubstr("tensor_model_parallel_size = 2 ranks, found 1"));
    EXPECT_EQ(said.error().where, find_checkpoint(at("two")).value().shards.front().file.string());
    const auto half = tensor_parallel_shard(tiny_gpt(), 0, 2).value();
    const auto unsaid = read(write_legacy(half, QkvOrder::by_head, 3.0));
    ASSERT_FALSE(unsaid);
    EXPECT_THAT(unsaid.error().message,
                HasSubstr("expected 32 channels of attention as the hidden size has, found 16"));
}

TEST_F(ReadCoreWeights, JoinsPipelineStages) {
    const auto gpt = tiny_gpt({.layers = 4});
    for (const int rank : {0, 1}) write_stages(gpt, rank, tied_head(gpt, rank));
    const auto found = read(at("stages")).value();
    expect_same_weights(found, gpt);
    EXPECT_EQ(found.shape.num_layers, 4);
    fs::remove_all(at("stages") / "mp_rank_01_000");
    const auto missing = read(at("stages"));
    ASSERT_FALSE(missing);
    EXPECT_THAT(missing.error().message, HasSubstr("2 by 2 ranks expected, found 3"));
}

TEST_F(ReadCoreWeights, NamesInterleavedStages) {
    const auto words = tiny_gpt().weights.front();
    const SaveValue::Dict model{{words.name, {words.tensor}}};
    ASSERT_TRUE(write_torch_file(at("stages.pt"), {SaveValue::Dict{{"model0", {model}}, {"model1", {model}}}}));
    const auto found = read(at("stages.pt"));
    ASSERT_FALSE(found);
    EXPECT_THAT(found.error().message, HasSubstr("the pipeline stages are interleaved: found model0, expected model"));
}

TEST_F(ReadCoreWeights, RefusesPipelineStagesOfDifferentRuns) {
    const auto gpt = tiny_gpt({.layers = 4});
    for (const int rank : {0, 1}) write_stages(gpt, rank, tied_head(tiny_gpt({.layers = 4, .seed = 2}), rank));
    const auto mixed = read(at("stages"));
    ASSERT_FALSE(mixed);
    EXPECT_THAT(mixed.error().message, HasSubstr("the head is tied to the word embeddings, and differs from them"));
}

TEST_F(ReadCoreWeights, HoldsEveryWeightAgainstTheFormOfTheModel) {
    NoProgress silent;
    std::mt19937 random(1);
    const auto refusal = [&](const std::string& name, const CoreWeight* instead) {
        auto gpt = tiny_gpt();
        const auto place = std::ranges::find(gpt.weights, name, &CoreWeight::name);
        if (instead != nullptr) {
            *place = {name, instead->tensor, instead->keeper};
        } else {
            gpt.weights.erase(place);
        }
        fs::remove_all(at("core"));
        EXPECT_TRUE(write_checkpoint(gpt, {.place = at("core")}, silent));
        const auto found = read(at("core"));
        EXPECT_FALSE(found) << name;
        return found ? Error{} : found.error();
    };
    const auto flat = test_support::random_weight("", {32 * 32}, random);
    const auto narrow = refusal("decoder.layers.1.self_attention.linear_proj.weight", &flat);
    EXPECT_THAT(narrow.message, HasSubstr("expected shape [32, 32], found [1024]"));
    EXPECT_THAT(narrow.where, HasSubstr("decoder.layers.1.self_attention.linear_proj.weight"));
    const auto empty = own_weight("", ScalarType::f32, {0, 32}, {});
    EXPECT_THAT(refusal("embedding.word_embeddings.weight", &empty).message, HasSubstr("expected elements"));
    const auto whole_numbers = own_weight("", ScalarType::i32, {32}, std::vector<std::byte>(128));
    EXPECT_THAT(refusal("decoder.layers.1.input_layernorm.bias", &whole_numbers).message,
                HasSubstr("expected floating-point numbers, found int32"));
    EXPECT_THAT(refusal("decoder.layers.1.mlp.linear_fc2.bias", nullptr).message,
                HasSubstr("the weight decoder.layers.1.mlp.linear_fc2.bias is missing"));
    EXPECT_THAT(refusal("decoder.final_layernorm.weight", nullptr).message,
                HasSubstr("the weight decoder.final_layernorm.weight is missing"));
    EXPECT_THAT(refusal("decoder.layers.0.mlp.linear_fc2.bias", nullptr).message,
                HasSubstr("expected 11 weights in the layers behind the first as it has them, found 12"));
}

/// Bytes changed by lot in a checkpoint end in an error or in a model that can be written again, never in a crash.
TEST_F(ReadCoreWeights, SurvivesDamagedFiles) {
    NoProgress silent;
    const auto files = write_two(tiny_gpt({.layers = 1}), "two");
    std::string whole;
    {
        std::ifstream stream(files[0], std::ios::binary);
        whole.assign(std::istreambuf_iterator<char>(stream), {});
    }
    const auto pickle = whole.find("torch._utils");  // damage where names, sizes and strides stand
    std::mt19937 random(7);
    int refused = 0;
    for (int round = 0; round < 500; ++round) {
        auto damaged = whole;
        for (int change = 0; change < 2; ++change)
            damaged[pickle + random() % 3000] = static_cast<char>(random() % 256);
        folder_.write(fs::relative(files[0], folder_.path()), damaged);
        const auto found = read(at("two"), {.qkv_order = round % 2 == 0 ? QkvOrder::by_head : QkvOrder::by_kind});
        if (!found) {
            ++refused;
            continue;
        }
        fs::remove_all(at("again"));
        EXPECT_TRUE(write_checkpoint(*found, {.place = at("again")}, silent));
    }
    EXPECT_GT(refused, 200);
}

TEST_F(ReadCoreWeights, RefusesAWeightThatNoGptHas) {
    auto gpt = tiny_gpt();
    std::mt19937 random(1);
    gpt.weights.push_back(test_support::random_weight("decoder.layers.0.mlp.router.weight", {2, 32}, random));
    NoProgress silent;
    ASSERT_TRUE(write_checkpoint(gpt, {.place = at("experts")}, silent));
    const auto found = read(at("experts"));
    ASSERT_FALSE(found);
    EXPECT_THAT(found.error().message, HasSubstr("found one that no GPT has"));
    EXPECT_THAT(found.error().where, HasSubstr("mlp.router.weight"));
}

TEST(WithVocabularyRows, CutsOrRepeatsTheLastOne) {
    const auto gpt = tiny_gpt();
    const auto longer = with_vocabulary_rows(gpt, 64).value();
    EXPECT_EQ(longer.shape.padded_vocab_size, 64);
    EXPECT_EQ(longer.shape.parameters, gpt.shape.parameters + 24 * 32);
    const auto words = to_floats(*longer.find("embedding.word_embeddings.weight"));
    ASSERT_EQ(words.size(), 64U * 32U);
    EXPECT_TRUE(std::equal(words.begin() + 39 * 32, words.begin() + 40 * 32, words.begin() + 63 * 32));
    expect_same_weights(with_vocabulary_rows(longer, 40).value(), gpt);
    EXPECT_FALSE(with_vocabulary_rows(gpt, 0));
}

}  // namespace
}  // namespace loadstar::megatron
