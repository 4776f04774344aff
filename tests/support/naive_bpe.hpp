#pragma once
// Byte pair encoding as the paper tells it, pair by pair over strings: slow, and easy to believe.

#include <map>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "megatron/bpe_tokenizer.hpp"
#include "megatron/byte_symbols.hpp"
#include "support/temporary_folder.hpp"

namespace loadstar::test_support {

class NaiveBpe {
  public:
    using Pair = std::pair<std::string, std::string>;

    /// A vocabulary of the 256 bytes, what the merges make, and <|endoftext|>.
    explicit NaiveBpe(const std::vector<Pair>& merges) {
        for (unsigned byte = 0; byte < 256; ++byte) add(megatron::symbol_of(static_cast<unsigned char>(byte)));
        for (const auto& [left, right] : merges) {
            ranks_[{left, right}] = static_cast<int>(lines_.size());
            lines_ += left + " " + right + "\n";
            add(left + right);
        }
        add("<|endoftext|>");
    }
    /// The published vocabulary.
    NaiveBpe(const nlohmann::json& vocabulary, const std::vector<Pair>& merges) {
        for (const auto& [token, id] : vocabulary.items()) ids_[token] = id.get<megatron::TokenId>();
        for (std::size_t i = 0; i < merges.size(); ++i) ranks_[merges[i]] = static_cast<int>(i);
    }

    [[nodiscard]] megatron::TokenId id(const std::string& symbols) const { return ids_.at(symbols); }
    [[nodiscard]] std::string vocabulary() const { return nlohmann::json(ids_).dump(); }
    [[nodiscard]] megatron::BpeTokenizer open(const TemporaryFolder& folder) const {
        return megatron::BpeTokenizer::open(folder.write("naive_vocab.json", vocabulary()),
                                            folder.write("naive_merges.txt", "#version: 0.2\n" + lines_))
            .value();
    }

    /// Finds the pair of lowest rank, joins it everywhere from left to right, and starts again.
    [[nodiscard]] std::vector<megatron::TokenId> encode_word(const std::string& word) const {
        std::vector<std::string> parts;
        for (const char byte : word) parts.push_back(megatron::symbol_of(static_cast<unsigned char>(byte)));
        while (const auto* best = lowest(parts)) {
            std::vector<std::string> joined;
            for (std::size_t i = 0; i < parts.size(); ++i) {
                const bool here = i + 1 < parts.size() && parts[i] == best->first && parts[i + 1] == best->second;
                joined.push_back(here ? parts[i] + parts[i + 1] : parts[i]);
                if (here) ++i;
            }
            parts = std::move(joined);
        }
        std::vector<megatron::TokenId> ids;
        for (const auto& part : parts) ids.push_back(id(part));
        return ids;
    }

  private:
    void add(const std::string& symbols) { ids_.try_emplace(symbols, static_cast<megatron::TokenId>(ids_.size())); }
    [[nodiscard]] const Pair* lowest(const std::vector<std::string>& parts) const {
        const std::pair<const Pair, int>* best = nullptr;
        for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
            const auto found = ranks_.find({parts[i], parts[i + 1]});
            if (found != ranks_.end() && (best == nullptr || found->second < best->second)) best = &*found;
        }
        return best == nullptr ? nullptr : &best->first;
    }

    std::map<std::string, megatron::TokenId> ids_;
    std::map<Pair, int> ranks_;
    std::string lines_;
};

}  // namespace loadstar::test_support
