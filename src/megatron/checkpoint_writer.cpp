#include "megatron/checkpoint_writer.hpp"

#include "base/new_file.hpp"
#include "megatron/form_arguments.hpp"
#include "megatron/hugging_face_writer.hpp"
#include "megatron/new_folder.hpp"
#include "megatron/safetensors_writer.hpp"
#include "megatron/tensor_parallel.hpp"
#include "megatron/torch_writer.hpp"
#include "megatron/weight_names.hpp"

namespace loadstar::megatron {
namespace {

namespace fs = std::filesystem;
using Files = std::vector<fs::path>;

/// What goes along with the weights: the arguments of the source, and the heads as they are known by now.
std::map<std::string, std::string> arguments_of(const CoreWeights& whole) {
    auto arguments = form_arguments(whole.arguments);
    if (const auto layout = head_layout(whole.shape)) {
        arguments["num_attention_heads"] = std::to_string(layout->heads);
        arguments["num_query_groups"] = std::to_string(layout->groups);
        arguments["kv_channels"] = std::to_string(layout->channels);
    }
    return arguments;
}

SaveValue::Dict dict_of(const CoreWeights& shard, Naming naming) {
    SaveValue::Dict dict;
    for (const auto& weight : shard.weights) dict.push_back({name_in(naming, weight.name), {weight.tensor}});
    return dict;
}

SaveValue root_of(const CoreWeights& shard, Naming naming, const std::map<std::string, std::string>& arguments) {
    SaveValue::Dict form;
    for (const auto& [name, value] : arguments) form.push_back({name, {value}});
    SaveValue::Dict root{{"checkpoint_version", {3.0}}};
    if (shard.iteration) root.push_back({"iteration", {*shard.iteration}});
    root.push_back({"model", {dict_of(shard, naming)}});
    root.push_back({arguments_key, {std::move(form)}});
    return {std::move(root)};
}

Result<void> write_tracker(const fs::path& folder, const std::string& iteration) {
    LOADSTAR_TRY(auto tracker, NewFile::create(folder / "latest_checkpointed_iteration.txt"));
    LOADSTAR_CHECK(tracker.write(iteration));
    return tracker.publish();
}

Result<Files> write_megatron(const CoreWeights& whole, const CheckpointTarget& target, Progress& progress) {
    const auto naming = target.form == CheckpointForm::core ? Naming::core : Naming::transformer_engine;
    const auto name = whole.iteration ? fmt::format("iter_{:07}", *whole.iteration) : "release";
    auto arguments = arguments_of(whole);
    arguments["tensor_model_parallel_size"] = std::to_string(target.tensor_parallel);
    arguments["pipeline_model_parallel_size"] = "1";
    LOADSTAR_CHECK(tensor_parallel_shard(whole, 0, target.tensor_parallel));  // before anything is made
    LOADSTAR_TRY(auto folder, NewFolder::create(target.place / name));
    Files files;
    for (int rank = 0; rank < target.tensor_parallel; ++rank) {
        LOADSTAR_TRY(const auto shard, tensor_parallel_shard(whole, rank, target.tensor_parallel));
        const auto file = fs::path(fmt::format("mp_rank_{:02}", rank)) / "model_optim_rng.pt";
        std::error_code ignored;  // the file cannot be made then, and that is told
        fs::create_directory(folder.unfinished() / file.parent_path(), ignored);
        LOADSTAR_CHECK(write_torch_file(folder.unfinished() / file, root_of(shard, naming, arguments), progress));
        files.push_back(target.place / name / file);
    }
    LOADSTAR_CHECK(folder.publish());
    LOADSTAR_CHECK(write_tracker(target.place, whole.iteration ? std::to_string(*whole.iteration) : "release"));
    return files;
}

Result<Files> write_for_hugging_face(const CoreWeights& whole, const fs::path& place, Progress& progress) {
    LOADSTAR_TRY(auto folder, NewFolder::create(place));
    LOADSTAR_CHECK(write_hugging_face(whole, folder.unfinished(), progress));
    LOADSTAR_CHECK(folder.publish());
    return Files{place / "model.safetensors", place / "config.json"};
}

Result<Files> write_one_file(const CoreWeights& whole, const fs::path& place, Progress& progress) {
    if (std::error_code ignored; fs::exists(place, ignored)) {
        return Error{.code = ErrorCode::already_exists,
                     .message = "there is something under that name already",
                     .where = place.string(),
                     .hint = "choose another name, or remove what is there"};
    }
    std::vector<NamedTensor> tensors;
    for (const auto& weight : whole.weights) tensors.push_back({weight.name, weight.tensor});
    LOADSTAR_CHECK(write_safetensors(place, tensors, arguments_of(whole), progress));
    return Files{place};
}

}  // namespace

const char* to_string(CheckpointForm form) {
    switch (form) {
        case CheckpointForm::core: return "core";
        case CheckpointForm::transformer_engine: return "transformer-engine";
        case CheckpointForm::hugging_face: return "hugging-face";
        case CheckpointForm::safetensors: return "safetensors";
    }
    return "";
}

Result<Files> write_checkpoint(const CoreWeights& whole, const CheckpointTarget& target, Progress& progress) {
    const bool one_rank = target.form == CheckpointForm::hugging_face || target.form == CheckpointForm::safetensors;
    if (one_rank && target.tensor_parallel != 1) {
        return Error{.code = ErrorCode::invalid_argument,
                     .message = fmt::format("expected one tensor-parallel rank for {}, found {}",
                                            to_string(target.form), target.tensor_parallel)};
    }
    switch (target.form) {
        case CheckpointForm::hugging_face: return write_for_hugging_face(whole, target.place, progress);
        case CheckpointForm::safetensors: return write_one_file(whole, target.place, progress);
        default: return write_megatron(whole, target, progress);
    }
}

}  // namespace loadstar::megatron
