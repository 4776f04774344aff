// Whatever its form: a model that goes through forms and numbers of ranks drawn by lot comes back to the bit.
#include <gtest/gtest.h>

#include "megatron/checkpoint_writer.hpp"
#include "support/same_weights.hpp"
#include "support/temporary_folder.hpp"
#include "support/tiny_gpt.hpp"

namespace loadstar::megatron {
namespace {

std::int64_t pick(std::mt19937& random, const std::vector<std::int64_t>& values) {
    return values[random() % values.size()];
}

test_support::TinyForm form_by_lot(std::mt19937& random) {
    const auto groups = pick(random, {2, 4});
    const bool llama = random() % 2 == 0;
    return {.heads = llama ? groups * pick(random, {1, 2, 3}) : groups,
            .groups = groups,
            .ffn = pick(random, {16, 36, 44}),
            .vocabulary = pick(random, {12, 52, 128}),
            .channels = pick(random, {2, 6, 16}),
            .llama = llama,
            .layers = static_cast<int>(pick(random, {1, 2, 11})),
            .seed = static_cast<unsigned>(random())};
}

/// A form that can hold the model, and for Megatron core's a number of ranks that divides it.
CheckpointTarget target_by_lot(const test_support::TinyForm& form, const std::filesystem::path& place,
                               std::mt19937& random) {
    const auto chosen = static_cast<CheckpointForm>(random() % (form.llama ? 2 : 4));
    CheckpointTarget target{.place = place, .form = chosen};
    if (chosen == CheckpointForm::safetensors) target.place += ".safetensors";
    if (chosen == CheckpointForm::core || chosen == CheckpointForm::transformer_engine)
        target.tensor_parallel = form.groups == 4 ? 1 << (random() % 3) : 1 << (random() % 2);
    return target;
}

TEST(GptConversion, ComesBackToTheBitFromAnyFormAndNumberOfRanks) {
    NoProgress silent;
    for (unsigned seed = 0; seed < 12; ++seed) {
        SCOPED_TRACE(seed);
        const TemporaryFolder folder;
        std::mt19937 random(seed);
        const auto form = form_by_lot(random);
        const auto gpt = test_support::tiny_gpt(form);
        auto weights = gpt;
        for (int step = 0; step < 3; ++step) {
            const auto target = target_by_lot(form, folder.path() / std::to_string(step), random);
            const auto written = write_checkpoint(weights, target, silent);
            ASSERT_TRUE(written) << to_string(written.error());
            weights = read_core_weights(find_checkpoint(target.place).value()).value();
            EXPECT_EQ(weights.shape.num_query_groups, form.groups);
            EXPECT_EQ(weights.shape.parameters, gpt.shape.parameters);
        }
        test_support::expect_same_weights(weights, gpt);
    }
}

}  // namespace
}  // namespace loadstar::megatron
