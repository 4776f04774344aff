#pragma once

#include <cerrno>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>
#include <vector>

#include "support/paths.hpp"
#include "support/temporary_folder.hpp"

namespace loadstar {

/// What a finished program left behind.
struct ProgramResult {
    int exit_code = 0;  ///< as a shell shows it: 128 + signal when a signal ended the program
    std::string output;
    std::string errors;
};

namespace program_detail {

inline void redirect(const std::filesystem::path& file, int stream) {
    const int opened = open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (opened < 0 || dup2(opened, stream) < 0) {
        _exit(126);
    }
}

inline std::string content_of(const std::filesystem::path& file) {
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

}  // namespace program_detail

/// Runs a program without a shell and waits for it; standard input is empty.
inline ProgramResult run_program(const std::filesystem::path& program, std::vector<std::string> arguments) {
    const TemporaryFolder folder;
    const auto output = folder.path() / "output";
    const auto errors = folder.path() / "errors";
    arguments.insert(arguments.begin(), program.string());
    std::vector<char*> argv;
    for (auto& argument : arguments) {
        argv.push_back(argument.data());
    }
    argv.push_back(nullptr);

    const auto child = fork();
    if (child < 0) {
        throw std::system_error(errno, std::generic_category(), "cannot fork");
    }
    if (child == 0) {
        if (const int nothing = open("/dev/null", O_RDONLY); nothing >= 0) {
            dup2(nothing, STDIN_FILENO);
        }
        program_detail::redirect(output, STDOUT_FILENO);
        program_detail::redirect(errors, STDERR_FILENO);
        execv(argv[0], argv.data());
        _exit(127);
    }
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    return {.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status),
            .output = program_detail::content_of(output),
            .errors = program_detail::content_of(errors)};
}

/// Runs the built program: `run_loadstar({"check", folder.string()})`.
inline ProgramResult run_loadstar(std::vector<std::string> arguments) {
    return run_program(test_support::program_path(), std::move(arguments));
}

}  // namespace loadstar
