#pragma once
#include <chrono>
#include <fcntl.h>
#include <string>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace loadstar::bench {

using Words = std::vector<std::string>;

/// What a program took from its start to its end.
struct Cost {
    double seconds = 0;
    double peak_megabytes = 0;  ///< of resident memory
    int exit_code = 0;
};

/// Runs a program to its end, its output thrown away.
inline Cost run(Words words) {
    std::vector<char*> argv;
    for (auto& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    const auto begin = std::chrono::steady_clock::now();
    const auto child = fork();
    if (child == 0) {
        dup2(open("/dev/null", O_WRONLY), STDOUT_FILENO);
        execvp(argv[0], argv.data());
        _exit(127);
    }
    int status = 0;
    rusage usage{};
    wait4(child, &status, 0, &usage);
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begin;
    return {.seconds = taken.count(),
            .peak_megabytes = static_cast<double>(usage.ru_maxrss) / 1024,  // the system counts in KiB
            .exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128};
}

}  // namespace loadstar::bench
