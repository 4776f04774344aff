#include "gpt/step_guard.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace loadstar::gpt {
namespace {

constexpr std::int64_t steps_of_mean = 100;  // the running mean forgets what is older
constexpr std::int64_t first_steps = 10;     // too few to call anything unusual

std::string text_of(double value) { return std::isnan(value) ? "nan" : fmt::format("{:.4g}", value); }

}  // namespace

bool StepGuard::is_spike(double loss) const {
    return options_.spike_factor && state_.taken >= first_steps && loss > *options_.spike_factor * state_.mean_loss;
}

Result<StepGuard::Verdict> StepGuard::judge(std::int64_t iteration, double loss, double grad_norm) {
    const auto finite = std::isfinite(loss) && std::isfinite(grad_norm);
    if (finite && !is_spike(loss)) {
        ++state_.taken;
        state_.skipped_in_a_row = 0;
        state_.mean_loss += (loss - state_.mean_loss) / static_cast<double>(std::min(state_.taken, steps_of_mean));
        return Verdict::take;
    }
    ++state_.skipped;
    if (++state_.skipped_in_a_row < options_.most_in_a_row) return Verdict::skip;
    const auto hint = finite ? "the data changed its kind, or the learning rate is too high"
                             : "lower the learning rate, or look at the data; the last checkpoint is good";
    return Error{.code = ErrorCode::internal,
                 .message = fmt::format("{} steps in a row were skipped, the last at iteration {}: loss {}, gradient "
                                        "norm {}, usual loss {}",
                                        state_.skipped_in_a_row, iteration, text_of(loss), text_of(grad_norm),
                                        text_of(state_.mean_loss)),
                 .hint = hint};
}

}  // namespace loadstar::gpt
