#pragma once
#include <chrono>
#include <string>

#include "base/progress.hpp"

namespace loadstar::cli {

/// A progress bar on standard error, drawn only on a terminal and at most ten times a second.
class TerminalProgress final : public Progress {
  public:
    TerminalProgress();
    ~TerminalProgress() override;
    TerminalProgress(const TerminalProgress&) = delete;
    TerminalProgress& operator=(const TerminalProgress&) = delete;

    void report(std::string_view stage, std::int64_t done, std::int64_t total) override;
    /// Removes the bar, so that results can be printed.
    void clear();

  private:
    bool shown_ = false;
    const bool on_terminal_;
    std::string stage_;
    std::chrono::steady_clock::time_point last_{};
};

/// Cancels `progress` on Ctrl-C; a second Ctrl-C ends the program at once.
void cancel_on_interrupt(Progress& progress);

}  // namespace loadstar::cli
