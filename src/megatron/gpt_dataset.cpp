#include "megatron/gpt_dataset.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

#include <fmt/format.h>

#include "megatron/numpy_random.hpp"

namespace loadstar::megatron {
namespace {

Error unusable(const IndexedDataset& dataset, std::string message, std::string hint) {
    return {.code = ErrorCode::invalid_input,
            .message = std::move(message),
            .where = index_file(dataset.prefix()).string(),
            .hint = std::move(hint)};
}

Result<void> check(const IndexedDataset& dataset, const GptOrderOptions& options) {
    if (options.sequence_length < 1) {
        return Error{
            .code = ErrorCode::invalid_argument,
            .message = fmt::format("expected a sequence length of 1 or more, found {}", options.sequence_length)};
    }
    if (!is_integer(dataset.type())) {
        return unusable(dataset, fmt::format("expected tokens that are integers, found {}", name_of(dataset.type())),
                        "");
    }
    if (dataset.sequences() > std::numeric_limits<std::int32_t>::max()) {
        return unusable(dataset, fmt::format("expected fewer than 2^31 sequences, found {}", dataset.sequences()),
                        "split the dataset, and blend the parts");
    }
    return {};
}

std::int64_t tokens_of(const IndexedDataset& dataset, SequenceRange sequences) {
    std::int64_t tokens = 0;
    for (auto i = sequences.begin; i < sequences.end; ++i) tokens += dataset.length(i);
    return tokens;
}

/// Samples that so many tokens in a row give; the last token of each is the first of the next.
std::int64_t samples_in(std::int64_t tokens, std::int64_t sequence_length) { return (tokens - 1) / sequence_length; }

/// Fewest epochs that give the samples.
std::int64_t epochs_for(const GptOrderOptions& options, std::int64_t tokens_per_epoch) {
    if (!options.samples) return 1;
    const auto needed = *options.samples * options.sequence_length + 1;
    return std::max<std::int64_t>(1, (needed + tokens_per_epoch - 1) / tokens_per_epoch);
}

/// Samples before the last epoch, when that one is to be shuffled apart.
std::optional<std::int64_t> samples_before_last_epoch(const GptOrderOptions& options, const GptOrder& order) {
    constexpr double worth_mixing = 0.80;
    if (order.epochs == 1) return std::nullopt;
    const auto before = samples_in((order.epochs - 1) * order.tokens_per_epoch, options.sequence_length);
    const auto per_epoch = samples_in(order.tokens_per_epoch, options.sequence_length);
    const auto threshold = static_cast<std::int64_t>(worth_mixing * static_cast<double>(per_epoch));
    if (*options.samples - before >= threshold) return std::nullopt;
    return before;
}

std::vector<std::int32_t> repeated(SequenceRange sequences, std::int64_t epochs) {
    std::vector<std::int32_t> documents(static_cast<std::size_t>(sequences.size() * epochs));
    for (std::size_t i = 0; i < documents.size(); ++i)
        documents[i] = static_cast<std::int32_t>(sequences.begin + static_cast<std::int64_t>(i) % sequences.size());
    return documents;
}

/// Cuts the row of documents into samples.
std::vector<SampleStart> sample_starts(const IndexedDataset& dataset, const GptOrder& order,
                                       std::int64_t sequence_length) {
    const auto count = samples_in(order.epochs * order.tokens_per_epoch, sequence_length);
    std::vector<SampleStart> starts{{.document = 0, .offset = 0}};
    starts.reserve(static_cast<std::size_t>(count) + 1);
    SampleStart at;
    while (std::ssize(starts) <= count) {
        // A sample needs one token more than its length, and that one begins the next sample.
        auto needed = sequence_length + 1;
        while (true) {
            const auto left = dataset.length(order.documents[static_cast<std::size_t>(at.document)]) - at.offset;
            if (left >= needed) break;
            needed -= left;
            ++at.document;
            at.offset = 0;
        }
        at.offset += needed - 1;
        starts.push_back(at);
    }
    return starts;
}

/// Shuffles the first `before` items among themselves, and then the others; or all together.
template <class Item>
void shuffle_apart(std::span<Item> items, std::optional<std::int64_t> before, NumpyRandom& random) {
    const auto first = before ? static_cast<std::size_t>(*before) : items.size();
    random.shuffle(items.first(first));
    random.shuffle(items.subspan(first));
}

}  // namespace

Result<GptOrder> gpt_order(const IndexedDataset& dataset, const GptOrderOptions& options) {
    LOADSTAR_CHECK(check(dataset, options));
    GptOrder order{.tokens_per_epoch = tokens_of(dataset, options.sequences)};
    if (order.tokens_per_epoch <= options.sequence_length) {
        return unusable(
            dataset,
            fmt::format("a sample of {} tokens needs {} with its last label, and sequences {} to {} have {}",
                        options.sequence_length, options.sequence_length + 1, options.sequences.begin,
                        options.sequences.end, order.tokens_per_epoch),
            "take shorter samples, more data, or a larger share of the split");
    }
    order.epochs = epochs_for(options, order.tokens_per_epoch);
    const auto apart = samples_before_last_epoch(options, order);
    NumpyRandom random(options.seed);

    order.documents = repeated(options.sequences, order.epochs);
    const auto documents_before = apart ? std::optional(options.sequences.size() * (order.epochs - 1)) : std::nullopt;
    shuffle_apart(std::span(order.documents), documents_before, random);

    order.samples = sample_starts(dataset, order, options.sequence_length);

    order.shuffle.resize(order.samples.size() - 1);
    std::iota(order.shuffle.begin(), order.shuffle.end(), 0);
    shuffle_apart(std::span(order.shuffle), apart, random);
    return order;
}

GptSample make_gpt_sample(const std::vector<std::int64_t>& text, const GptSampleRules& rules) {
    GptSample sample{.tokens = {text.begin(), text.end() - 1},
                     .labels = {text.begin() + 1, text.end()},
                     .loss_mask = std::vector<float>(text.size() - 1, 1.0F),
                     .position_ids = std::vector<std::int64_t>(text.size() - 1),
                     .block_starts = {0}};
    std::int64_t position = 0;
    for (std::size_t i = 0; i < sample.tokens.size(); ++i) {
        const bool ends_document = sample.tokens[i] == rules.eod;
        sample.position_ids[i] = position++;
        if (ends_document && rules.reset_position_ids) position = 0;
        if (ends_document && rules.reset_attention_mask && i + 1 < sample.tokens.size())
            sample.block_starts.push_back(static_cast<std::int64_t>(i) + 1);
        if (ends_document && rules.eod_mask_loss) sample.loss_mask[i] = 0;
        if (sample.labels[i] == rules.pad) sample.loss_mask[i] = 0;
    }
    if (rules.pad) {  // as the reference does, so that any embedding can look them up
        std::ranges::replace(sample.tokens, *rules.pad, 0);
        std::ranges::replace(sample.labels, *rules.pad, 0);
    }
    return sample;
}

Result<GptDataset> GptDataset::build(std::shared_ptr<const IndexedDataset> data, const GptOrderOptions& options) {
    LOADSTAR_TRY(auto order, gpt_order(*data, options));
    return GptDataset(std::move(data), options.sequence_length, std::move(order));
}

GptDataset::GptDataset(std::shared_ptr<const IndexedDataset> data, std::int64_t sequence_length, GptOrder order)
    : data_(std::move(data)), sequence_length_(sequence_length), order_(std::move(order)) {}

GptSample GptDataset::sample(std::int64_t number, const GptSampleRules& rules) const {
    const auto place = order_.shuffle.at(static_cast<std::size_t>(number));
    auto at = order_.samples[static_cast<std::size_t>(place)];
    std::vector<std::int64_t> text(static_cast<std::size_t>(sequence_length_) + 1);
    for (std::size_t filled = 0; filled < text.size(); ++at.document, at.offset = 0) {
        const auto sequence = order_.documents[static_cast<std::size_t>(at.document)];
        const auto left = static_cast<std::size_t>(data_->length(sequence) - at.offset);
        const auto part = std::span(text).subspan(filled, std::min(left, text.size() - filled));
        data_->read(sequence, at.offset, part);
        filled += part.size();
    }
    return make_gpt_sample(text, rules);
}

}  // namespace loadstar::megatron
