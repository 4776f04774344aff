#include "gpt/parameter_schedule.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include <fmt/format.h>

namespace loadstar::gpt {
namespace {

/// Falls from 1 to 0 while `ratio` rises from 0 to 1.
double cosine(double ratio) { return 0.5 * (std::cos(std::numbers::pi * ratio) + 1); }

double share(std::int64_t part, std::int64_t whole) { return static_cast<double>(part) / static_cast<double>(whole); }

Error refusal(std::string message) { return {.code = ErrorCode::invalid_argument, .message = std::move(message)}; }

Result<void> check_rates(const ParameterScheduleOptions& options) {
    if (options.min_lr < 0 || options.init_lr < 0 || !std::isfinite(options.max_lr))
        return refusal(fmt::format("expected learning rates of 0 or more, found init {}, min {}, max {}",
                                   options.init_lr, options.min_lr, options.max_lr));
    if (options.min_lr > options.max_lr || options.init_lr > options.max_lr)
        return refusal(fmt::format("expected min_lr and init_lr not above lr {}, found {} and {}", options.max_lr,
                                   options.min_lr, options.init_lr));
    if (options.start_wd < 0 || options.end_wd < options.start_wd)
        return refusal(fmt::format("expected a weight decay that does not fall, found {} to {}", options.start_wd,
                                   options.end_wd));
    return {};
}

Result<void> check_lengths(const ParameterScheduleOptions& options) {
    if (options.lr_warmup_samples < 0 || options.lr_decay_samples <= 0 ||
        options.lr_warmup_samples >= options.lr_decay_samples)
        return refusal(fmt::format("expected a warm-up shorter than the decay of {} samples, found {}",
                                   options.lr_decay_samples, options.lr_warmup_samples));
    if (options.lr_decay_style == DecayStyle::warmup_stable_decay &&
        (options.lr_wsd_decay_samples <= 0 || options.lr_wsd_decay_samples > options.lr_decay_samples))
        return refusal(fmt::format("WSD needs a tail of 1..{} samples, found {}", options.lr_decay_samples,
                                   options.lr_wsd_decay_samples));
    const auto constant = options.wd_incr_style == IncrementStyle::constant;
    if (constant && options.start_wd != options.end_wd)
        return refusal(
            fmt::format("a constant weight decay has one value, found {} and {}", options.start_wd, options.end_wd));
    if (!constant && options.wd_incr_samples <= 0)
        return refusal(
            fmt::format("a weight decay that grows needs the samples it takes, found {}", options.wd_incr_samples));
    return {};
}

}  // namespace

Result<ParameterSchedule> ParameterSchedule::create(const ParameterScheduleOptions& options) {
    LOADSTAR_CHECK(check_rates(options));
    LOADSTAR_CHECK(check_lengths(options));
    return ParameterSchedule(options);
}

double ParameterSchedule::learning_rate(std::int64_t samples) const {
    const auto& o = options_;
    if (o.lr_warmup_samples > 0 && samples <= o.lr_warmup_samples)
        return o.init_lr +
               (o.max_lr - o.init_lr) * static_cast<double>(samples) / static_cast<double>(o.lr_warmup_samples);
    if (o.lr_decay_style == DecayStyle::constant) return o.max_lr;
    if (samples > o.lr_decay_samples) return o.min_lr;
    if (o.lr_decay_style == DecayStyle::inverse_square_root) {
        const auto warmup = std::max<std::int64_t>(o.lr_warmup_samples, 1);
        const auto now = std::max<std::int64_t>(samples, 1);
        return std::max(o.min_lr,
                        o.max_lr * std::sqrt(static_cast<double>(warmup)) / std::sqrt(static_cast<double>(now)));
    }
    return o.min_lr + decay_coefficient(samples) * (o.max_lr - o.min_lr);
}

double ParameterSchedule::decay_coefficient(std::int64_t samples) const {
    const auto ratio =
        share(samples - options_.lr_warmup_samples, options_.lr_decay_samples - options_.lr_warmup_samples);
    switch (options_.lr_decay_style) {
        case DecayStyle::linear: return 1 - ratio;
        case DecayStyle::cosine: return cosine(ratio);
        case DecayStyle::warmup_stable_decay: return tail_coefficient(samples);
        case DecayStyle::constant:
        case DecayStyle::inverse_square_root: break;
    }
    return 1;
}

double ParameterSchedule::tail_coefficient(std::int64_t samples) const {
    const auto start = options_.lr_decay_samples - options_.lr_wsd_decay_samples;
    if (samples <= start) return 1;
    const auto ratio = share(samples - start, options_.lr_wsd_decay_samples);
    switch (options_.lr_wsd_decay_style) {
        case TailStyle::linear: return 1 - ratio;
        case TailStyle::cosine: return cosine(ratio);
        case TailStyle::exponential: return 2 * std::pow(0.5, ratio) - 1;
        case TailStyle::minus_sqrt: return 1 - std::sqrt(ratio);
    }
    return 1;
}

double ParameterSchedule::weight_decay(std::int64_t samples) const {
    const auto& o = options_;
    if (o.wd_incr_style == IncrementStyle::constant || samples > o.wd_incr_samples) return o.end_wd;
    const auto ratio = share(samples, o.wd_incr_samples);
    const auto grown = o.wd_incr_style == IncrementStyle::linear ? ratio : cosine(1 - ratio);
    return o.start_wd + grown * (o.end_wd - o.start_wd);
}

}  // namespace loadstar::gpt
