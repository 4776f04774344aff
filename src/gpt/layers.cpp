#include "gpt/layers.hpp"

#include "gpt/mappings.hpp"

namespace loadstar::gpt {
namespace {

at::Tensor rms_norm(const at::Tensor& input, const at::Tensor& weight, double epsilon) {
    const auto values = input.to(at::kFloat);                                              // [.., channels]
    const auto scale = values.square().mean(-1, /*keepdim=*/true).add_(epsilon).rsqrt_();  // [.., 1]
    return (values * scale).to(input.scalar_type()) * weight;                              // [.., channels]
}

}  // namespace

at::Tensor apply_linear(const at::Tensor& input, const at::Tensor& weight, const at::Tensor& bias) {
    // Generating asks for one row at a time. A product of matrices would first copy all of the weight into its own
    // order.
    if (input.numel() != input.size(-1) || at::GradMode::is_enabled() || !input.is_cpu())
        return at::linear(input, weight, bias);
    const auto row = input.reshape({-1});  // [in]
    auto shape = input.sizes().vec();
    shape.back() = weight.size(0);
    return (bias.defined() ? at::addmv(bias, weight, row) : at::mv(weight, row)).view(shape);  // [.., out]
}

at::Tensor ColumnParallelLinear::forward(const at::Tensor& input, ProcessGroup& group) const {
    return apply_linear(copy_to_tensor_parallel_region(input, group), weight, bias);  // [b, s, out/t]
}

at::Tensor RowParallelLinear::forward(const at::Tensor& input, ProcessGroup& group) const {
    if (group.size() == 1) return apply_linear(input, weight, bias);                          // [b, s, out]
    const auto sum = reduce_from_tensor_parallel_region(apply_linear(input, weight), group);  // [b, s, out]
    return bias.defined() ? sum + bias : sum;
}

ColumnParallelLinear make_column_parallel(ParameterMaker& maker, const std::string& name, const LinearShape& shape,
                                          Partition partition) {
    ColumnParallelLinear linear;
    linear.weight = maker.make(name + ".weight", {shape.out, shape.in}, Initial::normal, partition);
    if (shape.bias == Bias::with) linear.bias = maker.make(name + ".bias", {shape.out}, Initial::zeros, partition);
    return linear;
}

RowParallelLinear make_row_parallel(ParameterMaker& maker, const std::string& name, const LinearShape& shape) {
    RowParallelLinear linear;
    linear.weight = maker.make(name + ".weight", {shape.out, shape.in}, Initial::normal_of_output, Partition::columns);
    if (shape.bias == Bias::with) linear.bias = maker.make(name + ".bias", {shape.out}, Initial::zeros);
    return linear;
}

at::Tensor Norm::forward(const at::Tensor& input) const {
    const auto factor = plus_one ? weight + 1 : weight;  // [channels]
    if (!bias.defined()) return rms_norm(input, factor, epsilon);
    return at::layer_norm(input, {input.size(-1)}, factor, bias, epsilon);
}

Norm Norm::within(ProcessGroup& group) const {
    auto norm = *this;
    norm.weight = copy_to_tensor_parallel_region(weight, group);
    if (bias.defined()) norm.bias = copy_to_tensor_parallel_region(bias, group);
    return norm;
}

Norm make_norm(ParameterMaker& maker, const std::string& name, std::int64_t channels,
               const GptConfiguration& configuration) {
    Norm norm{.epsilon = configuration.layernorm_epsilon, .plus_one = configuration.apply_layernorm_1p};
    norm.weight = maker.make(name + ".weight", {channels}, norm.plus_one ? Initial::zeros : Initial::ones);
    if (configuration.normalization == Normalization::layer_norm)
        norm.bias = maker.make(name + ".bias", {channels}, Initial::zeros);
    return norm;
}

}  // namespace loadstar::gpt
