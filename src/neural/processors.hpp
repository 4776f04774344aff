#pragma once
#include <cstdint>
#include <functional>

namespace loadstar::neural {

/// Calls work(0) .. work(count - 1), each once, on so many threads at a time; each computes on one processor. One piece
/// of work alone is done by the caller, with as many threads as LibTorch takes. What work throws is thrown on.
/// Threads that share one operation wait for each other at its end, which takes long on a busy machine.
/// @param threads  1 or more
void on_processors(int threads, std::int64_t count, const std::function<void(std::int64_t)>& work);

/// Threads that the machine runs at a time.
int processors();

}  // namespace loadstar::neural
