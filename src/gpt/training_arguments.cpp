#include "gpt/training_arguments.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace loadstar::gpt {
namespace {

class Arguments {
  public:
    template <class Value>
    void add(const char* name, const Value& value) {
        if constexpr (requires { value.has_value(); }) {
            if (value) add(name, *value);
        } else if constexpr (std::is_same_v<Value, bool>) {
            list_.emplace_back(name, value ? "True" : "False");
        } else {
            list_.emplace_back(name, fmt::format("{}", value));
        }
    }
    TrainingArguments take() { return std::move(list_); }

  private:
    TrainingArguments list_;
};

void add_form(Arguments& list, const GptConfiguration& form) {
    list.add("num_layers", form.num_layers);
    list.add("hidden_size", form.hidden_size);
    list.add("num_attention_heads", form.num_attention_heads);
    list.add("num_query_groups", form.groups());
    list.add("kv_channels", form.head_channels());
    list.add("ffn_hidden_size", form.ffn_channels());
    list.add("padded_vocab_size", form.padded_vocab_size);
    list.add("max_position_embeddings", form.max_position_embeddings);
    const auto rope = form.position_embedding_type == PositionEmbedding::rope;
    list.add("position_embedding_type", rope ? "rope" : "learned_absolute");
    if (rope) {
        list.add("rotary_base", form.rotary_base);
        list.add("rotary_percent", form.rotary_percent);
        list.add("rotary_interleaved", form.rotary_interleaved);
        list.add("use_rope_scaling", form.rope_scaling.has_value());
    }
    list.add("normalization", form.normalization == Normalization::rms_norm ? "RMSNorm" : "LayerNorm");
    list.add("norm_epsilon", form.layernorm_epsilon);
    list.add("apply_layernorm_1p", form.apply_layernorm_1p);
    list.add("qk_layernorm", form.qk_layernorm);
    list.add("swiglu", form.activation == Activation::swiglu);
    list.add("bias_gelu_fusion", form.activation == Activation::gelu_tanh);
    list.add("add_bias_linear", form.add_bias_linear);
    list.add("add_qkv_bias", form.add_qkv_bias);
    list.add("untie_embeddings_and_output_weights", form.untie_embeddings_and_output_weights);
    list.add("hidden_dropout", form.hidden_dropout);
    list.add("attention_dropout", form.attention_dropout);
}

void add_text(Arguments& list, const TrainingText& text) {
    std::vector<std::string> parts;
    for (const auto& part : text.data_path) parts.push_back(fmt::format("{} {}", part.weight, part.prefix.string()));
    list.add("data_path", fmt::format("{}", fmt::join(parts, " ")));
    list.add("split", text.split);
    list.add("seq_length", text.seq_length);
    list.add("eod_mask_loss", text.rules.eod_mask_loss);
    list.add("reset_position_ids", text.rules.reset_position_ids);
    list.add("reset_attention_mask", text.rules.reset_attention_mask);
    list.add("eod", text.rules.eod);
}

void add_schedule(Arguments& list, const ParameterScheduleOptions& schedule) {
    list.add("lr", schedule.max_lr);
    list.add("min_lr", schedule.min_lr);
    list.add("lr_warmup_init", schedule.init_lr);
    list.add("lr_warmup_samples", schedule.lr_warmup_samples);
    list.add("lr_decay_samples", schedule.lr_decay_samples);
    list.add("lr_decay_style", decay_style_names[static_cast<std::size_t>(schedule.lr_decay_style)]);
    list.add("lr_wsd_decay_samples", schedule.lr_wsd_decay_samples);
    list.add("lr_wsd_decay_style", tail_style_names[static_cast<std::size_t>(schedule.lr_wsd_decay_style)]);
    list.add("start_weight_decay", schedule.start_wd);
    list.add("end_weight_decay", schedule.end_wd);
    list.add("weight_decay_incr_style", increment_style_names[static_cast<std::size_t>(schedule.wd_incr_style)]);
}

}  // namespace

TrainingArguments arguments_of(const TrainingOptions& options) {
    constexpr std::array precisions{"fp32", "bf16", "fp16"};
    Arguments list;
    add_form(list, options.configuration);
    add_text(list, options.text);
    add_schedule(list, options.schedule);
    list.add("global_batch_size", options.batch.global_batch_size);
    list.add("micro_batch_size", options.batch.micro_batch_size);
    if (const auto& ramp = options.batch.rampup_batch_size)
        list.add("rampup_batch_size", fmt::format("{} {} {}", ramp->start, ramp->increment, ramp->samples));
    list.add("train_iters", options.train_iters);
    list.add("adam_beta1", options.adam_beta1);
    list.add("adam_beta2", options.adam_beta2);
    list.add("adam_eps", options.adam_eps);
    list.add("clip_grad", options.clip_grad);
    list.add("params_dtype", precisions[static_cast<std::size_t>(options.precision)]);
    list.add("seed", options.seed);
    list.add("freeze", fmt::format("{}", fmt::join(options.freeze, " ")));
    if (options.low_rank) list.add("low_rank", fmt::format("{} {}", options.low_rank->rank, options.low_rank->alpha));
    return list.take();
}

Result<void> check_same(const TrainingArguments& kept, const TrainingArguments& given) {
    const auto value_in = [](const TrainingArguments& list, const std::string& name) -> std::string {
        const auto found = std::ranges::find(list, name, &TrainingArguments::value_type::first);
        return found == list.end() ? "nothing" : found->second;
    };
    for (const auto& list : {kept, given}) {
        for (const auto& [name, value] : list) {
            const auto before = value_in(kept, name);
            const auto now = value_in(given, name);
            if (before == now) continue;
            return Error{.code = ErrorCode::invalid_argument,
                         .message = fmt::format("the run in this folder has {} {}, found {}", name, before, now),
                         .hint = "run it again with its own arguments, or choose another folder to save to"};
        }
    }
    return {};
}

}  // namespace loadstar::gpt
