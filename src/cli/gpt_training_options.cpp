#include "cli/gpt_training_options.hpp"

#include <charconv>

#include <fmt/format.h>

#include "cli/named_values.hpp"

namespace loadstar::cli {
namespace {

/// The names of an enumeration, for options.
template <class Value, class Names>
CLI::Validator one_of(const Names& names) {
    std::map<std::string, Value> values;
    for (std::size_t i = 0; i < names.size(); ++i) values.emplace(names[i], static_cast<Value>(i));
    return cli::one_of(values);
}

Error refused(std::string message) { return {.code = ErrorCode::invalid_argument, .message = std::move(message)}; }

std::optional<double> number_in(const std::string& text) {
    double value = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (problem != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

}  // namespace

void GptFormOptions::add_to(CLI::App& verb) {
    verb.add_option("--num-layers", form.num_layers)->required();
    verb.add_option("--hidden-size", form.hidden_size)->required();
    verb.add_option("--num-attention-heads", form.num_attention_heads)->required();
    verb.add_option("--num-query-groups", form.num_query_groups, "that share a key and a value; as many as heads");
    verb.add_option("--kv-channels", form.kv_channels, "of a head; hidden size / heads");
    verb.add_option("--ffn-hidden-size", form.ffn_hidden_size, "4 times the hidden size");
    verb.add_option("--vocab-size", vocab_size, "tokens of the tokenizer")->required();
    verb.add_option("--make-vocab-size-divisible-by", divisible_by, "rows are added until it is")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    verb.add_option("--max-position-embeddings", form.max_position_embeddings)->required();
    verb.add_option("--position-embedding-type", form.position_embedding_type)
        ->transform(one_of<gpt::PositionEmbedding>(std::array{"learned_absolute", "rope"}));
    verb.add_option("--rotary-base", form.rotary_base)->capture_default_str();
    verb.add_option("--rotary-percent", form.rotary_percent)->capture_default_str();
    verb.add_flag("--rotary-interleaved", form.rotary_interleaved);
    verb.add_flag("--use-rope-scaling", use_rope_scaling, "as Llama 3 stretches its angles");
    verb.add_option("--normalization", form.normalization)
        ->transform(one_of<gpt::Normalization>(std::array{"LayerNorm", "RMSNorm"}));
    verb.add_option("--norm-epsilon", form.layernorm_epsilon)->capture_default_str();
    verb.add_flag("--apply-layernorm-1p", form.apply_layernorm_1p);
    verb.add_flag("--qk-layernorm", form.qk_layernorm);
    verb.add_flag("--swiglu", swiglu);
    verb.add_flag("--no-bias-gelu-fusion", no_bias_gelu_fusion, "GELU by the error function instead of tanh");
    verb.add_flag("--disable-bias-linear", disable_bias_linear);
    verb.add_flag("--add-qkv-bias", form.add_qkv_bias);
    verb.add_flag("--untie-embeddings-and-output-weights", form.untie_embeddings_and_output_weights);
    verb.add_option("--hidden-dropout", form.hidden_dropout)->capture_default_str();
    verb.add_option("--attention-dropout", form.attention_dropout)->capture_default_str();
    verb.add_option("--init-method-std", form.init_method_std)->capture_default_str();
}

gpt::GptConfiguration GptFormOptions::chosen() const {
    auto made = form;
    made.padded_vocab_size = (vocab_size + divisible_by - 1) / divisible_by * divisible_by;
    made.add_bias_linear = !disable_bias_linear;
    if (swiglu)
        made.activation = gpt::Activation::swiglu;
    else if (no_bias_gelu_fusion)
        made.activation = gpt::Activation::gelu_erf;
    if (use_rope_scaling) made.rope_scaling.emplace();
    return made;
}

void GptTrainingOptions::add_to(CLI::App& verb) {
    verb.add_option("--save", request.training.save, "folder of the run; one that holds a run goes on")->required();
    add_data(verb);
    add_schedule(verb);
    add_steps(verb);
    add_run(verb);
}

void GptTrainingOptions::add_data(CLI::App& verb) {
    auto& text = request.training.text;
    verb.add_option("--data-path", data_path, "prefix of .bin and .idx, or weights and prefixes of several")
        ->required();
    verb.add_option("--split", text.split, "shares of training, validation and test")->capture_default_str();
    verb.add_option("--seq-length", text.seq_length)->required();
    verb.add_option("--eod", eod, "token that ends a document");
    verb.add_flag("--eod-mask-loss", text.rules.eod_mask_loss, "no loss behind the end of a document");
    verb.add_flag("--reset-position-ids", text.rules.reset_position_ids);
    verb.add_flag("--reset-attention-mask", text.rules.reset_attention_mask);
    verb.add_option("--seed", request.training.seed)->capture_default_str();
}

void GptTrainingOptions::add_schedule(CLI::App& verb) {
    auto& training = request.training;
    auto& schedule = training.schedule;
    verb.add_option("--train-iters", training.train_iters)->required();
    verb.add_option("--micro-batch-size", training.batch.micro_batch_size, "samples of one pass of one process")
        ->required();
    verb.add_option("--global-batch-size", training.batch.global_batch_size, "samples of one step")->required();
    verb.add_option("--rampup-batch-size", rampup, "start, increment and samples over which the batch grows")
        ->expected(3);
    verb.add_option("--lr", schedule.max_lr)->required();
    verb.add_option("--min-lr", schedule.min_lr)->capture_default_str();
    verb.add_option("--lr-decay-style", schedule.lr_decay_style)
        ->transform(one_of<gpt::DecayStyle>(gpt::decay_style_names));
    verb.add_option("--lr-decay-iters", decay_iters, "as many as are trained");
    verb.add_option("--lr-warmup-iters", warmup_iters)->capture_default_str();
    verb.add_option("--lr-warmup-fraction", warmup_fraction, "of the decay")->check(CLI::Range(0.0, 1.0));
    verb.add_option("--lr-warmup-init", schedule.init_lr)->capture_default_str();
    verb.add_option("--lr-wsd-decay-iters", wsd_iters, "length of the tail of WSD");
    verb.add_option("--lr-wsd-decay-style", schedule.lr_wsd_decay_style)
        ->transform(one_of<gpt::TailStyle>(gpt::tail_style_names));
    verb.add_option("--weight-decay", weight_decay)->capture_default_str();
    verb.add_option("--start-weight-decay", start_weight_decay, "where it grows");
    verb.add_option("--end-weight-decay", end_weight_decay, "reached with the last iteration");
    verb.add_option("--weight-decay-incr-style", schedule.wd_incr_style)
        ->transform(one_of<gpt::IncrementStyle>(gpt::increment_style_names));
}

void GptTrainingOptions::add_steps(CLI::App& verb) {
    auto& training = request.training;
    verb.add_option("--adam-beta1", training.adam_beta1)->capture_default_str();
    verb.add_option("--adam-beta2", training.adam_beta2)->capture_default_str();
    verb.add_option("--adam-eps", training.adam_eps)->capture_default_str();
    verb.add_option("--clip-grad", training.clip_grad, "largest norm of the gradients; 0: any")->capture_default_str();
    verb.add_option("--recompute-granularity", training.recompute, "full: activations are computed twice, not kept")
        ->transform(one_of<gpt::Recompute>(std::array{"nothing", "full"}));
    verb.add_option("--freeze", training.freeze, "core names with *, of weights that do not learn");
    verb.add_option("--lora-rank", lora_rank, "learn updates of this rank in the place of matrices");
    verb.add_option("--lora-alpha", lora_alpha)->capture_default_str();
    verb.add_option("--spike-factor", spike_factor, "skip steps with a loss above this many times the usual");
    verb.add_option("--max-skipped", training.guard.most_in_a_row, "skipped steps in a row that end the run")
        ->capture_default_str();
}

void GptTrainingOptions::add_run(CLI::App& verb) {
    auto& training = request.training;
    verb.add_option("--log-interval", training.log_interval)->capture_default_str();
    verb.add_option("--save-interval", training.save_interval)->capture_default_str();
    verb.add_option("--keep", training.keep, "newest checkpoints that stay")->capture_default_str();
    verb.add_option("--eval-interval", eval_interval, "0: no validation")->capture_default_str();
    verb.add_option("--eval-iters", training.eval_iters)->capture_default_str();
    verb.add_option("--data-parallel", request.data_parallel, "processes of this machine that share each batch")
        ->capture_default_str();
}

void GptTrainingOptions::put_schedule(gpt::TrainingOptions& training) const {
    auto& schedule = training.schedule;
    const auto batch = training.batch.global_batch_size;
    schedule.lr_decay_samples = (decay_iters > 0 ? decay_iters : training.train_iters) * batch;
    schedule.lr_warmup_samples =
        warmup_fraction > 0
            ? static_cast<std::int64_t>(warmup_fraction * static_cast<double>(schedule.lr_decay_samples))
            : warmup_iters * batch;
    schedule.lr_wsd_decay_samples = wsd_iters * batch;
    schedule.start_wd = start_weight_decay.value_or(weight_decay);
    schedule.end_wd = end_weight_decay.value_or(weight_decay);
    schedule.wd_incr_samples = training.train_iters * batch;
}

Result<service::GptTrainRequest> GptTrainingOptions::chosen() const {
    auto made = request;
    auto& training = made.training;
    LOADSTAR_TRY(training.text.data_path, blend_of(data_path));
    const auto& rules = training.text.rules;
    if ((rules.eod_mask_loss || rules.reset_position_ids || rules.reset_attention_mask) && !eod)
        return refused("--eod-mask-loss, --reset-position-ids and --reset-attention-mask need --eod");
    if (eod) training.text.rules.eod = *eod;
    if (rampup.size() == 3)
        training.batch.rampup_batch_size = {.start = rampup[0], .increment = rampup[1], .samples = rampup[2]};
    put_schedule(training);
    if (lora_rank > 0) training.low_rank = {.rank = lora_rank, .alpha = lora_alpha};
    if (spike_factor > 0) training.guard.spike_factor = spike_factor;
    if (eval_interval > 0) training.eval_interval = eval_interval;
    return made;
}

Result<std::vector<megatron::BlendPart>> blend_of(const std::vector<std::string>& typed) {
    if (typed.size() == 1) return std::vector{megatron::BlendPart{.prefix = typed.front()}};
    std::vector<megatron::BlendPart> parts;
    for (std::size_t i = 0; i + 1 < typed.size(); i += 2) {
        const auto weight = number_in(typed[i]);
        if (!weight) return refused(fmt::format("--data-path has \"{}\", expected the weight of a dataset", typed[i]));
        parts.push_back({.prefix = typed[i + 1], .weight = *weight});
    }
    if (typed.size() % 2 != 0)
        return refused(fmt::format("--data-path ends with \"{}\", expected a prefix behind each weight", typed.back()));
    return parts;
}

}  // namespace loadstar::cli
