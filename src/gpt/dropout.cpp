#include "gpt/dropout.hpp"

#include <ATen/CPUGeneratorImpl.h>

namespace loadstar::gpt {
namespace {

/// Source: SplitMix64, Steele et al. 2014.
std::uint64_t mixed(std::uint64_t value) {
    value += 0x9E3779B97F4A7C15;
    value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
    value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
    return value ^ (value >> 31);
}

}  // namespace

DropoutSeed seed_of_place(DropoutSeed seed, std::uint64_t place) {
    if (!seed) return std::nullopt;
    return mixed(*seed ^ mixed(place));
}

at::Tensor dropout(const at::Tensor& values, double probability, DropoutSeed seed) {
    if (!seed || probability == 0) return values;
    auto generator = values.is_cpu() ? at::detail::createCPUGenerator(*seed)
                                     : at::globalContext().defaultGenerator(values.device()).clone();
    generator.set_current_seed(*seed);
    const auto kept =
        at::empty_like(values, values.options().requires_grad(false)).bernoulli_(1 - probability, generator);
    return values * kept.div_(1 - probability);
}

}  // namespace loadstar::gpt
