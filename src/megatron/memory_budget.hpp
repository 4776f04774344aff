#pragma once
#include <algorithm>
#include <cstddef>

#include "megatron/byte_reader.hpp"

namespace loadstar::megatron {

/// Memory that may still be taken for what a file describes: a few of its bytes can ask for very many objects.
class MemoryBudget {
  public:
    explicit MemoryBudget(std::size_t bytes) : left_(bytes) {}
    /// What the description of any honest file needs: as much as the file has bytes, or a little when it has few.
    static MemoryBudget of_file(std::size_t bytes) {
        constexpr std::size_t least = std::size_t{2} << 20U;
        return MemoryBudget(std::max(least, bytes));
    }

    /// @param offset  of what asks for the memory. Throws FormatProblem.
    void spend(std::size_t bytes, std::size_t offset) {
        if (bytes > left_)
            throw FormatProblem(offset, "its objects need more memory than is allowed for a file of this size");
        left_ -= bytes;
    }
    void give_back(std::size_t bytes) { left_ += bytes; }

  private:
    std::size_t left_;
};

}  // namespace loadstar::megatron
