#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "base/result.hpp"
#include "megatron/indexed_dataset.hpp"

namespace loadstar::megatron {

/// What decides the order of the samples. Changing any of it, the number of samples included, may reshuffle everything.
struct GptOrderOptions {
    SequenceRange sequences;              ///< those of the split (split_sequences)
    std::int64_t sequence_length = 0;     ///< tokens of a sample
    std::optional<std::int64_t> samples;  ///< at least so many, over several epochs if need be; one epoch without it
    std::uint32_t seed = 1234;
};

/// Where a sample begins: a place in the document index, and the token within that document.
struct SampleStart {
    std::int64_t document = 0;
    std::int64_t offset = 0;
    bool operator==(const SampleStart&) const = default;
};

/// The three indices of Megatron-LM's GPTDataset.
struct GptOrder {
    std::int64_t tokens_per_epoch = 0;
    std::int64_t epochs = 0;
    std::vector<std::int32_t> documents;  ///< sequence numbers of all epochs, shuffled
    std::vector<SampleStart> samples;     ///< start of each sample in their row, and of one more
    std::vector<std::int64_t> shuffle;    ///< sample k of the dataset is sample shuffle[k] of the row
};

/// Orders the samples of a dataset as Megatron-LM does: documents are shuffled and joined, the row is cut into samples
/// that share one token with the next (the label of their last position), and these are shuffled. An epoch of which
/// less than 80 % is needed is shuffled apart, so that the epochs before it are seen whole. Errors: invalid_argument
/// (no length), invalid_input (floating point numbers; fewer tokens than one sample needs). Source: GPTDataset of
/// Megatron-LM core 0.16.
Result<GptOrder> gpt_order(const IndexedDataset& dataset, const GptOrderOptions& options);

/// How a sample is made of its tokens; the names are those of Megatron-LM's arguments.
struct GptSampleRules {
    std::int64_t eod = 0;               ///< token that ends a document
    std::optional<std::int64_t> pad{};  ///< token that is never a target, if the tokenizer has one
    bool eod_mask_loss = false;         ///< no loss where the input is `eod`
    bool reset_position_ids = false;    ///< positions begin at 0 after each `eod`
    bool reset_attention_mask = false;  ///< no attention across `eod`
};

/// One sample; all but `block_starts` are [sequence_length].
struct GptSample {
    std::vector<std::int64_t> tokens;
    std::vector<std::int64_t> labels;
    std::vector<float> loss_mask;
    std::vector<std::int64_t> position_ids;
    /// First position of each block of attention, rising from 0: a position sees those from the start of its block to
    /// itself, the others are masked.
    std::vector<std::int64_t> block_starts;
};

/// Masks and positions for sequence_length + 1 tokens that follow each other.
GptSample make_gpt_sample(const std::vector<std::int64_t>& text, const GptSampleRules& rules);

/// The samples of a split in Megatron-LM's order. For any number of threads.
class GptDataset {
  public:
    /// Errors: as for gpt_order.
    static Result<GptDataset> build(std::shared_ptr<const IndexedDataset> data, const GptOrderOptions& options);

    [[nodiscard]] std::int64_t size() const { return static_cast<std::int64_t>(order_.shuffle.size()); }
    [[nodiscard]] const GptOrder& order() const { return order_; }
    /// Sample `number`, 0..size()-1; another number is a broken contract (std::out_of_range).
    [[nodiscard]] GptSample sample(std::int64_t number, const GptSampleRules& rules) const;

  private:
    GptDataset(std::shared_ptr<const IndexedDataset> data, std::int64_t sequence_length, GptOrder order);
    std::shared_ptr<const IndexedDataset> data_;
    std::int64_t sequence_length_;
    GptOrder order_;
};

}  // namespace loadstar::megatron
