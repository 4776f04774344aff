#include "megatron/checkpoint_file.hpp"

#include <algorithm>

#include "megatron/form_arguments.hpp"
#include "megatron/hugging_face_config.hpp"

namespace loadstar::megatron {
namespace {

using Kind = PickleValue::Kind;

constexpr std::size_t entry_bytes = 512;  // of a weight or an argument in memory, about

Naming naming_of(const std::vector<NamedTensor>& tensors) {
    auto naming = Naming::unknown;
    for (const auto& [name, tensor] : tensors) {
        if (name.ends_with("linear_qkv.layer_norm_weight")) return Naming::transformer_engine;
        if (name.starts_with("decoder.layers.")) naming = Naming::core;
        if (name.starts_with("language_model.")) return Naming::legacy;
        if (name.ends_with("attn.c_attn.weight")) return Naming::hugging_face;
    }
    return naming;
}

/// A value of the arguments as one would type it; nullopt for what has no such form.
std::optional<std::string> argument_text(const PickleValue& value) {
    switch (value.kind) {
        case Kind::none: return "None";
        case Kind::boolean: return value.integer != 0 ? "True" : "False";
        case Kind::integer: return std::to_string(value.integer);
        case Kind::number: return fmt::format("{}", value.number);
        case Kind::text: return printable(value.text);
        default: return std::nullopt;
    }
}

/// Of a Namespace or a dict.
std::map<std::string, std::string> arguments_of(const PickleValue& object, MemoryBudget& budget) {
    std::map<std::string, std::string> arguments;
    const auto* dict = object.is_dict() ? &object : object.state;
    if (dict == nullptr) return arguments;
    for (const auto& [key, value] : dict->entries) {
        if (!key->is(Kind::text)) continue;
        budget.spend(entry_bytes + key->text.size() + value->text.size(), value->offset);
        if (auto text = argument_text(*value)) arguments.emplace(key->text, std::move(*text));
    }
    return arguments;
}

/// What stands where weights were expected.
std::string told(const PickleValue& value) {
    if (!value.is(Kind::object) || !value.callable->is(Kind::global)) return "something else";
    return fmt::format("a call of {}.{}, which was not made", value.callable->text, value.callable->name);
}

/// Where the weights stand: below `model` in what Megatron-LM wrote, at the root of a bare state dict.
const PickleValue& weights_of(const PickleValue& root) {
    const auto* model = root.find("model");
    return model != nullptr && model->is_dict() ? *model : root;
}

}  // namespace

const char* to_string(Naming naming) {
    switch (naming) {
        case Naming::core: return "megatron core";
        case Naming::transformer_engine: return "megatron core with transformer engine";
        case Naming::legacy: return "megatron before core";
        case Naming::hugging_face: return "hugging face gpt2";
        case Naming::unknown: return "unknown";
    }
    return "unknown";
}

const char* to_string(QkvOrder order) {
    switch (order) {
        case QkvOrder::by_kind: return "[3, heads, channels]";
        case QkvOrder::by_value: return "[heads, channels, 3]";
        case QkvOrder::by_head: return "[heads, 3, channels]";
    }
    return "";
}

Result<CheckpointFile> CheckpointFile::open_torch(const std::filesystem::path& file) {
    LOADSTAR_TRY(auto opened, TorchFile::open(file));
    CheckpointFile result(std::move(opened));
    const auto& torch = std::get<TorchFile>(result.file_);
    LOADSTAR_CHECK(read_or_error(file, [&] { return result.read(torch), 0; }));
    return result;
}

Result<CheckpointFile> CheckpointFile::open_safetensors(const std::filesystem::path& file) {
    LOADSTAR_TRY(auto opened, SafetensorsFile::open(file));
    CheckpointFile result(std::move(opened));
    const auto& held = std::get<SafetensorsFile>(result.file_);
    result.tensors_ = held.tensors();
    result.arguments_ = form_arguments(held.metadata());
    return result;
}

Result<CheckpointFile> CheckpointFile::open_distributed(const std::filesystem::path& file) {
    LOADSTAR_TRY(auto opened, DistributedCheckpoint::open(file));
    CheckpointFile result(std::move(opened));
    const auto& held = std::get<DistributedCheckpoint>(result.file_);
    result.tensors_ = held.tensors();
    if (held.has_optimizer()) result.other_states_.emplace_back("optimizer");
    LOADSTAR_TRY(const auto common, held.common());
    if (!common) return result;
    auto budget = common->budget();
    LOADSTAR_CHECK(read_or_error(common->path(), [&] {
        const auto& root = common->root();
        const bool listed = root.is(Kind::list) && root.items.size() == 1;
        result.read_about(listed ? *root.items.front() : root, budget);
        return 0;
    }));
    return result;
}

Result<CheckpointFile> CheckpointFile::open(const std::filesystem::path& file) {
    const auto opener = file.filename() == ".metadata"       ? open_distributed
                        : file.extension() == ".safetensors" ? open_safetensors
                                                             : open_torch;
    LOADSTAR_TRY(auto result, opener(file));
    std::error_code ignored;
    result.path_ = file;
    const auto* distributed = std::get_if<DistributedCheckpoint>(&result.file_);
    result.size_ = distributed != nullptr ? distributed->size() : std::filesystem::file_size(file, ignored);
    if (result.tensors_.empty()) {
        return FormatProblem(0, "the file holds no weights", "expected a dict of tensors, or one below \"model\"")
            .error(file);
    }
    result.naming_ = naming_of(result.tensors_);
    if (result.naming_ == Naming::hugging_face) {
        LOADSTAR_TRY(result.arguments_, hugging_face_arguments(file.parent_path() / "config.json"));
    }
    return result;
}

void CheckpointFile::read(const TorchFile& file) {
    const auto& root = file.root();
    if (!root.is_dict())
        throw FormatProblem(root.offset, fmt::format("expected a dict of weights, found {}", told(root)));
    if (const auto* stage = root.find("model0"); stage != nullptr) {
        throw FormatProblem(stage->offset, "the pipeline stages are interleaved: found model0, expected model",
                            "save the checkpoint without --num-layers-per-virtual-pipeline-stage");
    }
    auto budget = file.budget();
    add_tensors(file, weights_of(root), "", budget);
    if (&weights_of(root) == &root) return;
    read_about(root, budget);
}

/// What Megatron-LM says beside the weights.
void CheckpointFile::read_about(const PickleValue& root, MemoryBudget& budget) {
    if (const auto* version = root.find("checkpoint_version"); version != nullptr)
        version_ = version->is(Kind::integer) ? static_cast<double>(version->integer) : version->number;
    if (const auto* iteration = root.find("iteration"); iteration != nullptr && iteration->is(Kind::integer))
        iteration_ = iteration->integer;
    for (const auto* name : {"args", arguments_key})
        if (const auto* arguments = root.find(name); arguments != nullptr)
            arguments_ = arguments_of(*arguments, budget);
    for (const auto* name : {"optimizer", "opt_param_scheduler", "lr_scheduler", "rng_state"})
        if (const auto* state = root.find(name); state != nullptr && !state->is(Kind::none))
            other_states_.emplace_back(name);
}

void CheckpointFile::add_tensors(const TorchFile& file, const PickleValue& dict, const std::string& prefix,
                                 MemoryBudget& budget) {
    // A dict that holds itself would never end. The deepest of Megatron-LM's has six levels.
    constexpr std::size_t longest_name = 1024;
    for (const auto& [key, value] : dict.entries) {
        if (!key->is(Kind::text) || (!value->is_dict() && !TorchFile::is_tensor(*value))) continue;
        if (prefix.size() + key->text.size() >= longest_name)
            throw FormatProblem(value->offset, fmt::format("the name of a weight is longer than {}", longest_name));
        auto name = prefix + std::string(key->text);
        if (name != printable(name)) throw FormatProblem(value->offset, fmt::format("no weight has the name {}", name));
        budget.spend(entry_bytes + name.size(), value->offset);
        if (value->is_dict()) {
            add_tensors(file, *value, name + ".", budget);
            continue;
        }
        auto tensor = file.tensor(*value);
        if (!tensor) throw FormatProblem(value->offset, fmt::format("{}: {}", name, tensor.error().message));
        tensors_.push_back({std::move(name), std::move(*tensor)});
    }
}

const char* CheckpointFile::container() const {
    if (std::holds_alternative<SafetensorsFile>(file_)) return "safetensors";
    if (std::holds_alternative<DistributedCheckpoint>(file_)) return "torch distributed";
    return std::get<TorchFile>(file_).container() == TorchFile::Container::zip ? "torch zip" : "torch before 1.6";
}

Result<KeptTensor> CheckpointFile::load(const NamedTensor& tensor) const {
    const auto* distributed = std::get_if<DistributedCheckpoint>(&file_);
    if (distributed != nullptr) return distributed->load(tensor.name);
    return KeptTensor{.tensor = tensor.tensor, .keeper = nullptr};
}

const TensorView* CheckpointFile::find(const std::string& name) const {
    const auto found = std::ranges::find(tensors_, name, &NamedTensor::name);
    return found == tensors_.end() ? nullptr : &found->tensor;
}

QkvOrder CheckpointFile::qkv_order() const {
    if (naming_ == Naming::hugging_face) return QkvOrder::by_kind;
    if (naming_ != Naming::legacy || version_.value_or(0) >= 2) return QkvOrder::by_head;
    return version_.value_or(0) >= 1 ? QkvOrder::by_value : QkvOrder::by_kind;
}

Result<void> CheckpointFile::verify() const {
    if (const auto* torch = std::get_if<TorchFile>(&file_)) return torch->verify();
    if (const auto* distributed = std::get_if<DistributedCheckpoint>(&file_)) return distributed->verify();
    return {};
}

}  // namespace loadstar::megatron
