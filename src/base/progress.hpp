#pragma once
#include <atomic>
#include <cstdint>
#include <string_view>

namespace loadstar {

/// Receives how far long work has come, and tells it to stop. Passed into every use case; never a global.
class Progress {
  public:
    virtual ~Progress() = default;

    /// Reports `done` of `total` units of `stage`; total 0 means unknown. Called often: implementations must be cheap.
    virtual void report(std::string_view stage, std::int64_t done, std::int64_t total) = 0;

    /// True when the work should stop at the next safe point and return Error{cancelled}.
    [[nodiscard]] bool cancelled() const { return cancelled_.load(std::memory_order_relaxed); }
    void cancel() { cancelled_.store(true, std::memory_order_relaxed); }

  private:
    std::atomic<bool> cancelled_{false};
};

/// Swallows reports; for tests and for short work.
class NoProgress final : public Progress {
  public:
    void report(std::string_view, std::int64_t, std::int64_t) override {}
};

}  // namespace loadstar
