#include "cli/terminal_progress.hpp"

#include <algorithm>
#include <atomic>
#include <csignal>
#include <cstdio>
#include <unistd.h>

#include <fmt/format.h>

namespace loadstar::cli {
namespace {

std::atomic<Progress*> interrupted_work{nullptr};

extern "C" void on_interrupt(int /*signal*/) {
    if (auto* progress = interrupted_work.exchange(nullptr)) {
        progress->cancel();
    } else {
        std::_Exit(130);
    }
}

}  // namespace

TerminalProgress::TerminalProgress() : on_terminal_(isatty(STDERR_FILENO) == 1) {}

TerminalProgress::~TerminalProgress() {
    interrupted_work = nullptr;
    clear();
}

void TerminalProgress::report(std::string_view stage, std::int64_t done, std::int64_t total) {
    if (!on_terminal_) return;
    const auto now = std::chrono::steady_clock::now();
    if (stage == stage_ && done != total && now - last_ < std::chrono::milliseconds(100)) return;
    last_ = now;
    stage_ = stage;
    constexpr int width = 30;
    if (total > 0) {
        const auto filled =
            static_cast<int>(width * std::clamp(static_cast<double>(done) / static_cast<double>(total), 0.0, 1.0));
        fmt::print(stderr, "\r\033[K{} [{}{}] {:3.0f} %", stage, std::string(static_cast<std::size_t>(filled), '#'),
                   std::string(static_cast<std::size_t>(width - filled), '.'),
                   100.0 * static_cast<double>(done) / static_cast<double>(total));
    } else {
        fmt::print(stderr, "\r\033[K{} {}", stage, done);
    }
    std::fflush(stderr);
    shown_ = true;
}

void TerminalProgress::clear() {
    if (shown_) {
        fmt::print(stderr, "\r\033[K");
        std::fflush(stderr);
    }
    shown_ = false;
}

void cancel_on_interrupt(Progress& progress) {
    interrupted_work = &progress;
    std::signal(SIGINT, on_interrupt);
    std::signal(SIGTERM, on_interrupt);
}

}  // namespace loadstar::cli
