#pragma once
#include <ATen/ATen.h>
#include <memory>
#include <string>
#include <vector>

#include "gpt/process_group.hpp"

namespace loadstar::gpt {

/// How a weight is shared out over tensor-parallel ranks.
enum class Partition {
    whole,       ///< every rank has all of it
    rows,        ///< dimension 0 in equal runs
    gated_rows,  ///< both halves of dimension 0 (gate and up of SwiGLU) in equal runs, a run of each on a rank
    columns      ///< dimension 1 in equal runs
};

/// What a weight is before training.
enum class Initial { normal, normal_of_output, ones, zeros };

/// Whether a model begins with such values, or with whatever the memory holds until weights are loaded.
enum class InitialWeights { drawn, undefined };

/// One weight of this rank, under the name that Megatron core's local layer spec gives it.
struct Parameter {
    std::string name;
    at::Tensor value;  ///< a leaf that requires gradients
    Partition partition = Partition::whole;
};

/// The run of a whole weight that belongs to a rank.
at::Tensor part_of(const at::Tensor& whole, Partition partition, const ProcessGroup& group);

/// Where the weights of a model come from: their place and type, the standard deviations of what is drawn by lot, and
/// the processes that share them.
struct ParameterOrigin {
    at::TensorOptions options;  ///< device and type
    InitialWeights initial = InitialWeights::drawn;
    std::uint64_t seed = 1234;
    double std = 0.02;         ///< of Initial::normal
    double output_std = 0.02;  ///< of Initial::normal_of_output: linear_proj and linear_fc2
    std::shared_ptr<ProcessGroup> tensor_parallel;
};

/// Makes the weights of a model one after the other and remembers them in that order. A whole weight is drawn on every
/// rank and cut then, so that its values do not depend on the number of ranks.
class ParameterMaker {
  public:
    explicit ParameterMaker(ParameterOrigin origin);

    /// @param shape  of the whole weight
    /// @return       the part of this rank
    at::Tensor make(const std::string& name, at::IntArrayRef shape, Initial initial,
                    Partition partition = Partition::whole);
    [[nodiscard]] const std::shared_ptr<ProcessGroup>& tensor_parallel() const { return origin_.tensor_parallel; }
    [[nodiscard]] std::vector<Parameter> take() { return std::move(made_); }

  private:
    [[nodiscard]] at::Tensor initial_values(at::IntArrayRef shape, Initial initial);
    ParameterOrigin origin_;
    at::Generator generator_;
    std::vector<Parameter> made_;
};

}  // namespace loadstar::gpt
