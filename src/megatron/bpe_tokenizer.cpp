#include "megatron/bpe_tokenizer.hpp"

#include <algorithm>
#include <queue>
#include <tuple>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "megatron/byte_symbols.hpp"
#include "megatron/json_text.hpp"
#include "megatron/mapped_file.hpp"
#include "megatron/pre_tokens.hpp"

namespace loadstar::megatron {
namespace {

constexpr std::size_t remembered_words = 1 << 16;
constexpr std::size_t longest_remembered_word = 64;
constexpr std::size_t memory_per_byte = 32;  // of the vocabulary: even "a":0 becomes several objects

/// What is wrong with a token or a line. Thrown and caught within this file.
struct TextProblem {
    std::string place;
    std::string message;
};

std::string_view text_of(const MappedFile& file) {
    return {reinterpret_cast<const char*>(file.bytes().data()), file.bytes().size()};
}

std::uint64_t pair_key(TokenId left, TokenId right) {
    return (static_cast<std::uint64_t>(left) << 32) | static_cast<std::uint32_t>(right);
}

/// The tokens of a word while they are joined: a list within arrays, so that joining costs the same anywhere.
struct Chain {
    explicit Chain(std::vector<TokenId> bytes) : ids(std::move(bytes)), next(ids.size()), previous(ids.size()) {
        for (std::size_t i = 0; i < ids.size(); ++i) {
            next[i] = static_cast<std::int64_t>(i) + 1;
            previous[i] = static_cast<std::int64_t>(i) - 1;
        }
    }
    [[nodiscard]] std::int64_t size() const { return static_cast<std::int64_t>(ids.size()); }
    [[nodiscard]] TokenId id(std::int64_t at) const { return ids[static_cast<std::size_t>(at)]; }
    [[nodiscard]] std::int64_t after(std::int64_t at) const { return next[static_cast<std::size_t>(at)]; }
    [[nodiscard]] std::int64_t before(std::int64_t at) const { return previous[static_cast<std::size_t>(at)]; }
    /// Puts `joined` in the place of a token and its right neighbour.
    void join(std::int64_t at, TokenId joined) {
        const auto right = after(at);
        ids[static_cast<std::size_t>(at)] = joined;
        ids[static_cast<std::size_t>(right)] = -1;
        next[static_cast<std::size_t>(at)] = after(right);
        if (after(right) < size()) previous[static_cast<std::size_t>(after(right))] = at;
    }

