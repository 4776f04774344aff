#include "gpt/training_arguments.hpp"

#include <array>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace loadstar::gpt {
namespace {

template <class Value>
std::string text_of(const Value& value) {
    if constexpr (std::is_same_v<Value, bool>) return value ? "True" : "False";
    return fmt::format("{}", value);
}

void add_text(Arguments& all, const TrainingText& text) {
    std::vector<std::string> parts;
    for (const auto& part : text.data_path) parts.push_back(fmt::format("{} {}", part.weight, part.prefix.string()));
    all["data_path"] = fmt::format("{}", fmt::join(parts, " "));
    all["split"] = text.split;
    all["seq_length"] = text_of(text.seq_length);
    all["eod_mask_loss"] = text_of(text.rules.eod_mask_loss);
    all["reset_position_ids"] = text_of(text.rules.reset_position_ids);
    all["reset_attention_mask"] = text_of(text.rules.reset_attention_mask);
    all["eod"] = text_of(text.rules.eod);
}

void add_schedule(Arguments& all, const ParameterScheduleOptions& schedule) {
    all["lr"] = text_of(schedule.max_lr);
    all["min_lr"] = text_of(schedule.min_lr);
    all["lr_warmup_init"] = text_of(schedule.init_lr);
    all["lr_warmup_samples"] = text_of(schedule.lr_warmup_samples);
    all["lr_decay_samples"] = text_of(schedule.lr_decay_samples);
    all["lr_decay_style"] = decay_style_names[static_cast<std::size_t>(schedule.lr_decay_style)];
    if (schedule.lr_decay_style == DecayStyle::warmup_stable_decay) {
        all["lr_wsd_decay_samples"] = text_of(schedule.lr_wsd_decay_samples);
        all["lr_wsd_decay_style"] = tail_style_names[static_cast<std::size_t>(schedule.lr_wsd_decay_style)];
    }
    all["start_weight_decay"] = text_of(schedule.start_wd);
    all["end_weight_decay"] = text_of(schedule.end_wd);
    all["weight_decay_incr_style"] = increment_style_names[static_cast<std::size_t>(schedule.wd_incr_style)];
}

}  // namespace

Arguments arguments_of(const TrainingOptions& options, const GptConfiguration& form) {
    constexpr std::array precisions{"fp32", "bf16", "fp16"};
    auto all = arguments_of(form);
    if (const auto* source = std::get_if<ModelSource>(&options.model)) all["load"] = source->checkpoint.string();
    add_text(all, options.text);
    add_schedule(all, options.schedule);
    all["global_batch_size"] = text_of(options.batch.global_batch_size);
    all["micro_batch_size"] = text_of(options.batch.micro_batch_size);
    if (const auto& ramp = options.batch.rampup_batch_size)
        all["rampup_batch_size"] = fmt::format("{} {} {}", ramp->start, ramp->increment, ramp->samples);
    all["train_iters"] = text_of(options.train_iters);
    all["adam_beta1"] = text_of(options.adam_beta1);
    all["adam_beta2"] = text_of(options.adam_beta2);
    all["adam_eps"] = text_of(options.adam_eps);
    all["clip_grad"] = text_of(options.clip_grad);
    all["params_dtype"] = precisions[static_cast<std::size_t>(options.place.precision)];
    all["seed"] = text_of(options.seed);
    if (!options.freeze.empty()) all["freeze"] = fmt::format("{}", fmt::join(options.freeze, " "));
    if (options.low_rank) all["low_rank"] = fmt::format("{} {}", options.low_rank->rank, options.low_rank->alpha);
    return all;
}

Result<void> check_same(const Arguments& kept, const Arguments& given) {
    const auto value_in = [](const Arguments& all, const std::string& name) {
        const auto found = all.find(name);
        return found == all.end() ? std::string("nothing") : found->second;
    };
    for (const auto* all : {&kept, &given}) {
        for (const auto& [name, value] : *all) {
            if (name == "data_path" || name == "load") continue;
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
