#pragma once
#include <vector>

namespace loadstar::advise {

/// The value that a share `level` (0..1) of the values does not exceed; always one of them. The list is not empty.
double quantile(std::vector<double> values, double level);

}  // namespace loadstar::advise
