#pragma once
// Replaces the allocation functions of a test program to watch them: include it in one source of a program only.

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <malloc.h>
#include <new>

namespace loadstar::test_support {

/// Memory that this thread took from the heap since the meter was made; the newest meter counts.
class AllocationMeter {
  public:
    AllocationMeter() { peak_ = held_ = 0; }
    /// The most bytes that were held at one time, on top of those that were held before.
    [[nodiscard]] static std::size_t peak() { return static_cast<std::size_t>(peak_); }
    static void take(std::size_t bytes) { peak_ = std::max(peak_, held_ += static_cast<std::ptrdiff_t>(bytes)); }
    static void give_back(std::size_t bytes) { held_ -= static_cast<std::ptrdiff_t>(bytes); }

  private:
    static inline thread_local std::ptrdiff_t held_ = 0;
    static inline thread_local std::ptrdiff_t peak_ = 0;
};

}  // namespace loadstar::test_support

// noinline: else the compiler takes a part of the pair for a mismatch.
[[gnu::noinline]] void* operator new(std::size_t bytes) {
    void* const memory = std::malloc(bytes > 0 ? bytes : 1);
    if (memory == nullptr) throw std::bad_alloc();
    loadstar::test_support::AllocationMeter::take(malloc_usable_size(memory));
    return memory;
}
[[gnu::noinline]] void operator delete(void* memory) noexcept {
    loadstar::test_support::AllocationMeter::give_back(malloc_usable_size(memory));
    std::free(memory);
}
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { operator delete(memory); }
