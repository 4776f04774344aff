#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/result.hpp"

namespace loadstar::gpt {

/// How the learning rate falls from its maximum; the names are those of Megatron-LM's --lr-decay-style.
enum class DecayStyle { constant, linear, cosine, inverse_square_root, warmup_stable_decay };
inline constexpr std::array<std::string_view, 5> decay_style_names{"constant", "linear", "cosine",
                                                                   "inverse-square-root", "WSD"};

/// How WSD falls in its last samples (--lr-wsd-decay-style).
enum class TailStyle { linear, cosine, exponential, minus_sqrt };
inline constexpr std::array<std::string_view, 4> tail_style_names{"linear", "cosine", "exponential", "minus_sqrt"};

/// How weight decay grows (--weight-decay-incr-style).
enum class IncrementStyle { constant, linear, cosine };
inline constexpr std::array<std::string_view, 3> increment_style_names{"constant", "linear", "cosine"};

/// What decides learning rate and weight decay, under Megatron-LM's names. A length is a number of samples; one
/// optimiser step advances by the samples of its batch.
struct ParameterScheduleOptions {
    double init_lr = 0;  ///< the first step runs at it
    double max_lr = 0;
    double min_lr = 0;
    std::int64_t lr_warmup_samples = 0;
    std::int64_t lr_decay_samples = 0;  ///< end of the decay, counted from the first sample
    DecayStyle lr_decay_style = DecayStyle::cosine;
    std::int64_t lr_wsd_decay_samples = 0;  ///< length of the tail of WSD
    TailStyle lr_wsd_decay_style = TailStyle::exponential;
    double start_wd = 0;
    double end_wd = 0;
    std::int64_t wd_incr_samples = 0;
    IncrementStyle wd_incr_style = IncrementStyle::constant;
};

/// Learning rate and weight decay as functions of the samples seen by successful steps.
/// Source: OptimizerParamScheduler of Megatron-LM core 0.16.
class ParameterSchedule {
  public:
    /// Errors: invalid_argument (rates that are negative or not in order, a warm-up that outlasts the decay, a WSD tail
    /// without length, a constant weight decay with two values).
    static Result<ParameterSchedule> create(const ParameterScheduleOptions& options);

    [[nodiscard]] double learning_rate(std::int64_t samples) const;
    [[nodiscard]] double weight_decay(std::int64_t samples) const;
    [[nodiscard]] const ParameterScheduleOptions& options() const { return options_; }

  private:
    explicit ParameterSchedule(const ParameterScheduleOptions& options) : options_(options) {}
    [[nodiscard]] double decay_coefficient(std::int64_t samples) const;
    [[nodiscard]] double tail_coefficient(std::int64_t samples) const;
    ParameterScheduleOptions options_;
};

}  // namespace loadstar::gpt
