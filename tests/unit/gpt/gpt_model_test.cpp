#include "gpt/gpt_model.hpp"

#include <gmock/gmock.h>

#include "gpt/continuation.hpp"
#include "support/random_gpt.hpp"
#include "support/ranks.hpp"
#include "support/temporary_folder.hpp"

namespace loadstar::gpt {
namespace {

using namespace test_support;

GptConfiguration gpt2_form() {
    return {.num_layers = 2,
            .hidden_size = 24,
            .num_attention_heads = 4,
            .padded_vocab_size = 20,
            .max_position_embeddings = 12,
            .hidden_dropout = 0,
            .attention_dropout = 0};
}

GptConfiguration modern_form() {
    auto form = gpt2_form();
    form.num_query_groups = 2;
    form.kv_channels = 8;
    form.ffn_hidden_size = 30;
    form.position_embedding_type = PositionEmbedding::rope;
    form.normalization = Normalization::rms_norm;
    form.activation = Activation::swiglu;
    form.add_bias_linear = false;
    form.untie_embeddings_and_output_weights = true;
    return form;
}

/// Every option at least once.
std::vector<std::pair<std::string, GptConfiguration>> forms() {
    std::vector<std::pair<std::string, GptConfiguration>> all{{"gpt2", gpt2_form()}, {"modern", modern_form()}};
    const auto add = [&all](const char* name, GptConfiguration form, auto change) {
        change(form);
        all.emplace_back(name, form);
    };
    add("erf", gpt2_form(), [](auto& form) { form.activation = Activation::gelu_erf; });
    add("layernorm 1p", gpt2_form(), [](auto& form) { form.apply_layernorm_1p = true; });
    add("untied", gpt2_form(), [](auto& form) { form.untie_embeddings_and_output_weights = true; });
    add("rms 1p", modern_form(), [](auto& form) { form.apply_layernorm_1p = true; });
    add("qk norm", modern_form(), [](auto& form) { form.qk_layernorm = true; });
    add("qkv bias", modern_form(), [](auto& form) { form.add_qkv_bias = true; });
    add("interleaved", modern_form(), [](auto& form) { form.rotary_interleaved = true; });
    add("half rotary", modern_form(), [](auto& form) { form.rotary_percent = 0.5; });
    add("llama 3 rope", modern_form(), [](auto& form) {
        form.rope_scaling = RopeScaling{.factor = 4, .original_max_position_embeddings = 64};
        form.rotary_base = 100;
    });
    add("one group", modern_form(), [](auto& form) { form.num_query_groups = 1; });
    return all;
}

GptModel random_model(const GptConfiguration& form, std::shared_ptr<ProcessGroup> group = single_process()) {
    auto model = GptModel::create({.configuration = form, .tensor_parallel = std::move(group)}).value();
    if (model.tensor_parallel().size() == 1) draw_all_weights(model, 5);
    return model;
}

// The loops are in double precision: what remains is the rounding of fp32.
TEST(GptModel, GivesTheLogitsAndLossesOfPlainLoops) {
    for (const auto& [name, form] : forms()) {
        const auto model = random_model(form);
        const auto tokens = random_tokens(form, 1, 12);
        const auto labels = random_tokens(form, 1, 12);
        const auto expected =
            naive_copy(model).logits({tokens.data_ptr<std::int64_t>(), tokens.data_ptr<std::int64_t>() + 12});
        const auto logits = matrix_of(model.logits({.tokens = tokens}));
        const auto losses = matrix_of(model.loss({.tokens = tokens}, labels));
        for (std::size_t at = 0; at < 12; ++at) {
            for (std::size_t token = 0; token < expected[at].size(); ++token)
                EXPECT_NEAR(logits[at][token], expected[at][token], 2e-5) << name << ", position " << at;
            EXPECT_NEAR(losses[0][at],
                        NaiveGpt::loss(expected[at], labels[0][static_cast<std::int64_t>(at)].item<std::int64_t>()),
                        2e-5)
                << name << ", position " << at;
        }
    }
}

// Central differences of the loops' loss in double precision.
TEST(GptModel, GivesTheGradientsOfPlainLoops) {
    for (const auto& [name, form] : forms()) {
        const auto model = random_model(form);
        const auto tokens = random_tokens(form, 1, 5);
        const auto labels = random_tokens(form, 1, 5);
        model.loss({.tokens = tokens}, labels).sum().backward();
        std::map<std::string, NaiveGpt::Matrix> weights;
        for (const auto& parameter : model.parameters()) weights[parameter.name] = matrix_of(parameter.value);
        const auto loss = [&, &form = form] {
            const auto logits =
                NaiveGpt(form, weights).logits({tokens.data_ptr<std::int64_t>(), tokens.data_ptr<std::int64_t>() + 5});
            double sum = 0;
            for (std::size_t at = 0; at < 5; ++at)
                sum += NaiveGpt::loss(logits[at], labels[0][static_cast<std::int64_t>(at)].item<std::int64_t>());
            return sum;
        };
        for (const auto& parameter : model.parameters()) {
            const auto gradient = matrix_of(parameter.value.grad());
            auto& entry = weights[parameter.name][0][1];
            const auto kept = entry;
            entry = kept + 1e-5;
            const auto above = loss();
            entry = kept - 1e-5;
            EXPECT_NEAR(gradient[0][1], (above - loss()) / 2e-5, 2e-4) << name << ", " << parameter.name;
            entry = kept;
        }
    }
}

/// Gives the weights of a whole model to the part of a process.
void copy_part(const GptModel& whole, const GptModel& part) {
    const at::NoGradGuard no_gradients;
    for (std::size_t at = 0; at < part.parameters().size(); ++at) {
        const auto& parameter = part.parameters()[at];
        at::Tensor(parameter.value)
            .copy_(part_of(whole.parameters()[at].value, parameter.partition, part.tensor_parallel()));
    }
}

/// Losses of each token; gradients of their sum lie with the weights afterwards.
at::Tensor backward(const GptModel& model, const at::Tensor& tokens, const at::Tensor& labels) {
    const auto loss = model.loss({.tokens = tokens}, labels);
    loss.sum().backward();
    return loss.detach();
}

/// The first weight of which the part has another gradient than its run of the whole; empty when there is none.
std::string differing_gradient(const GptModel& whole, const GptModel& part) {
    for (std::size_t at = 0; at < part.parameters().size(); ++at) {
        const auto& parameter = part.parameters()[at];
        const auto expected = part_of(whole.parameters()[at].value.grad(), parameter.partition, part.tensor_parallel());
        if (!parameter.value.grad().allclose(expected, 1e-4, 1e-5)) return parameter.name;
    }
    return {};
}

bool agrees_with_its_part(const GptConfiguration& form, const std::shared_ptr<ProcessGroup>& group) {
    const auto whole = random_model(form), part = random_model(form, group);
    copy_part(whole, part);
    const auto tokens = random_tokens(form, 2, 7), labels = random_tokens(form, 2, 7);
    if (!backward(whole, tokens, labels).allclose(backward(part, tokens, labels), 1e-5, 1e-5)) return false;
    const auto differing = differing_gradient(whole, part);
    if (!differing.empty()) std::fprintf(stderr, "another gradient: %s\n", differing.c_str());
    return differing.empty();
}

TEST(GptModel, IsTheSameModelOnTwoTensorParallelProcesses) {
    const TemporaryFolder meeting;
    const auto agrees = [&](int rank) {
        const auto group = join_gloo({.meeting_file = meeting.path() / "meeting", .rank = rank, .size = 2}).value();
        bool all = true;
        for (const auto& [name, form] : forms())
            all = (form.groups() % 2 != 0 || agrees_with_its_part(form, group)) && all;
        return all;
    };
    EXPECT_TRUE(in_processes(2, agrees));
}

TEST(GptModel, NewWeightsDoNotDependOnTheNumberOfProcesses) {
    const TemporaryFolder meeting;
    const auto agrees = [&](int rank) {
        const auto group = join_gloo({.meeting_file = meeting.path() / "meeting", .rank = rank, .size = 2}).value();
        const auto whole = GptModel::create({.configuration = modern_form()}).value();
        const auto part = GptModel::create({.configuration = modern_form(), .tensor_parallel = group}).value();
        for (std::size_t at = 0; at < part.parameters().size(); ++at) {
            const auto& parameter = part.parameters()[at];
            if (!parameter.value.equal(part_of(whole.parameters()[at].value, parameter.partition, *group)))
                return false;
        }
        return true;
    };
    EXPECT_TRUE(in_processes(2, agrees));
}

TEST(GptModel, SeesTheSameWithItsCacheAndWithout) {
    for (const auto& [name, form] : forms()) {
        const auto model = random_model(form);
        const at::NoGradGuard no_gradients;
        const auto tokens = random_tokens(form, 2, 12);
        const auto expected = model.logits({.tokens = tokens});
        auto cache = model.new_cache(2, 12);
        std::vector<at::Tensor> parts;
        std::int64_t first = 0;
        for (const std::int64_t length : {5, 1, 1, 3, 2}) {  // a prompt, single tokens, and several at once
            parts.push_back(model.logits({.tokens = tokens.narrow(1, first, length)}, &cache));
            first += length;
        }
        EXPECT_TRUE(at::cat(parts, 1).allclose(expected, 1e-4, 1e-5)) << name;
    }
}

TEST(GptModel, RecomputingChangesNoGradientEvenWithDropout) {
    auto form = modern_form();
    form.hidden_dropout = form.attention_dropout = 0.3;
    const auto gradients = [&](RecomputeGranularity granularity) {
        auto model = GptModel::create({.configuration = form, .recompute_granularity = granularity}).value();
        draw_all_weights(model, 5);
        model.loss({.tokens = random_tokens(form, 2, 8), .dropout = 77}, random_tokens(form, 2, 8)).sum().backward();
        std::vector<at::Tensor> all;
        for (const auto& parameter : model.parameters()) all.push_back(parameter.value.grad());
        return all;
    };
    const auto kept = gradients(RecomputeGranularity::none), again = gradients(RecomputeGranularity::full);
    for (std::size_t at = 0; at < kept.size(); ++at) EXPECT_TRUE(kept[at].equal(again[at])) << at;
}

TEST(GptModel, DropsByItsSeedAlone) {
    auto form = gpt2_form();
    form.hidden_dropout = form.attention_dropout = 0.3;
    const auto model = random_model(form);
    const auto tokens = random_tokens(form, 1, 8);
    const auto first = model.logits({.tokens = tokens, .dropout = 1});
    EXPECT_TRUE(first.equal(model.logits({.tokens = tokens, .dropout = 1})));
    EXPECT_FALSE(first.equal(model.logits({.tokens = tokens, .dropout = 2})));
    EXPECT_FALSE(first.equal(model.logits({.tokens = tokens})));
}

TEST(GptModel, KeepsBlocksOfAttentionApart) {
    const auto model = random_model(gpt2_form());
    const auto tokens = random_tokens(gpt2_form(), 1, 8);
    const auto starts = at::tensor({0, 0, 0, 3, 3, 3, 3, 3}, at::kLong).unsqueeze(0);
    const auto positions = at::tensor({0, 1, 2, 0, 1, 2, 3, 4}, at::kLong).unsqueeze(0);
    const auto both = model.logits({.tokens = tokens, .position_ids = positions, .block_starts = starts});
    EXPECT_TRUE(both.narrow(1, 0, 3).allclose(model.logits({.tokens = tokens.narrow(1, 0, 3)}), 1e-4, 1e-5));
    EXPECT_TRUE(both.narrow(1, 3, 5).allclose(model.logits({.tokens = tokens.narrow(1, 3, 5)}), 1e-4, 1e-5));
}

TEST(GptModel, AgreesInHalfPrecisionToItsDigits) {
    const auto half = GptModel::create({.configuration = modern_form(), .params_dtype = at::kBFloat16}).value();
    const auto full = GptModel::create({.configuration = modern_form()}).value();
    const auto tokens = random_tokens(modern_form(), 2, 8), labels = random_tokens(modern_form(), 2, 8);
    EXPECT_TRUE(half.loss({.tokens = tokens}, labels).allclose(full.loss({.tokens = tokens}, labels), 1e-2, 1e-2));
    EXPECT_EQ(half.parameters()[0].value.scalar_type(), at::kBFloat16);
}

}  // namespace
}  // namespace loadstar::gpt
