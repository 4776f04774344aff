#include "gpt/checkpoint_rotation.hpp"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <fstream>
#include <string>
#include <system_error>

#include <fmt/format.h>

#include "base/new_file.hpp"

namespace loadstar::gpt {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view folder_prefix = "iter_";

std::optional<std::int64_t> number_in(std::string_view text) {
    std::int64_t value = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (problem != std::errc{} || end != text.data() + text.size() || value < 0) return std::nullopt;
    return value;
}

fs::path folder_name(std::int64_t iteration) { return fmt::format("{}{:07}", folder_prefix, iteration); }

Error failure(const std::error_code& problem, const fs::path& where, const char* what) {
    const auto code = problem == std::errc::permission_denied    ? ErrorCode::permission_denied
                      : problem == std::errc::no_space_on_device ? ErrorCode::disk_full
                                                                 : ErrorCode::io_error;
    return {.code = code, .message = fmt::format("{}: {}", what, problem.message()), .where = where.string()};
}

/// Half a file of a process that was killed; nobody would ever look at it again.
void remove_unfinished(const fs::path& folder) {
    std::error_code ignored;  // what cannot be removed harms nobody
    for (const auto& entry : fs::directory_iterator(folder, ignored))
        if (entry.path().extension() == ".new") fs::remove(entry.path(), ignored);
}

}  // namespace

Result<std::optional<std::int64_t>> CheckpointRotation::latest() const {
    const auto file = folder_ / tracker_name;
    std::error_code ignored;
    if (!fs::exists(file, ignored)) return std::optional<std::int64_t>();
    std::ifstream stream(file);
    std::string text;
    stream >> text;
    const auto number = number_in(text);
    if (!number) {
        return Error{.code = ErrorCode::invalid_input,
                     .message = fmt::format("expected the number of an iteration to go on from, found \"{}\"", text),
                     .where = file.string(),
                     .hint = "choose another folder to save to, or start from this one by finetune"};
    }
    return number;
}

fs::path CheckpointRotation::file_of(std::int64_t iteration) const {
    return folder_ / folder_name(iteration) / "mp_rank_00" / "model_optim_rng.pt";
}

std::vector<std::int64_t> CheckpointRotation::iterations() const {
    std::vector<std::int64_t> found;
    std::error_code ignored;  // a folder that is not there holds none
    for (const auto& entry : fs::directory_iterator(folder_, ignored)) {
        const auto name = entry.path().filename().string();
        if (!name.starts_with(folder_prefix)) continue;
        const auto number = number_in(std::string_view(name).substr(folder_prefix.size()));
        if (number && fs::exists(file_of(*number), ignored)) found.push_back(*number);
    }
    std::ranges::sort(found);
    return found;
}

Result<void> CheckpointRotation::save(std::int64_t iteration,
                                      const std::function<Result<void>(const fs::path& file)>& write) const {
    const auto file = file_of(iteration);
    std::error_code problem;
    fs::create_directories(file.parent_path(), problem);
    if (problem) return failure(problem, file.parent_path(), "cannot make the folder of a checkpoint");
    remove_unfinished(file.parent_path());
    if (auto written = write(file); !written) {
        if (!fs::exists(file, problem)) fs::remove_all(file.parent_path().parent_path(), problem);
        return with_context(written.error(), fmt::format("the checkpoint of iteration {} was not written", iteration));
    }
    LOADSTAR_CHECK(point_to(iteration));
    remove_all_but_newest(iteration);
    return {};
}

Result<void> CheckpointRotation::point_to(std::int64_t iteration) const {
    LOADSTAR_TRY(auto tracker, NewFile::create(folder_ / tracker_name));
    LOADSTAR_CHECK(tracker.write(std::to_string(iteration)));
    return tracker.publish();
}

/// Those after `latest` are of a run that was set back; they stay, for nobody asked to remove them.
void CheckpointRotation::remove_all_but_newest(std::int64_t latest) const {
    auto older = iterations();
    std::erase_if(older, [&](std::int64_t iteration) { return iteration > latest; });
    std::error_code ignored;  // an old checkpoint that cannot be removed is tried again at the next save
    for (std::size_t i = 0; i + static_cast<std::size_t>(keep_) < older.size(); ++i)
        fs::remove_all(folder_ / folder_name(older[i]), ignored);
}

}  // namespace loadstar::gpt
