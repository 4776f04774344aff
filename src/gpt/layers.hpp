#pragma once
#include <ATen/ATen.h>
#include <string>

#include "gpt/configuration.hpp"
#include "gpt/parameters.hpp"

namespace loadstar::gpt {

/// input * weight^T + bias; `bias` may be undefined. [.., in] -> [.., out]
at::Tensor apply_linear(const at::Tensor& input, const at::Tensor& weight, const at::Tensor& bias = {});

/// A linear layer whose rows lie on different ranks: every rank takes all of the input and gives its run of the output.
/// Source: Megatron-LM, ColumnParallelLinear (the columns of the transposed weight).
struct ColumnParallelLinear {
    at::Tensor weight;  ///< [out/t, in]
    at::Tensor bias;    ///< [out/t], or undefined

    /// [b, s, in] -> [b, s, out/t]
    [[nodiscard]] at::Tensor forward(const at::Tensor& input, ProcessGroup& group) const;
};

/// A linear layer whose columns lie on different ranks: every rank takes its run of the input and gives all of the
/// output. Source: Megatron-LM, RowParallelLinear.
struct RowParallelLinear {
    at::Tensor weight;  ///< [out, in/t]
    at::Tensor bias;    ///< [out], or undefined; added once, after the sum over ranks

    /// [b, s, in/t] -> [b, s, out]
    [[nodiscard]] at::Tensor forward(const at::Tensor& input, ProcessGroup& group) const;
};

enum class Bias { with, without };

struct LinearShape {
    std::int64_t in = 0;
    std::int64_t out = 0;
    Bias bias = Bias::with;
};

/// Makes `<name>.weight` and `<name>.bias`; rows are Partition::rows or gated_rows.
ColumnParallelLinear make_column_parallel(ParameterMaker& maker, const std::string& name, const LinearShape& shape,
                                          Partition partition = Partition::rows);
RowParallelLinear make_row_parallel(ParameterMaker& maker, const std::string& name, const LinearShape& shape);

/// LayerNorm, or RMSNorm: x / sqrt(mean(x^2) + epsilon) * weight, computed in fp32.
struct Norm {
    at::Tensor weight;  ///< [channels]; with apply_layernorm_1p the factor minus one
    at::Tensor bias;    ///< [channels], or undefined for RMSNorm
    double epsilon = 1e-5;
    bool plus_one = false;

    /// Over the last dimension; any shape [.., channels].
    [[nodiscard]] at::Tensor forward(const at::Tensor& input) const;
    /// The same norm over channels of which each rank has some: gradients of its weights are the sum over ranks.
    [[nodiscard]] Norm within(ProcessGroup& group) const;
};

/// Makes `<name>.weight` and, for LayerNorm, `<name>.bias`.
Norm make_norm(ParameterMaker& maker, const std::string& name, std::int64_t channels,
               const GptConfiguration& configuration);

}  // namespace loadstar::gpt
