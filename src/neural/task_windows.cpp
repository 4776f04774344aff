#include "neural/task_windows.hpp"

#include <algorithm>
#include <limits>

#include <fmt/format.h>

namespace loadstar::neural {
namespace {

int patches(std::size_t points, int patch) { return (static_cast<int>(points) + patch - 1) / patch; }

/// Puts values so that what belongs to the issue time ends at point `issue` of the row.
/// @param past  how many of the values lie before the issue
void put(const std::vector<float>& values, std::size_t past, int issue, float* row, int points) {
    const int begin = issue - static_cast<int>(past);
    for (int at = 0; at < static_cast<int>(values.size()); ++at)
        if (begin + at >= 0 && begin + at < points) row[begin + at] = values[static_cast<std::size_t>(at)];
}

Error refused(std::string message) { return {.code = ErrorCode::invalid_argument, .message = std::move(message)}; }

}  // namespace

TaskSize size_of(const NetworkTask& task, int patch, int longest_context) {
    return {.variates = 1 + static_cast<int>(task.beside.size()),
            .context = std::min(patches(task.context.size(), patch), longest_context / patch),
            .horizon = patches(static_cast<std::size_t>(task.horizon), patch)};
}

Result<void> check(const NetworkTask& task) {
    if (task.context.empty()) return refused("a forecast needs a context, found none");
    if (task.horizon < 1) return refused(fmt::format("expected a horizon of 1 point or more, found {}", task.horizon));
    if (task.beside.size() > longest_beside)
        return refused(
            fmt::format("at most {} series stand beside a target, found {}", longest_beside, task.beside.size()));
    for (const auto& beside : task.beside) {
        const bool ahead = beside.role == corpus::Role::ahead;
        const auto expected = task.context.size() + (ahead ? static_cast<std::size_t>(task.horizon) : 0);
        if (beside.values.size() != expected)
            return refused(fmt::format("a series known {} has {} points, expected {}",
                                       ahead ? "ahead" : "up to the issue", beside.values.size(), expected));
    }
    return {};
}

corpus::Window window_of(const NetworkTask& task, const TaskSize& size, int patch) {
    corpus::Window window{.shape = {.variates = size.variates, .points = (size.context + size.horizon) * patch},
                          .roles = {corpus::Role::target},
                          .values = {}};
    window.values.assign(static_cast<std::size_t>(size.variates) * static_cast<std::size_t>(window.shape.points),
                         std::numeric_limits<float>::quiet_NaN());
    const int issue = size.context * patch;
    window.like = task.like.from(static_cast<int>(task.context.size()) - issue);
    put(task.context, task.context.size(), issue, window.row(0), window.shape.points);
    for (int at = 0; at < size.variates - 1; ++at) {
        const auto& beside = task.beside[static_cast<std::size_t>(at)];
        window.roles.push_back(beside.role);
        put(beside.values, task.context.size(), issue, window.row(at + 1), window.shape.points);
    }
    return window;
}

std::vector<char> hidden_horizon(const TaskSize& size) {
    std::vector<char> hidden(static_cast<std::size_t>(size.context + size.horizon - 1), 1);
    std::fill_n(hidden.begin(), size.context, 0);
    return hidden;
}

}  // namespace loadstar::neural
