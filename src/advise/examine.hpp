#pragma once
// Runs every topic of advice over the evidence.

#include "advise/evidence.hpp"
#include "base/progress.hpp"

namespace loadstar::advise {

/// All findings, in the order of the topics.
struct Examination {
    std::vector<Finding> findings;
    std::optional<Together> together{};  ///< absent without a contract and with less than two pieces of advice

    /// Every piece of advice, the largest saving first; advice that no contract prices follows, by energy.
    [[nodiscard]] std::vector<const Advice*> ranked() const;
};

/// Errors: those of billing and planning; cancelled.
Result<Examination> examine(const Evidence& evidence, Progress& progress);

}  // namespace loadstar::advise
