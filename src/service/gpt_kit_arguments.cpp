#include "service/gpt_kit_arguments.hpp"

#include <fmt/format.h>

namespace loadstar::service {
namespace {

/// Collects arguments, with their values or without.
class Arguments {
  public:
    void flag(const std::string& name) { all_.push_back("--" + name); }
    template <class Value>
    void add(const std::string& name, const Value& value) {
        all_.push_back("--" + name);
        all_.push_back(fmt::format("{}", value));
    }
    void flag_if(bool wanted, const std::string& name) {
        if (wanted) flag(name);
    }
    /// An argument of the training that made the checkpoint, where it is known.
    void pass_on(const KitPlan& plan, const std::string& known, const std::string& name) {
        const auto found = plan.weights.arguments.find(known);
        if (found != plan.weights.arguments.end() && found->second != "None") add(name, found->second);
    }
    [[nodiscard]] std::vector<std::string> all() && { return std::move(all_); }

  private:
    std::vector<std::string> all_;
};

bool says(const KitPlan& plan, const std::string& name) {
    const auto found = plan.weights.arguments.find(name);
    return found != plan.weights.arguments.end() && found->second == "True";
}

void add_positions(const KitPlan& plan, Arguments& arguments) {
    const auto& positions = plan.weights.shape.max_position_embeddings;
    arguments.add("position-embedding-type", positions ? "learned_absolute" : "rope");
    arguments.add("max-position-embeddings", positions.value_or(plan.seq_length));
    if (positions) return;
    arguments.pass_on(plan, "rotary_base", "rotary-base");
    arguments.pass_on(plan, "rotary_percent", "rotary-percent");
    arguments.flag_if(says(plan, "rotary_interleaved"), "rotary-interleaved");
    arguments.flag_if(says(plan, "use_rope_scaling"), "use-rope-scaling");
    if (says(plan, "use_rope_scaling")) arguments.pass_on(plan, "rope_scaling_factor", "rope-scaling-factor");
}

void add_model(const KitPlan& plan, Arguments& arguments) {
    const auto& shape = plan.weights.shape;
    arguments.add("hidden-size", shape.hidden_size);
    arguments.add("ffn-hidden-size", shape.ffn_hidden_size);
    arguments.add("num-attention-heads", plan.heads.heads);
    if (plan.heads.groups != plan.heads.heads) {
        arguments.flag("group-query-attention");
        arguments.add("num-query-groups", plan.heads.groups);
    }
    if (plan.heads.channels * plan.heads.heads != shape.hidden_size) arguments.add("kv-channels", plan.heads.channels);
    arguments.add("seq-length", plan.seq_length);
    add_positions(plan, arguments);
    arguments.add("normalization", shape.rms_norm ? "RMSNorm" : "LayerNorm");
    arguments.pass_on(plan, "layernorm_epsilon", "norm-epsilon");
    arguments.flag_if(says(plan, "apply_layernorm_1p"), "apply-layernorm-1p");
    arguments.flag_if(shape.swiglu, "swiglu");
    arguments.flag_if(shape.qk_layernorm, "qk-layernorm");
    const bool qkv_bias = plan.weights.find("decoder.layers.0.self_attention.linear_qkv.bias") != nullptr;
    arguments.flag_if(!shape.add_bias_linear, "disable-bias-linear");
    arguments.flag_if(!shape.add_bias_linear && qkv_bias, "add-qkv-bias");
    arguments.flag_if(shape.untie_embeddings_and_output_weights, "untie-embeddings-and-output-weights");
    arguments.add("make-vocab-size-divisible-by", plan.make_vocab_size_divisible_by);
}

void add_training(const KitPlan& plan, Arguments& arguments) {
    const auto& training = plan.request.training;
    arguments.add("split", training.split);
    arguments.add("seed", training.seed);
    arguments.add("train-iters", training.train_iters);
    arguments.add("micro-batch-size", training.micro_batch_size);
    arguments.add("global-batch-size", training.global_batch_size);
    arguments.add("lr", training.lr);
    arguments.add("min-lr", training.min_lr);
    arguments.add("lr-decay-style", "cosine");
    arguments.add("lr-warmup-fraction", ".01");
    arguments.add("weight-decay", ".01");
    arguments.add("clip-grad", "1.0");
    arguments.flag_if(training.precision == TrainingPrecision::bf16, "bf16");
    arguments.flag_if(training.precision == TrainingPrecision::fp16, "fp16");
    arguments.add("log-interval", 10);
    arguments.add("eval-interval", 100);
    arguments.add("eval-iters", 10);
    arguments.add("save-interval", 100);
}

void add_machines(const KitPlan& plan, Arguments& arguments) {
    arguments.add("tensor-model-parallel-size", plan.request.machines.tensor_parallel);
    const bool mixed = plan.request.training.precision != TrainingPrecision::fp32;
    arguments.flag_if(mixed, "use-distributed-optimizer");  // it keeps the fp32 copies that fp32 has no need of
    arguments.flag("overlap-grad-reduce");
    if (plan.request.implementation == LayerImplementation::transformer_engine) return;
    arguments.add("transformer-impl", "local");
    arguments.flag("no-persist-layer-norm");
    arguments.flag("no-gradient-accumulation-fusion");
    arguments.flag("no-masked-softmax-fusion");
}

}  // namespace

Result<std::int64_t> vocabulary_divisor(std::int64_t tokens, std::int64_t rows, int tensor_parallel) {
    if (tokens > rows) {
        return Error{.code = ErrorCode::invalid_input,
                     .message = fmt::format("the vocabulary does not fit: {} tokens, and the checkpoint has {} rows",
                                            tokens, rows),
                     .hint = "loadstar gpt convert --padded-vocab-size gives a checkpoint more rows"};
    }
    constexpr std::int64_t usual = 128;
    const auto padded = [&](std::int64_t divisor) {
        const auto step = divisor * tensor_parallel;
        return (tokens + step - 1) / step * step;
    };
    if (padded(usual) == rows) return usual;
    if (rows % tensor_parallel == 0) return rows / tensor_parallel;
    return Error{.code = ErrorCode::invalid_argument,
                 .message = fmt::format("{} rows of the vocabulary cannot be shared by {} tensor-parallel ranks", rows,
                                        tensor_parallel)};
}

std::vector<std::string> megatron_arguments(const KitPlan& plan) {
    Arguments arguments;
    add_model(plan, arguments);
    add_training(plan, arguments);
    add_machines(plan, arguments);
    return std::move(arguments).all();
}

}  // namespace loadstar::service
