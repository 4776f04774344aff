#include "service/side_by_side.hpp"

#include <algorithm>
#include <atomic>
#include <future>
#include <mutex>
#include <thread>
#include <vector>

namespace loadstar::service {
namespace {

/// Passes the reports of several threads on, one at a time.
class SharedProgress final : public Progress {
  public:
    explicit SharedProgress(Progress& progress) : progress_(progress) {
        if (progress.cancelled()) cancel();
    }
    void report(std::string_view stage, std::int64_t done, std::int64_t total) override {
        const std::lock_guard lock(mutex_);
        progress_.report(stage, done, total);
        if (progress_.cancelled()) cancel();
    }

  private:
    Progress& progress_;
    std::mutex mutex_;
};

}  // namespace

Result<void> side_by_side(std::size_t count, const Job& job, Progress& progress) {
    SharedProgress shared(progress);
    std::vector<Result<void>> results(count);
    std::atomic<std::size_t> next{0};
    const auto work = [&] {
        for (auto at = next++; at < count; at = next++) results[at] = job(at, shared);
    };
    std::vector<std::future<void>> workers;
    const std::size_t processors = std::max(1U, std::thread::hardware_concurrency());
    for (auto worker = std::min(processors, count); worker > 0; --worker)
        workers.push_back(std::async(std::launch::async, work));
    for (auto& worker : workers) worker.get();
    for (const auto& result : results) LOADSTAR_CHECK(result);
    return {};
}

}  // namespace loadstar::service
