#pragma once
#include <filesystem>
#include <memory>

#include "base/result.hpp"
#include "corpus/panel.hpp"

namespace loadstar::corpus {

/// Measured series in one safetensors file.
///
/// Each tensor is f32 [variates, points], its name "dataset/series"; NaN = missing. The metadata may say more of a
/// tensor under its name: {"roles": ["target", "past", "ahead", ...], "step_minutes": 60}; without it all are targets.
class RealSeries {
  public:
    /// Errors: those of megatron::SafetensorsFile::open; invalid_input (no tensors, another type or shape, no target,
    /// metadata that cannot be read; names the tensor).
    static Result<RealSeries> open(const std::filesystem::path& file);
    RealSeries(RealSeries&&) noexcept;
    RealSeries& operator=(RealSeries&&) noexcept;
    ~RealSeries();

    [[nodiscard]] int series() const;
    /// Fills an empty panel with a stretch of one tensor, longer ones more often, or with a mixture of up to three for
    /// a panel of one row. Gives the step of the points, minutes.
    int fill(Random& random, Panel& panel) const;

  private:
    struct Store;
    explicit RealSeries(std::unique_ptr<const Store> store);
    std::unique_ptr<const Store> store_;
};

}  // namespace loadstar::corpus
