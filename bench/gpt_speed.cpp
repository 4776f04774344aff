// How fast the GPT of src/gpt is on this CPU, beside the same model written in plain torch::nn modules with the same
// LibTorch, in turns in the same run: training steps, whole sequences, and text token by token.
// Usage: gpt_speed [threads] [rounds] [shape]     Prints tokens per second (medians) and their ratios.
#include <algorithm>
#include <chrono>
#include <functional>

#include <fmt/format.h>

#include "gpt/continuation.hpp"
#include "gpt/optimizer.hpp"
#include "gpt/training_step.hpp"
#include "plain_gpt.hpp"

namespace loadstar::bench {
namespace {

using gpt::GptModel;

struct Shape {
    const char* name;
    GptConfiguration form;
    std::int64_t batch;
    std::int64_t length;
    std::int64_t generated;
};

GptConfiguration modern(std::int64_t layers, std::int64_t hidden, std::int64_t heads) {
    return {.num_layers = layers,
            .hidden_size = hidden,
            .num_attention_heads = heads,
            .num_query_groups = heads / 2,
            .ffn_hidden_size = hidden * 8 / 3 / 16 * 16,
            .padded_vocab_size = 1024,
            .max_position_embeddings = 2048,
            .position_embedding_type = gpt::PositionEmbedding::rope,
            .normalization = gpt::Normalization::rms_norm,
            .activation = gpt::Activation::swiglu,
            .add_bias_linear = false,
            .untie_embeddings_and_output_weights = true,
            .hidden_dropout = 0,
            .attention_dropout = 0};
}

std::vector<Shape> shapes() {
    return {{"2.6M", modern(6, 192, 6), 8, 256, 128},
            {"10M", modern(7, 352, 8), 8, 256, 128},
            {"124M",
             {.num_layers = 12,
              .hidden_size = 768,
              .num_attention_heads = 12,
              .padded_vocab_size = 50304,
              .max_position_embeddings = 1024,
              .hidden_dropout = 0,
              .attention_dropout = 0},
             2,
             256,
             32}};
}

double seconds_of(const std::function<void()>& work) {
    const auto start = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

double median(std::vector<double> values) {
    std::ranges::nth_element(values, values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2));
    return values[values.size() / 2];
}

/// Runs both in turns, once to warm up, and prints tokens per second.
void compare(const std::string& what, std::int64_t tokens, int rounds, const std::function<void()>& ours,
             const std::function<void()>& plain) {
    ours();
    plain();
    std::vector<double> our_seconds, plain_seconds;
    for (int round = 0; round < rounds; ++round) {
        our_seconds.push_back(seconds_of(ours));
        plain_seconds.push_back(seconds_of(plain));
    }
    const auto count = static_cast<double>(tokens);
    fmt::print("{:<28} {:>12.0f} {:>12.0f} {:>8.2f}\n", what, count / median(our_seconds),
               count / median(plain_seconds), median(plain_seconds) / median(our_seconds));
    std::fflush(stdout);
}

void compare_training(const Shape& shape, int rounds, const GptModel& model, PlainGpt plain) {
    const auto tokens = torch::randint(shape.form.padded_vocab_size, {shape.batch, shape.length}, torch::kLong);
    const gpt::MicroBatch batch{
        .input = {.tokens = tokens}, .labels = tokens, .loss_mask = torch::ones(tokens.sizes())};
    gpt::Optimizer optimizer(model.parameters(), {});
    gpt::GradientMaker gradients([&model](const gpt::MicroBatch& one) { return model.loss(one.input, one.labels); },
                                 {});
    torch::optim::AdamW plain_optimizer(plain->parameters(), torch::optim::AdamWOptions(1e-4).weight_decay(0.01));
    compare(
        fmt::format("{} training", shape.name), tokens.numel(), rounds,
        [&] {
            optimizer.zero_gradients();
            clip_gradients(optimizer, gradients.make({batch}, optimizer), 1.0);
            optimizer.step(1e-4, 0.01);
        },
        [&] {
            plain_optimizer.zero_grad();
            plain->loss(tokens, tokens).backward();
            torch::nn::utils::clip_grad_norm_(plain->parameters(), 1.0);
            plain_optimizer.step();
        });
}

void compare_inference(const Shape& shape, int rounds, const GptModel& model, PlainGpt plain) {
    const torch::NoGradGuard no_gradients;
    const auto tokens = torch::randint(shape.form.padded_vocab_size, {shape.batch, shape.length}, torch::kLong);
    compare(
        fmt::format("{} whole sequences", shape.name), tokens.numel(), rounds,
        [&] { (void)model.logits({.tokens = tokens}); }, [&] { plain->logits_of(plain->hidden(tokens, nullptr)); });
    const std::vector<std::int64_t> prompt(16, 1);
    compare(
        fmt::format("{} token by token", shape.name), shape.generated, rounds,
        [&] {
            (void)continue_text(model, prompt, {.max_new_tokens = shape.generated}, [](std::int64_t) { return true; });
        },
        [&] {
            std::vector<PlainCache> caches(static_cast<std::size_t>(shape.form.num_layers));
            auto next = torch::tensor(prompt, torch::kLong).unsqueeze(0);
            for (std::int64_t made = 0; made < shape.generated; ++made)
                next = plain->logits_of(plain->hidden(next, &caches).select(1, -1)).argmax(-1, true);
        });
}

void run(int rounds, const std::string& wanted) {
    fmt::print("LibTorch {}, {} threads, fp32; tokens per second, medians of {} rounds\n", TORCH_VERSION,
               at::get_num_threads(), rounds);
    fmt::print("{:<28} {:>12} {:>12} {:>8}\n", "", "loadstar", "plain", "ratio");
    for (const auto& shape : shapes()) {
        if (!wanted.empty() && wanted != shape.name) continue;
        const auto model = GptModel::create({.configuration = shape.form}).value();
        PlainGpt plain(shape.form);
        fmt::print("{}: {} weights, batch {} x {}\n", shape.name, gpt::parameter_count(shape.form), shape.batch,
                   shape.length);
        compare_training(shape, rounds, model, plain);
        compare_inference(shape, rounds, model, plain);
    }
}

}  // namespace
}  // namespace loadstar::bench

int main(int count, char** words) {
    if (count > 1) at::set_num_threads(std::stoi(words[1]));
    loadstar::bench::run(count > 2 ? std::stoi(words[2]) : 7, count > 3 ? words[3] : "");
}
