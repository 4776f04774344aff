// Seconds and peak memory of `gpt inspect`, `convert`, `split`, `merge` and `diff` on a checkpoint of the form of the
// released 345M, fp32, with random weights. Baseline: copying the same file (read and write, no fsync).
// The checkpoint is made once, in $LOADSTAR_CACHE/bench, else $XDG_CACHE_HOME/loadstar/bench, else
// ~/.cache/loadstar/bench; what is written from it goes beside it and is removed.
// Usage: checkpoints

#include <cstdlib>

#include <fmt/format.h>

#include "child_process.hpp"
#include "support/legacy_checkpoint.hpp"
#include "support/paths.hpp"
#include "support/tiny_gpt.hpp"

namespace loadstar {
namespace {

namespace fs = std::filesystem;
using bench::Cost;
using bench::run;
using bench::Words;

fs::path cache_folder() {
    if (const auto* chosen = std::getenv("LOADSTAR_CACHE")) return fs::path(chosen) / "bench";
    if (const auto* cache = std::getenv("XDG_CACHE_HOME")) return fs::path(cache) / "loadstar/bench";
    const auto* home = std::getenv("HOME");
    return fs::path(home == nullptr ? "." : home) / ".cache/loadstar/bench";
}

/// Names and order of rows as before core, so that every matrix of query, key and value has to be rewritten.
fs::path checkpoint(const fs::path& folder) {
    const auto file = folder / "gpt_345m_random.pt";
    if (fs::exists(file)) return file;
    fs::create_directories(folder);
    const auto gpt = test_support::tiny_gpt(
        {.heads = 16, .groups = 16, .ffn = 4096, .vocabulary = 50304, .channels = 64, .positions = 1024, .layers = 24});
    if (const auto written = test_support::write_legacy(file, gpt, {}); !written) {
        fmt::print(stderr, "{}\n", to_string(written.error()));
        std::exit(1);
    }
    return file;
}

void print(const std::string& what, const Cost& cost, double file_megabytes) {
    fmt::print("{:<44} {:>7.2f} s {:>8.0f} MB {:>6.2f} x the file{}\n", what, cost.seconds, cost.peak_megabytes,
               cost.peak_megabytes / file_megabytes, cost.exit_code == 0 ? "" : "  FAILED");
}

void measure(const fs::path& file) {
    const auto folder = file.parent_path();
    const auto megabytes = static_cast<double>(fs::file_size(file)) / (1 << 20);
    fmt::print("{}: {:.0f} MB\n", file.string(), megabytes);
    const auto at = [&](const char* name) { return (folder / name).string(); };
    const auto show = [&](const std::string& what, Words words) {
        words.insert(words.begin(), {test_support::program_path().string(), "gpt"});
        print(what, run(std::move(words)), megabytes);
    };
    const auto clean = [&] {
        for (const auto* name : {"copy.pt", "core", "two", "one", "hf", "back"}) fs::remove_all(at(name));
    };
    clean();
    print("baseline: cp", run({"cp", file.string(), at("copy.pt")}), megabytes);
    show("inspect", {"inspect", file.string()});
    show("convert: before core to core",
         {"convert", file.string(), "--num-attention-heads", "16", "--output", at("core")});
    show("split: core to 2 ranks", {"split", at("core"), "--tensor-parallel", "2", "--output", at("two")});
    show("merge: 2 ranks to core", {"merge", at("two"), "--output", at("one")});
    show("convert: core to hugging face", {"convert", at("core"), "--to", "hugging-face", "--output", at("hf")});
    show("convert: hugging face to core", {"convert", at("hf"), "--output", at("back")});
    show("diff: core, hugging face", {"diff", at("core"), at("hf")});
    show("diff: core, merged", {"diff", at("core"), at("one")});
    clean();
}

}  // namespace
}  // namespace loadstar

int main() {
    loadstar::measure(loadstar::checkpoint(loadstar::cache_folder()));
    return 0;
}
