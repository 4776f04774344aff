#pragma once
// Prints the figures of methods beside those that others published.

#include <map>
#include <string>
#include <vector>

#include "support/gift_eval.hpp"

namespace loadstar::gift_eval {

/// Prints a row for each method as it comes, and the means over all configurations at the end.
class Report {
  public:
    Report(Part part, Published published) : part_(part), published_(std::move(published)) {}

    static void print_head();
    /// Prints the row. The baseline of a configuration has to come first.
    void add(const std::string& config, const std::string& method, const Score& score, double cpu_seconds);
    /// Prints means over the configurations, beside those of published methods on the same ones.
    void print_means() const;
    /// Holds the baseline's figures to the published ones, and prints both.
    /// @return whether all agree; true when none can be compared
    [[nodiscard]] bool baseline_agrees() const;

  private:
    void print_published() const;

    Part part_;
    Published published_;
    std::vector<std::string> methods_;                            ///< in the order in which they came
    std::vector<std::string> configs_;                            ///< the same
    std::map<std::string, std::map<std::string, Score>> scores_;  ///< [method][configuration]
};

}  // namespace loadstar::gift_eval
