#pragma once
// Blocks: how readings lie on disk. One block holds the readings of one series in one span of time.

#include <memory>
#include <string>
#include <vector>

#include "historian/database.hpp"
#include "series/reading.hpp"

namespace loadstar::historian {

/// Which readings a block holds: those of a series with start <= at < start + span.
struct BlockKey {
    std::int64_t series = 0;  ///< row of the series table
    Instant start;
    auto operator<=>(const BlockKey&) const = default;
};

/// The span of the blocks of a series with this step: long enough for about a thousand readings, which compress well,
/// and short enough that a late reading does not rewrite much. Spans divide or are whole UTC days.
Duration span_for(Duration step);
/// Says of a block that decode() refused where it lies and what to do.
Error damaged_block(const std::string& series, Instant start, const Error& problem);
/// Start of the span that holds the instant.
Instant span_start(Instant at, Duration span);

/// Compresses and restores blocks exactly, bit by bit. Columns of stamps (delta of deltas), values (decimal integers
/// where that is exact, else XOR with the one before), runs of revisions and remarks; then Zstandard with its checksum.
/// The key is part of what the checksum covers, so a block in the wrong place is found too. Not for concurrent use.
class BlockCoder {
  public:
    BlockCoder();
    ~BlockCoder();
    BlockCoder(BlockCoder&&) noexcept;
    BlockCoder& operator=(BlockCoder&&) noexcept;

    /// @param readings  sorted by instant, unique, inside the span, values finite
    /// @return          valid until the next call
    Bytes encode(const BlockKey& key, const std::vector<Reading>& readings);
    /// Errors: io_error (damaged: says what does not fit), unsupported_version.
    Result<std::vector<Reading>> decode(const BlockKey& key, Bytes block);

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace loadstar::historian
