#include "gpt/parameters.hpp"

#include <ATen/CPUGeneratorImpl.h>

namespace loadstar::gpt {

at::Tensor part_of(const at::Tensor& whole, Partition partition, const ProcessGroup& group) {
    if (group.size() == 1 || partition == Partition::whole) return whole;
    const auto run = [&group](const at::Tensor& tensor, std::int64_t dimension) {
        const auto length = tensor.size(dimension) / group.size();
        return tensor.narrow(dimension, group.rank() * length, length);
    };
    if (partition == Partition::columns) return run(whole, 1);
    if (partition == Partition::rows) return run(whole, 0);
    const auto halves = whole.chunk(2, 0);
    return at::cat({run(halves[0], 0), run(halves[1], 0)});
}

ParameterMaker::ParameterMaker(ParameterOrigin origin)
    : origin_(std::move(origin)), generator_(at::detail::createCPUGenerator(origin_.seed)) {}

at::Tensor ParameterMaker::make(const std::string& name, at::IntArrayRef shape, Initial initial, Partition partition) {
    const at::NoGradGuard no_gradients;
    const auto drawn = origin_.initial == InitialWeights::drawn;
    const auto whole = drawn ? initial_values(shape, initial) : at::empty(shape);
    const auto part = part_of(whole, partition, *origin_.tensor_parallel);
    auto value = at::empty(part.sizes(), origin_.options);
    if (drawn) value.copy_(part);
    made_.push_back({.name = name, .value = value.set_requires_grad(true), .partition = partition});
    return value;
}

at::Tensor ParameterMaker::initial_values(at::IntArrayRef shape, Initial initial) {
    switch (initial) {
        case Initial::ones: return at::ones(shape);
        case Initial::zeros: return at::zeros(shape);
        case Initial::normal: return at::empty(shape).normal_(0, origin_.std, generator_);
        case Initial::normal_of_output: return at::empty(shape).normal_(0, origin_.output_std, generator_);
    }
    throw std::logic_error("unknown initial values");
}

}  // namespace loadstar::gpt
