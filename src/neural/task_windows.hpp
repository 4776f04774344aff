#pragma once
#include <vector>

#include "neural/forecast_network.hpp"
#include "neural/patch_batch.hpp"

namespace loadstar::neural {

/// The size of a task in patches: tasks of one size fit into one batch.
struct TaskSize {
    int variates = 1;
    int context = 0;
    int horizon = 0;
    auto operator<=>(const TaskSize&) const = default;
};

/// @param longest_context  points; earlier ones are left out
TaskSize size_of(const NetworkTask& task, int patch, int longest_context);

/// Errors: invalid_argument (a task without context, a horizon below 1, a covariate of another length, too many).
Result<void> check(const NetworkTask& task);

/// A task as a window whose last patch ends at or after its horizon. What is not known, or lies before the first
/// reading, is missing.
corpus::Window window_of(const NetworkTask& task, const TaskSize& size, int patch);

/// All patches of the horizon but the first are hidden, which is the last one's expectation. [token]
std::vector<char> hidden_horizon(const TaskSize& size);

}  // namespace loadstar::neural
