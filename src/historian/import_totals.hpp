#pragma once
#include <cstdint>

namespace loadstar::historian {

/// What became of the readings of an import. Each reading is counted exactly once.
struct ImportTotals {
    std::int64_t added = 0;        ///< the first reading of its instant
    std::int64_t duplicate = 0;    ///< says what is stored already
    std::int64_t corrected = 0;    ///< replaced a reading of a lower revision
    std::int64_t superseded = 0;   ///< a reading of a higher revision is stored already
    std::int64_t conflicting = 0;  ///< same revision, another value: the instant counts as missing from now on

    [[nodiscard]] std::int64_t all() const { return added + duplicate + corrected + superseded + conflicting; }
    ImportTotals& operator+=(const ImportTotals& other) {
        added += other.added;
        duplicate += other.duplicate;
        corrected += other.corrected;
        superseded += other.superseded;
        conflicting += other.conflicting;
        return *this;
    }
    bool operator==(const ImportTotals&) const = default;
};

}  // namespace loadstar::historian
