#include "megatron/checkpoint_directory.hpp"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <optional>

#include <fmt/format.h>

namespace loadstar::megatron {
namespace {

namespace fs = std::filesystem;

constexpr const char* tracker_name = "latest_checkpointed_iteration.txt";
constexpr std::string_view rank_prefix = "mp_rank_";

Error failure(ErrorCode code, const fs::path& where, std::string message, std::string hint = {}) {
    return {.code = code, .message = std::move(message), .where = where.string(), .hint = std::move(hint)};
}

std::optional<int> whole_number(std::string_view text) {
    int value = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (problem != std::errc{} || end != text.data() + text.size() || value < 0) return std::nullopt;
    return value;
}

/// The ranks in "mp_rank_01" or "mp_rank_01_002"; nullopt for any other name.
std::optional<ShardFile> ranks_of(const std::string& name) {
    if (!name.starts_with(rank_prefix)) return std::nullopt;
    const auto ranks = std::string_view(name).substr(rank_prefix.size());
    const auto split = ranks.find('_');
    const auto tensor = whole_number(ranks.substr(0, split));
    const auto pipeline = split == std::string_view::npos ? 0 : whole_number(ranks.substr(split + 1));
    if (!tensor || !pipeline) return std::nullopt;
    return ShardFile{.tensor_rank = *tensor, .pipeline_rank = *pipeline, .file = {}};
}

/// The weights in the folder of a rank, where files of 2023 keep them apart from the optimiser, or of Hugging Face.
std::optional<fs::path> weights_in(const fs::path& folder) {
    std::error_code ignored;
    for (const auto* name : {"model_optim_rng.pt", "model_rng.pt", "model.safetensors"})
        if (fs::is_regular_file(folder / name, ignored)) return folder / name;
    return std::nullopt;
}

std::vector<ShardFile> shards_in(const fs::path& folder) {
    std::vector<ShardFile> shards;
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(folder, ignored)) {
        auto shard = ranks_of(entry.path().filename().string());
        if (!shard) continue;
        const auto file = weights_in(entry.path());
        if (!file) continue;
        shard->file = *file;
        shards.push_back(std::move(*shard));
    }
    std::ranges::sort(shards, {},
                      [](const ShardFile& shard) { return std::pair(shard.tensor_rank, shard.pipeline_rank); });
    return shards;
}

/// "10" of iter_0000010, or the name of the folder.
std::string iteration_of(const fs::path& folder) {
    const auto name = folder.filename().string();
    return name.starts_with("iter_") ? std::to_string(whole_number(name.substr(5)).value_or(0)) : name;
}

Result<CheckpointDirectory> checkpoint_in(const fs::path& folder) {
    std::error_code ignored;
    if (fs::exists(folder / ".metadata", ignored)) {
        return CheckpointDirectory{
            .folder = folder, .iteration = iteration_of(folder), .shards = {ShardFile{.file = folder / ".metadata"}}};
    }
    CheckpointDirectory found{.folder = folder, .iteration = iteration_of(folder), .shards = shards_in(folder)};
    if (found.shards.empty()) {
        return failure(ErrorCode::not_found, folder, "the folder holds no checkpoint",
                       fmt::format("expected {}, or folders named mp_rank_00 with model_optim_rng.pt", tracker_name));
    }
    for (const auto& shard : found.shards) {
        found.tensor_parallel = std::max(found.tensor_parallel, shard.tensor_rank + 1);
        found.pipeline_parallel = std::max(found.pipeline_parallel, shard.pipeline_rank + 1);
    }
    const auto expected = static_cast<std::int64_t>(found.tensor_parallel) * found.pipeline_parallel;
    if (expected != static_cast<std::int64_t>(found.shards.size())) {
        return failure(ErrorCode::invalid_input, folder,
                       fmt::format("files of ranks are missing: {} by {} ranks expected, found {}",
                                   found.tensor_parallel, found.pipeline_parallel, found.shards.size()));
    }
    return found;
}

Result<CheckpointDirectory> latest_checkpoint(const fs::path& folder) {
    std::ifstream tracker(folder / tracker_name);
    std::string named;
    std::getline(tracker, named);
    while (!named.empty() && (named.back() == '\r' || named.back() == ' ')) named.pop_back();
    if (named == "release") return checkpoint_in(folder / named);
    const auto iteration = whole_number(named);
    if (!iteration) {
        return failure(ErrorCode::invalid_input, folder / tracker_name,
                       fmt::format("expected an iteration or \"release\", found \"{}\"", named));
    }
    return checkpoint_in(folder / fmt::format("iter_{:07}", *iteration));
}

}  // namespace

Result<CheckpointDirectory> find_checkpoint(const fs::path& place) {
    std::error_code ignored;
    if (!fs::exists(place, ignored)) return failure(ErrorCode::not_found, place, "there is no such file or folder");
    if (!fs::is_directory(place, ignored)) {
        return CheckpointDirectory{
            .folder = place.parent_path(), .iteration = {}, .shards = {ShardFile{.file = place}}};
    }
    if (fs::exists(place / tracker_name, ignored)) return latest_checkpoint(place);
    if (const auto file = weights_in(place)) return find_checkpoint(*file);
    return checkpoint_in(place);
}

}  // namespace loadstar::megatron
