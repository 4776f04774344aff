// Forecasts per second of forecasting networks: bench/neural_speed [THREADS].
//
// Context 2,048 points, horizon 96, one series a window; THREADS, without it as many as the machine runs at a time. The
// baseline of the same run asks for one window at a time; beside it stands the share of this machine's matrix products
// that the network's own use up.
#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <functional>

#include <fmt/format.h>

#include "neural/network_forecaster.hpp"

namespace loadstar::bench {
namespace {

constexpr int context = 2048;
constexpr int horizon = 96;
constexpr int windows = 64;
constexpr int repeats = 5;

double seconds_of(const std::function<void()>& work) {
    double least = INFINITY;
    for (int repeat = 0; repeat < repeats; ++repeat) {
        const auto begin = std::chrono::steady_clock::now();
        work();
        least = std::min(least, std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
    }
    return least;
}

/// Floating-point operations per second of a product of matrices that is large enough to be at the machine's best.
double peak() {
    const at::NoGradGuard no_gradients;
    constexpr std::int64_t size = 1024;
    const auto one = at::randn({size, size}), other = at::randn({size, size});
    return 2.0 * std::pow(size, 3) / seconds_of([&] { at::matmul(one, other); });
}

std::vector<neural::NetworkTask> tasks() {
    std::vector<neural::NetworkTask> made;
    for (int window = 0; window < windows; ++window) {
        auto& task = made.emplace_back(neural::NetworkTask{.context = {}, .horizon = horizon});
        for (int at = 0; at < context; ++at)
            task.context.push_back(std::sin(static_cast<float>(at + 7 * window) * 0.0654F) +
                                   0.01F * static_cast<float>(at % 13));
    }
    return made;
}

int run(const std::string& size, int threads, double best) {
    auto made = neural::PatchNetwork::create({.form = neural::form_of_size(size).value()});
    if (!made) {
        fmt::print("{}\n", to_string(made.error()));
        return 1;
    }
    std::int64_t weights = 0;
    for (const auto& parameter : made->parameters()) weights += parameter.value.numel();
    const neural::NetworkForecaster network(std::move(*made), size, {.threads = threads});
    const auto asked = tasks();
    NoProgress quiet;
    const double together = seconds_of([&] { (void)network.predict(asked, quiet).value(); });
    const double alone = seconds_of([&] {
        for (const auto& task : asked) (void)network.predict({task}, quiet).value();
    });
    const double tokens = context / 32 + horizon / 32 - 1;
    const double used = 2.0 * static_cast<double>(weights) * tokens * windows / together;
    fmt::print("{:6} {:12} {:18.1f} {:18.1f} {:8.2f} {:10.0f}\n", size, weights, windows / together, windows / alone,
               alone / together, 100 * used / best);
    return 0;
}

}  // namespace
}  // namespace loadstar::bench

int main(int argc, char** argv) {
    const int threads = argc > 1 ? std::atoi(argv[1]) : loadstar::neural::processors();
    at::set_num_threads(threads);
    const double best = loadstar::bench::peak();
    fmt::print("{} threads, matrix products at {:.0f} GFLOP/s\n", threads, best / 1e9);
    fmt::print("{:6} {:>12} {:>18} {:>18} {:>8} {:>10}\n", "size", "weights", "windows/s", "one at a time", "ratio",
               "of peak %");
    return loadstar::bench::run("small", threads, best) + loadstar::bench::run("base", threads, best);
}
