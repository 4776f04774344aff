// The model beside the real Megatron-LM core 0.16 (local layer spec, fp32, on a CPU; tensor parallel over two
// processes): logits and losses to 5e-6, gradients of the mean loss to 1e-6 of the largest entry of each tensor. The
// files are not part of the project.
#include <gtest/gtest.h>

#include "support/ranks.hpp"
#include "support/reference_gpt.hpp"
#include "support/shared.hpp"
#include "support/temporary_folder.hpp"

namespace loadstar::gpt {
namespace {

using namespace test_support;

/// Largest differences between a model and the reference.
struct Differences {
    double logits = 0;
    double loss = 0;
    double gradients = 0;  ///< relative to the largest entry of each tensor
};

bool within_gates(const Differences& found) {
    std::fprintf(stderr, "logits %.2e (gate 5e-6), loss %.2e (5e-6), gradients %.2e (1e-6)\n", found.logits, found.loss,
                 found.gradients);
    return found.logits <= 5e-6 && found.loss <= 5e-6 && found.gradients <= 1e-6;
}

double largest_gradient_difference(const GptModel& model, const megatron::SafetensorsFile& reference) {
    if (model.parameters().size() != reference.tensors().size())
        throw std::runtime_error("other weights than expected");
    double largest = 0;
    for (const auto& parameter : model.parameters()) {
        const auto expected = tensor_in(reference, parameter.name);
        largest = std::max(largest, distance(parameter.value.grad(), expected) / expected.abs().max().item<double>());
    }
    return largest;
}

Differences differences(GptModel& model, const std::filesystem::path& files) {
    const auto part = [&files](const char* kind) {
        return megatron::SafetensorsFile::open(files.string() + "." + kind + ".safetensors").value();
    };
    if (const auto loaded = load_weights(model, part("weights").tensors()); !loaded)
        throw std::runtime_error(loaded.error().message);
    const auto io = part("io");
    const GptInput input{.tokens = tensor_in(io, "tokens"), .position_ids = tensor_in(io, "position_ids")};
    Differences found{.logits = distance(model.logits(input).detach(), tensor_in(io, "logits"))};
    const auto loss = model.loss(input, tensor_in(io, "labels"));
    found.loss = distance(loss.detach(), tensor_in(io, "loss"));
    loss.mean().backward();
    found.gradients = largest_gradient_difference(model, part("grads"));
    return found;
}

class ReferenceGpt : public testing::TestWithParam<std::pair<const char*, GptConfiguration (*)()>> {
  protected:
    void SetUp() override {
        const auto shared = shared_folder();
        if (!shared) GTEST_SKIP() << "the folder of published data is not there";
        folder_ = *shared / "cases/megatron/mcore";
    }
    std::filesystem::path folder_;
};

TEST_P(ReferenceGpt, GivesTheSameLogitsLossesAndGradients) {
    const auto& [name, form] = GetParam();
    for (const auto recompute : {RecomputeGranularity::none, RecomputeGranularity::full}) {
        auto model = GptModel::create({.configuration = form(), .recompute_granularity = recompute}).value();
        EXPECT_TRUE(within_gates(differences(model, folder_ / "tp1" / name)));
    }
}

TEST_P(ReferenceGpt, GivesTheSameOnTwoTensorParallelProcesses) {
    const auto& [name, form] = GetParam();
    const TemporaryFolder meeting;
    EXPECT_TRUE(in_processes(2, [&, name = name, form = form](int rank) {
        const auto group = join_gloo({.meeting_file = meeting.path() / "meeting", .rank = rank, .size = 2}).value();
        auto model = GptModel::create({.configuration = form(), .tensor_parallel = group}).value();
        return within_gates(
            differences(model, folder_ / "tp2" / (std::string(name) + ".tp" + std::to_string(rank) + "of2")));
    }));
}

INSTANTIATE_TEST_SUITE_P(Forms, ReferenceGpt,
                         testing::Values(std::pair{"gpt2_tanh", &gpt2_tanh}, std::pair{"llama_silu", &llama_silu}),
                         [](const auto& form) { return std::string(form.param.first); });

}  // namespace
}  // namespace loadstar::gpt
