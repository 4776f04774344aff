// Speed of the stream of made series: points per second of each kind and of the mix, on one core.
#include "corpus/corpus.hpp"

#include <chrono>
#include <random>
#include <string>

#include <fmt/format.h>

#include "corpus/distortion.hpp"
#include "corpus/process.hpp"
#include "corpus/scene.hpp"

namespace loadstar::bench {
namespace {

using namespace corpus;

/// Calls `make` with the numbers from 0 on for a good while; gives points per second.
template <class Make>
double points_per_second(const WindowShape& shape, Make make) {
    using Clock = std::chrono::steady_clock;
    constexpr auto duration = std::chrono::milliseconds(400);
    const auto start = Clock::now();
    std::uint64_t windows = 0;
    while (Clock::now() - start < duration) make(windows++);
    const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
    return static_cast<double>(windows) * shape.variates * shape.points / seconds;
}

void print(const std::string& name, const WindowShape& shape, double speed, double baseline) {
    fmt::print("{:<22} {:>2} x {:<5} {:>8.1f} M points/s   {:>5.2f} of the baseline\n", name, shape.variates,
               shape.points, speed / 1e6, speed / baseline);
}

/// Filling as many points with normal numbers of the standard library.
double measure_baseline(const WindowShape& shape) {
    std::mt19937_64 engine(1);
    std::normal_distribution<double> normal;
    Values row(static_cast<std::size_t>(shape.points));
    return points_per_second(shape, [&](std::uint64_t) {
        for (auto& value : row) value = normal(engine);
    });
}

void measure() {
    const WindowShape single{.variates = 1, .points = 2048};
    const WindowShape several{.variates = 4, .points = 1024};
    const double baseline = measure_baseline(single);
    print("std::normal", single, baseline, baseline);
    Values row(static_cast<std::size_t>(single.points));
    for (const auto& process : processes()) {
        const double speed = points_per_second(single, [&](std::uint64_t number) {
            Random random(1, number, 0);
            process.fill(random, draw_clock(random), row);
        });
        print(process.name, single, speed, baseline);
    }
    for (const auto& scene : scenes()) {
        const auto& shape = scene.company > 0 ? several : single;
        const double speed = points_per_second(shape, [&](std::uint64_t number) {
            Random random(1, number, 0);
            Panel panel(shape);
            const auto clock = draw_clock(random);
            scene.fill(random, clock, panel);
            fill_up(random, clock, panel);
        });
        print(scene.name, shape, speed, baseline);
    }
    const auto corpus = Corpus::open({}).value();
    for (const auto& shape : {single, several, WindowShape{.variates = 16, .points = 1024}}) {
        print("all", shape, points_per_second(shape, [&](auto number) { (void)corpus.window(number, shape); }),
              baseline);
    }
}

}  // namespace
}  // namespace loadstar::bench

int main() { loadstar::bench::measure(); }
