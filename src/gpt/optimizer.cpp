#include "gpt/optimizer.hpp"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <algorithm>
#include <cmath>
#include <functional>

namespace loadstar::gpt {
namespace {

/// Parameters begin at multiples of this many numbers (64 bytes), as vector instructions and BLAS like it.
constexpr std::int64_t alignment = 16;

/// Numbers that a processor updates at a time, so that they stay in its cache from one operation to the next. A GPU
/// rather has few operations.
std::int64_t chunk_of(const at::Tensor& row) { return row.is_cuda() ? row.numel() : std::int64_t{1} << 16; }

/// Does `work` for 0 .. count-1, on a CPU by all threads, a number each: threads that took part in every small
/// operation would wait for each other all the time. `work` may use the scratch memory f32 [chunk] as it likes.
void for_each_chunk(std::int64_t count, const at::Tensor& row,
                    const std::function<void(std::int64_t, const at::Tensor&)>& work) {
    at::parallel_for(0, count, row.is_cuda() ? count : 1, [&](std::int64_t begin, std::int64_t end) {
        const at::NoGradGuard no_gradients;  // each thread has its own
        const auto scratch = at::empty({chunk_of(row)}, row.options());
        for (auto number = begin; number < end; ++number) work(number, scratch);
    });
}

double decay_multiplier(const Parameter& parameter) {
    return parameter.name.ends_with(".bias") || parameter.value.dim() <= 1 ? 0 : 1;
}

}  // namespace

Optimizer::Optimizer(std::vector<Parameter> parameters, const AdamOptions& options) : options_(options) {
    for (const double multiplier : {1.0, 0.0}) {
        for (const auto& parameter : parameters)
            if (decay_multiplier(parameter) == multiplier) place(parameter, multiplier);
        if (multiplier == 1.0) decayed_end_ = row_size_;
    }
    const auto row = at::zeros({row_size_}, parameters_.at(0).options().dtype(at::kFloat).requires_grad(false));
    weights_ = row;
    gradients_ = at::zeros_like(row);
    exp_avg_ = at::zeros_like(row);
    exp_avg_sq_ = at::zeros_like(row);
    for (std::size_t i = 0; i < parameters_.size(); ++i) attach(i);
}

void Optimizer::place(const Parameter& parameter, double multiplier) {
    places_.push_back({.name = parameter.name,
                       .begin = row_size_,
                       .shape = parameter.value.sizes().vec(),
                       .weight_decay_multiplier = multiplier,
                       .partition = parameter.partition});
    parameters_.push_back(parameter.value);
    row_size_ += (parameter.value.numel() + alignment - 1) / alignment * alignment;
}

void Optimizer::attach(std::size_t parameter) {
    auto& tensor = parameters_[parameter];
    const auto weight = view(weights_, places_[parameter]);
    weight.copy_(tensor.detach());
    if (tensor.scalar_type() != at::kFloat) return;
    tensor.set_data(weight);
    tensor.mutable_grad() = view(gradients_, places_[parameter]);
}

at::Tensor Optimizer::view(const at::Tensor& row, const Place& place) const {
    std::int64_t count = 1;
    for (const auto size : place.shape) count *= size;
    return row.narrow(0, place.begin, count).view(place.shape);
}

std::vector<Optimizer::State> Optimizer::state() {
    std::vector<State> states;
    for (const auto& place : places_)
        states.push_back(
            {.main = view(weights_, place), .exp_avg = view(exp_avg_, place), .exp_avg_sq = view(exp_avg_sq_, place)});
    return states;
}

void Optimizer::zero_gradients() { gradients_.zero_(); }

void Optimizer::collect_gradients() {
    for (std::size_t i = 0; i < parameters_.size(); ++i) {
        auto& gradient = parameters_[i].mutable_grad();
        if (!gradient.defined() || gradient.scalar_type() == at::kFloat) continue;
        view(gradients_, places_[i]).add_(gradient);
        gradient.reset();
    }
}

double Optimizer::gradient_norm(ProcessGroup& tensor_parallel) {
    auto squares = squares_of(Sharing::parts);
    tensor_parallel.all_reduce_sum(squares);
    return std::sqrt((squares_of(Sharing::whole) + squares).item<double>());
}

at::Tensor Optimizer::squares_of(Sharing sharing) const {
    // By parts: a sum of very many squares in fp32 would lose the small ones.
    std::vector<at::Tensor> parts;
    for (const auto& place : places_)
        if ((place.partition == Partition::whole) == (sharing == Sharing::whole))
            for (const auto& part : view(gradients_, place).view({-1}).split(chunk_of(gradients_)))
                parts.push_back(part);
    if (parts.empty()) return at::zeros({1}, gradients_.options().dtype(at::kDouble));
    std::vector<at::Tensor> sums(parts.size());
    for_each_chunk(static_cast<std::int64_t>(parts.size()), gradients_, [&](std::int64_t number, const at::Tensor&) {
        const auto& part = parts[static_cast<std::size_t>(number)];
        sums[static_cast<std::size_t>(number)] = part.dot(part).to(at::kDouble);
    });
    return at::stack(sums).sum().view({1});
}

void Optimizer::step(double learning_rate, double weight_decay) {
    ++steps_;
    struct Chunk {
        std::int64_t begin, size;
    };
    std::vector<Chunk> chunks;
    for (std::int64_t begin = 0; begin < row_size_; begin += chunks.back().size) {
        const auto border = begin < decayed_end_ ? decayed_end_ : row_size_;
        chunks.push_back({.begin = begin, .size = std::min(chunk_of(weights_), border - begin)});
    }
    for_each_chunk(
        static_cast<std::int64_t>(chunks.size()), weights_, [&](std::int64_t number, const at::Tensor& scratch) {
            const auto& [begin, size] = chunks[static_cast<std::size_t>(number)];
            update(begin, scratch.narrow(0, 0, size),
                   {.learning_rate = learning_rate, .weight_decay = begin < decayed_end_ ? weight_decay : 0});
        });
    sync_parameters();
}

void Optimizer::update(std::int64_t begin, at::Tensor scale, const Rates& rates) {
    const auto size = scale.numel();
    const auto& [beta1, beta2, eps] = options_;
    const auto correction1 = 1 - std::pow(beta1, static_cast<double>(steps_));
    const auto correction2 = 1 - std::pow(beta2, static_cast<double>(steps_));
    auto weight = weights_.narrow(0, begin, size);            // [size]
    const auto gradient = gradients_.narrow(0, begin, size);  // [size]
    auto exp_avg = exp_avg_.narrow(0, begin, size);           // [size]
    auto exp_avg_sq = exp_avg_sq_.narrow(0, begin, size);     // [size]
    if (rates.weight_decay != 0) weight.mul_(1 - rates.learning_rate * rates.weight_decay);
    exp_avg.mul_(beta1).add_(gradient, 1 - beta1);
    exp_avg_sq.mul_(beta2).addcmul_(gradient, gradient, 1 - beta2);
    at::sqrt_out(scale, exp_avg_sq).div_(std::sqrt(correction2)).add_(eps);  // [size]
    weight.addcdiv_(exp_avg, scale, -rates.learning_rate / correction1);
}

void Optimizer::sync_parameters() {
    for (std::size_t i = 0; i < parameters_.size(); ++i)
        if (parameters_[i].scalar_type() != at::kFloat) parameters_[i].detach().copy_(view(weights_, places_[i]));
}

double clip_coefficient(double norm, double clip_grad) {
    return clip_grad > 0 ? std::min(1.0, clip_grad / (norm + 1e-6)) : 1.0;
}

}  // namespace loadstar::gpt
