#pragma once
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "megatron/mapped_file.hpp"
#include "megatron/tensor_view.hpp"

namespace loadstar::megatron {

/// A safetensors file: named tensors, stored one after the other behind a JSON header.
/// Source: the safetensors format, version 0 (length u64, header, bytes).
class SafetensorsFile {
  public:
    /// Every offset is checked against the file before anything is made of it.
    /// Errors: those of MappedFile::open; invalid_input (names the tensor that does not fit).
    static Result<SafetensorsFile> open(const std::filesystem::path& file);

    /// In the order of their names; valid as long as the file lives.
    [[nodiscard]] const std::vector<NamedTensor>& tensors() const { return tensors_; }
    /// nullptr when there is none.
    [[nodiscard]] const TensorView* find(const std::string& name) const;
    [[nodiscard]] const std::map<std::string, std::string>& metadata() const { return metadata_; }
    /// See MappedFile::let_go.
    void let_go(const TensorView& tensor) const { file_.let_go(tensor.bytes); }

  private:
    explicit SafetensorsFile(MappedFile file) : file_(std::move(file)) {}
    void read();
    MappedFile file_;
    std::vector<NamedTensor> tensors_;
    std::map<std::string, std::string> metadata_;
};

}  // namespace loadstar::megatron
