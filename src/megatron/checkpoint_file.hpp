#pragma once
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "megatron/distributed_checkpoint.hpp"
#include "megatron/safetensors.hpp"
#include "megatron/torch_file.hpp"

namespace loadstar::megatron {

/// Whose names the tensors of a checkpoint have.
enum class Naming {
    core,                ///< Megatron core, local layer spec
    transformer_engine,  ///< Megatron core, layer norms inside the linear layers
    legacy,              ///< Megatron-LM before core: nested dicts below language_model
    hugging_face,        ///< GPT2LMHeadModel
    unknown
};
const char* to_string(Naming naming);

/// Order of the rows of query, key and value in one matrix. np: heads, hn: channels of a head.
/// Source: Megatron-LM, fix_query_key_value_ordering.
enum class QkvOrder {
    by_kind,   ///< [3, np, hn]: no checkpoint_version, or 0
    by_value,  ///< [np, hn, 3]: version 1.0
    by_head    ///< [np, 3, hn]: version 2.0 and later, and Megatron core
};
const char* to_string(QkvOrder order);

/// Where this program puts the arguments of the training in the files that it writes, as a dict of texts: `args` of
/// Megatron-LM is an argparse.Namespace, which torch.load(weights_only=True) refuses.
inline constexpr const char* arguments_key = "loadstar_arguments";

/// One file of a model: its weights under the names they have there, and what else the file says about itself. Weights
/// stay in the mapped file until somebody looks at them.
class CheckpointFile {
  public:
    /// Opens what torch.save or safetensors wrote, or by its `.metadata` a distributed checkpoint. Errors: those of
    /// TorchFile::open, SafetensorsFile::open and DistributedCheckpoint::open; invalid_input (no weights in it; a
    /// config.json that is none).
    static Result<CheckpointFile> open(const std::filesystem::path& file);

    [[nodiscard]] const std::filesystem::path& path() const { return path_; }
    [[nodiscard]] std::uintmax_t size() const { return size_; }
    /// "torch zip", "torch before 1.6", "safetensors" or "torch distributed".
    [[nodiscard]] const char* container() const;
    /// In the order of the file; valid as long as the file lives. Those of a distributed checkpoint have no bytes here.
    [[nodiscard]] const std::vector<NamedTensor>& tensors() const { return tensors_; }
    /// nullptr when there is none.
    [[nodiscard]] const TensorView* find(const std::string& name) const;
    /// One of tensors() with its bytes and whoever keeps them; nullptr for this file, where they lie in it. Errors:
    /// those of DistributedCheckpoint::load.
    [[nodiscard]] Result<KeptTensor> load(const NamedTensor& tensor) const;
    [[nodiscard]] Naming naming() const { return naming_; }
    /// As the file says; absent from the oldest.
    [[nodiscard]] std::optional<double> version() const { return version_; }
    /// As the version says. Files of September 2020 lack the version and may have another order.
    [[nodiscard]] QkvOrder qkv_order() const;
    [[nodiscard]] std::optional<std::int64_t> iteration() const { return iteration_; }
    /// Command-line arguments of the training, as far as they are numbers, texts or truth values; what they would be
    /// for a model of Hugging Face with its config.json beside it.
    [[nodiscard]] const std::map<std::string, std::string>& arguments() const { return arguments_; }
    /// The state of optimiser, schedule or random numbers is there too.
    [[nodiscard]] const std::vector<std::string>& other_states() const { return other_states_; }
    /// Compares every storage with its checksum, where the container has them. Errors: invalid_input.
    [[nodiscard]] Result<void> verify() const;
    /// See MappedFile::let_go: for weights that were copied.
    void let_go(const TensorView& tensor) const {
        std::visit([&](const auto& file) { file.let_go(tensor); }, file_);
    }

  private:
    using Container = std::variant<TorchFile, SafetensorsFile, DistributedCheckpoint>;
    explicit CheckpointFile(Container file) : file_(std::move(file)) {}
    static Result<CheckpointFile> open_torch(const std::filesystem::path& file);
    static Result<CheckpointFile> open_safetensors(const std::filesystem::path& file);
    static Result<CheckpointFile> open_distributed(const std::filesystem::path& file);
    void read(const TorchFile& file);
    void read_about(const PickleValue& root, MemoryBudget& budget);
    void add_tensors(const TorchFile& file, const PickleValue& dict, const std::string& prefix, MemoryBudget& budget);

    Container file_;
    std::filesystem::path path_;
    std::uintmax_t size_ = 0;
    std::vector<NamedTensor> tensors_;
    Naming naming_ = Naming::unknown;
    std::optional<double> version_;
    std::optional<std::int64_t> iteration_;
    std::map<std::string, std::string> arguments_;
    std::vector<std::string> other_states_;
};

}  // namespace loadstar::megatron
