#pragma once
#include <ATen/core/Tensor.h>
#include <span>
#include <vector>

#include "corpus/window.hpp"

namespace loadstar::neural {

/// The vocabulary of the body: what a token stands for. Two are spare.
enum class Kind : int { target, past, ahead, hidden_target, hidden_past };
inline constexpr int kinds = 8;

/// A window and which of its patches the network may not see.
struct MaskedWindow {
    const corpus::Window* window = nullptr;
    /// [patch] 1: hidden in all series that are not known ahead. The first patch is never hidden.
    std::vector<char> hidden{};
};

/// Windows of one shape as tokens. A window of n + 1 patches gives n tokens; token i stands for patch i and says what
/// it expects of patch i + 1. A series that is known ahead runs one patch ahead: its token i holds patch i + 1, which
/// is what the targets beside it are asked for.
///
/// Values are scaled by mean and standard deviation of what was seen up to their own patch, then asinh; series known
/// ahead by those of all their points. The first series also sees what like days showed at the points it is asked for,
/// as far as they lie in patches that are seen. What a token looks at hence never depends on later patches of its
/// series. Source: causal patch scaling, Toto (arXiv 2407.07874), sec. 3; asinh: Chronos-2.
struct PatchBatch {
    at::Tensor inputs;   ///< f32 [b, v, n, 5P]: scaled values (0 where missing), 1 where seen, time index; then of
                         ///< patch i + 1 what like days showed (0 where unknown), 1 where that is known
    at::Tensor kinds;    ///< i64 [b, v, n]
    at::Tensor targets;  ///< f32 [b, v, n, P]: patch i + 1 in the scale of token i, asinh
    at::Tensor weights;  ///< f32 [b, v, n, P]: 1 where there is a value to be predicted
    at::Tensor mean;     ///< f64 [b, v, n]
    at::Tensor scale;    ///< f64 [b, v, n], above 0
};

/// Numbers of an input for each point of a patch.
inline constexpr int point_channels = 5;

/// @param windows  of one shape; points a multiple of `patch`, two patches or more
PatchBatch make_batch(std::span<const MaskedWindow> windows, int patch);

/// Values of which the scale was still unknown are no targets: that many have to be seen first.
inline constexpr int fewest_seen = 4;
/// Scaled targets beyond it count as it: about 11,000 standard deviations.
inline constexpr float largest_target = 10;

}  // namespace loadstar::neural
