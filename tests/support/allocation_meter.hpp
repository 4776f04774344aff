#pragma once
// Replaces the allocation functions of a test program to watch them: include it in one source of a program only.

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <new>

namespace loadstar::test_support {

/// Bytes of the largest allocation of this thread since the meter was made; the newest meter counts.
class AllocationMeter {
  public:
    AllocationMeter() { largest_ = 0; }
    [[nodiscard]] std::size_t largest() const { return largest_; }
    static void count(std::size_t bytes) { largest_ = std::max(largest_, bytes); }

  private:
    static inline thread_local std::size_t largest_ = 0;
};

}  // namespace loadstar::test_support

// noinline: else the compiler takes a part of the pair for a mismatch.
[[gnu::noinline]] void* operator new(std::size_t bytes) {
    loadstar::test_support::AllocationMeter::count(bytes);
    if (void* const memory = std::malloc(bytes > 0 ? bytes : 1)) return memory;
    throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
