// Seconds and peak memory of one inference process, from its start to its end: `gpt generate` of one token with a model
// of 10 million weights. Baselines: `gpt inspect` of the same file, which needs no LibTorch, and a process that opens
// LibTorch's library and does nothing with it.
// Usage: cold_start [runs]     Prints medians.
#include <algorithm>
#include <dlfcn.h>

#include <fmt/format.h>

#include "child_process.hpp"
#include "megatron/checkpoint_writer.hpp"
#include "support/paths.hpp"
#include "support/temporary_folder.hpp"
#include "support/tiny_gpt.hpp"

namespace loadstar {
namespace {

using bench::Cost;
using bench::Words;

constexpr const char* only_open = "--only-open-libtorch";

int open_libtorch() {
    const auto* opened = dlopen("libtorch_cpu.so", RTLD_LAZY);
    if (!opened) fmt::print(stderr, "{}\n", dlerror());
    _exit(opened ? 0 : 1);
}

void measure(const std::string& what, const Words& words, std::size_t runs) {
    std::vector<Cost> costs;
    for (std::size_t number = 0; number < runs; ++number) costs.push_back(bench::run(words));
    std::ranges::sort(costs, {}, &Cost::seconds);
    const auto& middle = costs[runs / 2];
    fmt::print("{:<48} {:>6.0f} ms (fastest {:>4.0f}) {:>6.0f} MB{}\n", what, middle.seconds * 1000,
               costs.front().seconds * 1000, middle.peak_megabytes, middle.exit_code == 0 ? "" : "  FAILED");
}

int measure_all(const std::string& self, std::size_t runs) {
    const TemporaryFolder folder;
    const auto place = (folder.path() / "model").string();
    const auto model = test_support::tiny_gpt(
        {.heads = 8, .groups = 4, .ffn = 928, .vocabulary = 1024, .channels = 44, .llama = true, .layers = 7});
    NoProgress progress;
    if (const auto written = megatron::write_checkpoint(model, {.place = place}, progress); !written) {
        fmt::print(stderr, "{}\n", to_string(written.error()));
        return 1;
    }
    const auto program = test_support::program_path().string();
    fmt::print("{} weights, medians of {} runs\n", model.shape.parameters, runs);
    measure("gpt generate, one token",
            {program, "gpt", "generate", place, "--num-attention-heads", "8", "--prompt", "1 2 3 4", "--max-new-tokens",
             "1", "--threads", "1"},
            runs);
    measure("baseline: gpt inspect", {program, "gpt", "inspect", place}, runs);
    measure("baseline: open LibTorch and leave", {self, only_open}, runs);
    return 0;
}

}  // namespace
}  // namespace loadstar

int main(int count, char** words) {
    const std::string first = count > 1 ? words[1] : "15";
    if (first == loadstar::only_open) return loadstar::open_libtorch();
    return loadstar::measure_all(words[0], static_cast<std::size_t>(std::stoi(first)));
}
