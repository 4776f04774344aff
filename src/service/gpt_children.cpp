#include "service/gpt_children.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace loadstar::service {
namespace {

/// Does the work of a child and writes its error, if it has one, to `errors`.
[[noreturn]] void be_child(int number, const std::function<Result<void>(int)>& work, int errors) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    std::signal(SIGINT, SIG_IGN);
    std::signal(SIGTERM, SIG_IGN);
    const auto done = work(number);
    if (done) ::_exit(0);
    const auto& error = done.error();
    const auto text = nlohmann::json{
        {"code", static_cast<int>(error.code)},
        {"message", error.message},
        {"where", error.where},
        {"hint",
         error.hint}}.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    ::_exit(::write(errors, text.data(), text.size()) < 0 ? 2 : 1);
}

std::string all_of(int handle) {
    std::string text;
    std::array<char, 4096> bytes{};
    for (auto count = ::read(handle, bytes.data(), bytes.size()); count > 0 || (count < 0 && errno == EINTR);
         count = ::read(handle, bytes.data(), bytes.size()))
        if (count > 0) text.append(bytes.data(), static_cast<std::size_t>(count));
    return text;
}

/// What a child wrote; a process that was killed wrote nothing.
Error error_of(pid_t process, int status, const std::string& text) {
    const auto said = nlohmann::json::parse(text, nullptr, false);
    if (!said.is_object())
        return {.code = ErrorCode::internal,
                .message = WIFSIGNALED(status)
                               ? fmt::format("process {} of this run was ended by signal {}", process, WTERMSIG(status))
                               : fmt::format("process {} of this run ended with status {}", process, status)};
    return {.code = static_cast<ErrorCode>(said.at("code").get<int>()),
            .message = said.at("message"),
            .where = said.at("where"),
            .hint = said.at("hint")};
}

Error cannot_start() {
    return {.code = ErrorCode::internal,
            .message = fmt::format("cannot start a process: {}", std::generic_category().message(errno))};
}

}  // namespace

Result<GptChildren> GptChildren::start(int count, const std::function<Result<void>(int)>& work) {
    GptChildren all;
    for (int number = 0; number < count; ++number) {
        std::array<int, 2> ends{};
        if (::pipe2(ends.data(), O_CLOEXEC) != 0) return cannot_start();
        const auto process = ::fork();
        if (process == 0) be_child(number, work, ends[1]);
        ::close(ends[1]);
        if (process < 0) {
            ::close(ends[0]);
            return cannot_start();
        }
        all.children_.push_back({.process = process, .errors = ends[0]});
    }
    return all;
}

std::optional<Error> GptChildren::wait() {
    std::optional<Error> first;
    for (const auto& child : children_) {
        const auto text = all_of(child.errors);
        int status = 0;
        while (::waitpid(child.process, &status, 0) < 0 && errno == EINTR) {
        }
        ::close(child.errors);
        // Others fail because one did: its reason is told before theirs.
        if (status != 0 && (!first || first->code == ErrorCode::internal))
            first = error_of(child.process, status, text);
    }
    children_.clear();
    return first;
}

GptChildren::~GptChildren() {
    for (const auto& child : children_) ::kill(child.process, SIGKILL);
    wait();
}

}  // namespace loadstar::service
