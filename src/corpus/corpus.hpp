#pragma once
// The stream of windows on which a forecasting network is pre-trained: made ones of many kinds, mixed with real ones.

#include <cstdint>
#include <filesystem>
#include <memory>

#include "base/result.hpp"
#include "corpus/window.hpp"

namespace loadstar::corpus {

/// What a corpus is made of.
struct CorpusOptions {
    std::uint64_t seed = 1;
    std::filesystem::path real_series{};  ///< file of measured series (corpus/real_series.hpp); empty: made ones only
    double real_share = 0.25;             ///< of all windows, when there are measured series
};

/// Gives any window by its number, in any order and from any thread: the same seed, number and shape always give the
/// same values.
class Corpus {
  public:
    /// Errors: those of RealSeries::open.
    static Result<Corpus> open(const CorpusOptions& options);
    [[nodiscard]] Window window(std::uint64_t number, const WindowShape& shape) const;

    Corpus(Corpus&&) noexcept;
    Corpus& operator=(Corpus&&) noexcept;
    ~Corpus();

  private:
    struct Parts;
    explicit Corpus(std::unique_ptr<const Parts> parts);
    std::unique_ptr<const Parts> parts_;
};

}  // namespace loadstar::corpus
