#include "megatron/blended_dataset.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include <fmt/format.h>

namespace loadstar::megatron {
namespace {

/// Counts what was taken of each dataset, and finds the one that lags most.
class Balance {
  public:
    explicit Balance(std::vector<double> weights) : weights_(std::move(weights)), taken_(weights_.size()) {}

    /// @param open  datasets that still have samples, rising
    std::size_t most_behind(std::int64_t number, const std::vector<std::size_t>& open) const {
        const auto place = std::max(static_cast<double>(number), 1.0);
        auto chosen = open.front();
        auto largest = std::numeric_limits<double>::lowest();
        for (const auto i : open) {
            const auto lag = weights_[i] * place - static_cast<double>(taken_[i]);
            if (lag > largest) {
                largest = lag;
                chosen = i;
            }
        }
        return chosen;
    }
    /// Returns how many had been taken.
    std::int64_t take(std::size_t dataset) { return taken_[dataset]++; }
    [[nodiscard]] std::int64_t taken(std::size_t dataset) const { return taken_[dataset]; }

  private:
    std::vector<double> weights_;
    std::vector<std::int64_t> taken_;
};

std::vector<std::size_t> all_of(std::size_t count) {
    std::vector<std::size_t> numbers(count);
    std::iota(numbers.begin(), numbers.end(), 0U);
    return numbers;
}

std::int64_t rounded_up(double value) { return static_cast<std::int64_t>(std::ceil(value)); }

/// No part may be asked for more samples than it has.
Result<void> check_order(const BlendOrder& order, std::span<const BlendPart> parts,
                         const std::vector<GptDataset>& datasets) {
    for (std::size_t i = 0; i < order.sample.size(); ++i) {
        const auto part = static_cast<std::size_t>(order.dataset[i]);
        if (order.sample[i] < datasets[part].size()) continue;
        return Error{.code = ErrorCode::invalid_input,
                     .message = fmt::format("the blend needs sample {} of a dataset with {}", order.sample[i],
                                            datasets[part].size()),
                     .where = parts[part].prefix.string()};
    }
    return {};
}

Result<GptDataset> build_part(const BlendPart& part, const BlendOptions& options, std::int64_t samples) {
    LOADSTAR_TRY(auto data, IndexedDataset::open(part.prefix));
    LOADSTAR_TRY(const auto splits, split_sequences(options.split_weights, data.sequences()));
    return GptDataset::build(std::make_shared<const IndexedDataset>(std::move(data)),
                             {.sequences = splits[static_cast<std::size_t>(options.split)],
                              .sequence_length = options.sequence_length,
                              .samples = samples,
                              .seed = options.seed});
}

}  // namespace

Result<BlendOrder> blend_by_weights(std::span<const double> weights, std::int64_t samples) {
    LOADSTAR_TRY(auto shares, normalised(weights));
    const auto open = all_of(weights.size());
    Balance balance(std::move(shares));
    BlendOrder order;
    for (std::int64_t k = 0; k < samples; ++k) {
        const auto chosen = balance.most_behind(k, open);
        order.dataset.push_back(static_cast<std::int16_t>(chosen));
        order.sample.push_back(balance.take(chosen));
    }
    return order;
}

BlendOrder blend_by_sizes(std::span<const std::int64_t> sizes) {
    const auto total = static_cast<double>(std::accumulate(sizes.begin(), sizes.end(), std::int64_t{0}));
    std::vector<double> weights;
    for (const auto size : sizes) weights.push_back(static_cast<double>(size) / total);
    auto open = all_of(sizes.size());
    std::erase_if(open, [&](std::size_t i) { return sizes[i] == 0; });
    Balance balance(std::move(weights));
    BlendOrder order;
    for (std::int64_t k = 0; !open.empty(); ++k) {
        const auto chosen = balance.most_behind(k, open);
        order.dataset.push_back(static_cast<std::int16_t>(chosen));
        order.sample.push_back(balance.take(chosen));
        if (balance.taken(chosen) == sizes[chosen]) std::erase(open, chosen);
    }
    return order;
}

Result<BlendSizes> blend_sizes(std::span<const double> weights, std::int64_t samples) {
    constexpr double surplus = 0.005;
    LOADSTAR_TRY(const auto shares, normalised(weights));
    BlendSizes sizes;
    for (const auto share : shares) {
        sizes.taken.push_back(rounded_up(static_cast<double>(samples) * share));
        sizes.requested.push_back(rounded_up(static_cast<double>(sizes.taken.back()) * (1 + surplus)));
    }
    return sizes;
}

Result<BlendedDataset> BlendedDataset::build(std::span<const BlendPart> parts, const BlendOptions& options) {
    if (parts.size() > static_cast<std::size_t>(std::numeric_limits<std::int16_t>::max())) {
        return Error{.code = ErrorCode::invalid_argument,
                     .message = fmt::format("a blend has at most 32767 parts, found {}", parts.size())};
    }
    std::vector<double> weights;
    for (const auto& part : parts) weights.push_back(part.weight);
    LOADSTAR_TRY(const auto shares, normalised(weights));
    LOADSTAR_TRY(const auto sizes, blend_sizes(weights, options.samples));
    std::vector<GptDataset> datasets;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        LOADSTAR_TRY(auto dataset, build_part(parts[i], options, sizes.requested[i]));
        datasets.push_back(std::move(dataset));
    }
    const auto size = std::accumulate(sizes.taken.begin(), sizes.taken.end(), std::int64_t{0});
    // The reference normalises the shares once more, which may change their last bit.
    LOADSTAR_TRY(auto order, blend_by_weights(shares, size));
    LOADSTAR_CHECK(check_order(order, parts, datasets));
    return BlendedDataset(std::move(datasets), std::move(order));
}

GptSample BlendedDataset::sample(std::int64_t number, const GptSampleRules& rules) const {
    const auto k = static_cast<std::size_t>(number);
    return parts_[static_cast<std::size_t>(order_.dataset.at(k))].sample(order_.sample.at(k), rules);
}

SequenceRange SequentialSampler::next() {
    const auto together = micro_batch_size * data_parallel_size;
    if (consumed_samples + together > samples) return {};
    const auto begin = consumed_samples + data_parallel_rank * micro_batch_size;
    consumed_samples += together;
    return {.begin = begin, .end = begin + micro_batch_size};
}

}  // namespace loadstar::megatron
