#include "gpt/batch_sizes.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace loadstar::gpt {
namespace {

Error refusal(std::string message) { return {.code = ErrorCode::invalid_argument, .message = std::move(message)}; }

Result<void> check_ramp_up(const BatchRampUp& ramp, const BatchOptions& options, std::int64_t together) {
    if (ramp.start < 1 || ramp.increment < 1 || ramp.samples < 0)
        return refusal(fmt::format("expected a start and an increment of 1 sample or more, found {} {} {}", ramp.start,
                                   ramp.increment, ramp.samples));
    const auto growth = options.global_batch_size - ramp.start;
    if (growth < 0 || growth % ramp.increment != 0)
        return refusal(fmt::format("a batch of {} does not grow to {} by steps of {}", ramp.start,
                                   options.global_batch_size, ramp.increment));
    if (ramp.start % together != 0 || ramp.increment % together != 0)
        return refusal(
            fmt::format("expected a ramp-up in multiples of {} samples (micro batch times processes), found "
                        "{} and {}",
                        together, ramp.start, ramp.increment));
    return {};
}

}  // namespace

Result<BatchSizes> BatchSizes::create(const BatchOptions& options) {
    if (options.micro_batch_size < 1 || options.global_batch_size < 1 || options.data_parallel_size < 1)
        return refusal(fmt::format("expected batch sizes of 1 or more, found micro {}, global {}, data parallel {}",
                                   options.micro_batch_size, options.global_batch_size, options.data_parallel_size));
    const BatchSizes sizes(options);
    if (options.global_batch_size % sizes.together() != 0)
        return refusal(fmt::format("global batch size {} is no multiple of micro batch size {} times {} processes",
                                   options.global_batch_size, options.micro_batch_size, options.data_parallel_size));
    if (options.rampup_batch_size) LOADSTAR_CHECK(check_ramp_up(*options.rampup_batch_size, options, sizes.together()));
    return sizes;
}

std::int64_t BatchSizes::global_batch(std::int64_t consumed_samples) const {
    const auto& ramp = options_.rampup_batch_size;
    if (!ramp || consumed_samples > ramp->samples) return options_.global_batch_size;
    const auto increments = (options_.global_batch_size - ramp->start) / ramp->increment;
    if (increments == 0 || ramp->samples == 0) return options_.global_batch_size;
    const auto samples_each = static_cast<double>(ramp->samples) / static_cast<double>(increments);
    const auto taken = static_cast<std::int64_t>(static_cast<double>(consumed_samples) / samples_each);
    return std::min(ramp->start + taken * ramp->increment, options_.global_batch_size);
}

std::int64_t BatchSizes::micro_batches(std::int64_t consumed_samples) const {
    return global_batch(consumed_samples) / together();
}

std::int64_t BatchSizes::samples_of(std::int64_t steps) const {
    std::int64_t samples = 0;
    for (std::int64_t step = 0; step < steps; ++step) {
        const auto batch = global_batch(samples);
        if (batch == options_.global_batch_size) return samples + (steps - step) * batch;
        samples += batch;
    }
    return samples;
}

}  // namespace loadstar::gpt
