#include "neural/processors.hpp"

#include <ATen/Parallel.h>
#include <algorithm>
#include <atomic>
#include <future>
#include <thread>
#include <vector>

namespace loadstar::neural {

void on_processors(int threads, std::int64_t count, const std::function<void(std::int64_t)>& work) {
    if (count == 1) return work(0);
    const int usual = at::get_num_threads();
    std::atomic<std::int64_t> next = 0;
    std::vector<std::future<void>> workers;
    for (std::int64_t worker = 0; worker < std::min<std::int64_t>(threads, count); ++worker)
        workers.push_back(std::async(std::launch::async, [&] {
            at::set_num_threads(1);
            for (auto at = next++; at < count; at = next++) work(at);
        }));
    for (const auto& worker : workers) worker.wait();
    at::set_num_threads(usual);  // which threads that begin later take from the last one that was set
    for (auto& worker : workers) worker.get();
}

int processors() { return static_cast<int>(std::max(1U, std::thread::hardware_concurrency())); }

}  // namespace loadstar::neural
