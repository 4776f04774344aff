#pragma once
// The documents of the reference set of indexed datasets, by their formula.

#include <cstdint>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "megatron/indexed_dataset_writer.hpp"

namespace loadstar::test_support {

/// Document d of the reference set: (31 d + 7 i) mod 250 for i below 5 + 7 d mod 23, then the end mark 255.
inline std::vector<std::int64_t> token_document(std::int64_t d) {
    std::vector<std::int64_t> tokens;
    for (std::int64_t i = 0; i < 5 + 7 * d % 23; ++i) tokens.push_back((31 * d + 7 * i) % 250);
    tokens.push_back(255);
    return tokens;
}

/// Writes documents first .. first + count - 1 and returns the prefix.
inline std::filesystem::path write_documents(const std::filesystem::path& prefix, megatron::TokenType type,
                                             std::int64_t first, std::int64_t count) {
    auto writer = megatron::IndexedDatasetWriter::create(prefix, type).value();
    for (std::int64_t d = first; d < first + count; ++d)
        if (!writer.add_document(token_document(d))) throw std::runtime_error("cannot add a document");
    if (!writer.finish()) throw std::runtime_error("cannot finish a dataset");
    return prefix;
}

inline std::string bytes_of(const std::filesystem::path& file) {
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

}  // namespace loadstar::test_support