    std::vector<TokenId> ids;  ///< -1 where a token became part of its left neighbour
    std::vector<std::int64_t> next, previous;
};

/// A pair that may be joined, as it was when it was found.
struct Candidate {
    std::int32_t rank;
    std::int64_t at;
    TokenId left, right, joined;
    /// The queue gives the smallest rank first, and of equals the leftmost.
    bool operator<(const Candidate& other) const { return std::tie(rank, at) > std::tie(other.rank, other.at); }
};

}  // namespace

Result<BpeTokenizer> BpeTokenizer::open(const std::filesystem::path& vocabulary, const std::filesystem::path& merges) {
    LOADSTAR_TRY(const auto vocabulary_file, MappedFile::open(vocabulary));
    LOADSTAR_TRY(const auto merges_file, MappedFile::open(merges));
    BpeTokenizer tokenizer;
    const auto refused = [](const std::filesystem::path& file, const TextProblem& problem) {
        return Error{.code = ErrorCode::invalid_input,
                     .message = problem.message,
                     .where = fmt::format("{}:{}", file.string(), problem.place)};
    };
    try {
        tokenizer.read_vocabulary(text_of(vocabulary_file));
    } catch (const TextProblem& problem) {
        return refused(vocabulary, problem);
    } catch (const FormatProblem& problem) {
        return problem.error(vocabulary);
    }
    try {
        tokenizer.read_merges(text_of(merges_file));
    } catch (const TextProblem& problem) {
        return refused(merges, problem);
    }
    return tokenizer;
}

void BpeTokenizer::read_vocabulary(std::string_view text) {
    auto budget = MemoryBudget::of_file(memory_per_byte * text.size());
    const auto json = parse_object(text, 0, /*deepest=*/1, budget);
    texts_.resize(json.size());
    std::vector<bool> taken(json.size());
    for (const auto& [symbols, id] : json.items()) {
        const auto number = id.is_number_unsigned() ? id.get<std::uint64_t>() : json.size();
        if (number >= json.size() || taken[number]) {
            throw TextProblem{fmt::format("\"{}\"", symbols),
                              fmt::format("expected an id from 0 to {} that no other token has, found {}",
                                          json.size() - 1, id.dump())};
        }
        taken[number] = true;
        ids_.emplace(symbols, static_cast<TokenId>(number));
        // A special token may hold characters that stand for no byte: it means itself.
        texts_[number] = bytes_of_symbols(symbols).value_or(symbols);
    }
    for (unsigned byte = 0; byte < 256; ++byte) byte_ids_.push_back(id_of(symbol_of(static_cast<unsigned char>(byte))));
    if (const auto found = ids_.find("<|endoftext|>"); found != ids_.end()) end_of_document_ = found->second;
}

void BpeTokenizer::read_merges(std::string_view text) {
    std::int32_t rank = 0;
    for (int number = 1; !text.empty(); ++number) {
        const auto end = std::min(text.find('\n'), text.size());
        auto line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (line.ends_with('\r')) line.remove_suffix(1);
        if (line.empty() || (number == 1 && line.starts_with("#version"))) continue;
        try {
            add_merge(line, rank++);
        } catch (const TextProblem& problem) {
            throw TextProblem{std::to_string(number), problem.message};
        }
    }
}

void BpeTokenizer::add_merge(std::string_view line, std::int32_t rank) {
    const auto space = line.find(' ');
    if (space == std::string_view::npos || line.find(' ', space + 1) != std::string_view::npos)
        throw TextProblem{"", fmt::format("expected two tokens with a space between them, found \"{}\"", line)};
    const auto left = line.substr(0, space);
    const auto right = line.substr(space + 1);
    const Merge merge{.rank = rank, .joined = id_of(std::string(left) + std::string(right))};
    merges_.insert_or_assign(pair_key(id_of(left), id_of(right)), merge);  // of two equal lines the last counts
}

TokenId BpeTokenizer::id_of(std::string_view symbols) const {
    const auto found = ids_.find(symbols);
    if (found == ids_.end())
        throw TextProblem{"1", fmt::format("expected a token of the vocabulary, and it has no \"{}\"", symbols)};
    return found->second;
}

const BpeTokenizer::Merge* BpeTokenizer::merge_of(TokenId left, TokenId right) const {
    const auto found = merges_.find(pair_key(left, right));
    return found == merges_.end() ? nullptr : &found->second;
}

std::vector<TokenId> BpeTokenizer::encode_word(std::string_view word) const {
    std::vector<TokenId> bytes;
    for (const char byte : word) bytes.push_back(byte_ids_[static_cast<unsigned char>(byte)]);
    Chain chain(std::move(bytes));
    std::priority_queue<Candidate> candidates;
    const auto consider = [&](std::int64_t at) {
        if (at < 0 || chain.after(at) >= chain.size()) return;
        const auto left = chain.id(at), right = chain.id(chain.after(at));
        if (const auto* merge = merge_of(left, right))
            candidates.push({.rank = merge->rank, .at = at, .left = left, .right = right, .joined = merge->joined});
    };
    for (std::int64_t i = 0; i + 1 < chain.size(); ++i) consider(i);
    std::vector<Candidate> pass;  // all places of one pair, joined before any pair that this makes is looked at
    while (!candidates.empty()) {
        pass.clear();
        for (const auto rank = candidates.top().rank; !candidates.empty() && candidates.top().rank == rank;
             candidates.pop())
            pass.push_back(candidates.top());
        for (const auto& [rank, at, left, right, joined] : pass) {
            if (chain.id(at) != left || chain.after(at) >= chain.size() || chain.id(chain.after(at)) != right) continue;
            chain.join(at, joined);
            consider(chain.before(at));
            consider(at);
        }
    }
    std::erase(chain.ids, -1);
    return chain.ids;
}

void BpeTokenizer::append_word(std::string_view word, std::vector<TokenId>& to) const {
    if (const auto known = known_words_.find(word); known != known_words_.end()) {
        to.insert(to.end(), known->second.begin(), known->second.end());
        return;
    }
    auto tokens = encode_word(word);
    to.insert(to.end(), tokens.begin(), tokens.end());
    if (known_words_.size() >= remembered_words) known_words_.clear();
    if (word.size() <= longest_remembered_word) known_words_.emplace(word, std::move(tokens));
}

std::vector<TokenId> BpeTokenizer::encode(std::string_view text) const {
    std::vector<TokenId> tokens;
    PreTokens words(text);
    for (auto word = words.next(); !word.empty(); word = words.next()) append_word(word, tokens);
    return tokens;
}

Result<std::string> BpeTokenizer::decode(std::span<const TokenId> tokens) const {
    std::string text;
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        if (tokens[i] < 0 || tokens[i] >= vocabulary_size()) {
            return Error{
                .code = ErrorCode::out_of_range,
                .message = fmt::format("expected a token from 0 to {}, found {}", vocabulary_size() - 1, tokens[i]),
                .where = fmt::format("token {}", i)};
        }
        text += texts_[static_cast<std::size_t>(tokens[i])];
    }
    return text;
}

}  // namespace loadstar::megatron
