#pragma once
#include <string>
#include <vector>

#include "gpt/training_log.hpp"

namespace loadstar::gpt {

/// A picture (SVG) of the loss over the iterations: training as a line, validation as marked points. Losses that are
/// missing leave a gap.
std::string loss_curve(const std::vector<TrainingRecord>& records);

}  // namespace loadstar::gpt
