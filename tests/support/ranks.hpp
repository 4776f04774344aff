#pragma once
#include <cstdio>
#include <exception>
#include <functional>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace loadstar::test_support {

/// Runs `body(rank)` in `size` processes at the same time; true when every one of them returned true. To be called
/// before this process has started threads, which a child does not get.
inline bool in_processes(int size, const std::function<bool(int)>& body) {
    std::vector<pid_t> children;
    for (int rank = 0; rank < size; ++rank) {
        const auto child = fork();
        if (child == 0) {
            try {
                _exit(body(rank) ? 0 : 1);
            } catch (const std::exception& problem) {
                std::fprintf(stderr, "process %d: %s\n", rank, problem.what());
                _exit(2);
            }
        }
        children.push_back(child);
    }
    bool all = true;
    for (const auto child : children) {
        int status = 0;
        all = waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0 && all;
    }
    return all;
}

}  // namespace loadstar::test_support
