#pragma once
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "base/new_file.hpp"
#include "base/result.hpp"
#include "megatron/indexed_dataset.hpp"

namespace loadstar::megatron {

/// Whether a dataset holds a mode per sequence.
enum class SequenceModes { absent, present };

/// Writes an indexed dataset, byte for byte as Megatron-LM's builder does. Both files appear under their names when
/// finish() succeeds, never before; tokens go to the disk as they come, and only the index is held in memory.
class IndexedDatasetWriter {
  public:
    /// Errors: not_found (no such folder), permission_denied, disk_full, io_error.
    static Result<IndexedDatasetWriter> create(const std::filesystem::path& prefix, TokenType type,
                                               SequenceModes modes = SequenceModes::absent);

    /// Appends one sequence to the document in the making; `mode` is kept where the dataset has modes.
    /// Errors: out_of_range (a token that the type cannot hold, or too many for one sequence), disk_full, io_error.
    Result<void> add_item(std::span<const std::int64_t> tokens, std::int8_t mode = 0);
    Result<void> add_item(std::span<const double> tokens, std::int8_t mode = 0);
    /// Closes the document in the making, which may have no sequence.
    void end_document();
    /// Appends a document of one sequence.
    Result<void> add_document(std::span<const std::int64_t> tokens, std::int8_t mode = 0);
    /// Appends every document of another dataset. Errors: invalid_input (another token type, or modes in one only).
    Result<void> add_dataset(const IndexedDataset& dataset);
    /// Publishes both files, in place of those that may be there. Errors: invalid_argument (a document was not ended).
    Result<void> finish();

    [[nodiscard]] std::int64_t documents() const { return static_cast<std::int64_t>(document_marks_.size()) - 1; }
    [[nodiscard]] std::int64_t sequences() const { return static_cast<std::int64_t>(lengths_.size()); }
    [[nodiscard]] std::int64_t tokens() const { return tokens_; }

  private:
    IndexedDatasetWriter(std::filesystem::path prefix, TokenType type, SequenceModes modes, NewFile token_file);
    template <class Number>
    Result<void> append(std::span<const Number> tokens, std::int8_t mode);
    Result<NewFile> write_index() const;

    std::filesystem::path prefix_;
    TokenType type_;
    SequenceModes modes_;
    NewFile token_file_;
    std::int64_t tokens_ = 0;
    std::vector<std::int32_t> lengths_;
    std::vector<std::int64_t> document_marks_{0};
    std::vector<std::int8_t> sequence_modes_;
    std::string encoded_;
};

}  // namespace loadstar::megatron
