#pragma once
#include <array>
#include <cstdint>
#include <unordered_map>

#include "base/instant.hpp"

namespace loadstar::ingest {

/// Remembers which steps of time a logger has told already, one bit each. Internal to layer ingest.
class SeenInstants {
  public:
    /// Marks an instant. @return whether it was marked before; false for instants between the steps, such as events
    bool mark(Instant at, Duration step) {
        const auto since = at.time_since_epoch();
        if (since % step != Duration(0)) return false;
        const auto index = static_cast<std::uint64_t>(since / step + offset);
        if (index / slots_per_block != block_ || words_ == nullptr) {
            block_ = index / slots_per_block;
            words_ = &blocks_[block_];
        }
        auto& word = (*words_)[index % slots_per_block / 64];
        const auto bit = std::uint64_t{1} << (index % 64);
        const bool seen = (word & bit) != 0;
        word |= bit;
        return seen;
    }

  private:
    static constexpr std::uint64_t slots_per_block = 1024;
    static constexpr std::int64_t offset = std::int64_t{1} << 52U;  // keeps years before 1970 positive
    using Words = std::array<std::uint64_t, slots_per_block / 64>;
    std::unordered_map<std::uint64_t, Words> blocks_;  // its values never move
    std::uint64_t block_ = 0;
    Words* words_ = nullptr;
};

}  // namespace loadstar::ingest
