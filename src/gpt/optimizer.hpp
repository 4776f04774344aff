#pragma once
#include <ATen/core/Tensor.h>
#include <cstdint>
#include <string>
#include <vector>

#include "gpt/parameters.hpp"

namespace loadstar::gpt {

/// Under Megatron-LM's names.
struct AdamOptions {
    double adam_beta1 = 0.9;
    double adam_beta2 = 0.999;
    double adam_eps = 1e-8;
};

/// AdamW over parameters in fp32. Weights lie behind one another in long rows, as do gradients and both moments, so
/// that a step, a norm or a sum over processes is a few operations whatever the number of layers. Parameters in fp32
/// become views of that row; those in half precision keep their own memory and follow the row after each step.
///
/// Weight decay spares biases and parameters of one dimension; embeddings decay.
/// Source: Loshchilov & Hutter 2019 (AdamW); FP32Optimizer and Float16OptimizerWithFloat16Params of Megatron-LM core
/// 0.16.
class Optimizer {
  public:
    /// Where a parameter lies in the rows.
    struct Place {
        std::string name;
        std::int64_t begin = 0;
        std::vector<std::int64_t> shape;
        double weight_decay_multiplier = 1;  ///< Megatron-LM's wd_mult
        Partition partition = Partition::whole;
    };
    /// What is written to a checkpoint, per parameter [its shape], f32.
    struct State {
        at::Tensor main;        ///< the weight itself
        at::Tensor exp_avg;     ///< running mean of its gradients
        at::Tensor exp_avg_sq;  ///< running mean of their squares
    };

    /// @param parameters  leaves that require gradients; one or more
    Optimizer(std::vector<Parameter> parameters, const AdamOptions& options);

    /// Parameters that decay first, then the others; within each in the order they were given.
    [[nodiscard]] const std::vector<Place>& places() const { return places_; }
    /// Views of the rows, in the order of places(): what is copied into them is taken over (after sync_parameters).
    [[nodiscard]] std::vector<State> state();
    [[nodiscard]] std::int64_t steps() const { return steps_; }
    void set_steps(std::int64_t steps) { steps_ = steps; }
    [[nodiscard]] const AdamOptions& options() const { return options_; }

    /// Begins a step: gradients are zero.
    void zero_gradients();
    /// After each backward pass: gradients of half precision are added up in fp32.
    void collect_gradients();
    /// All gradients, f32 [row]; for sums over processes.
    [[nodiscard]] at::Tensor& gradients() { return gradients_; }
    /// Euclidean norm of the gradients of the whole model: parts are summed over the group, whole copies counted once.
    [[nodiscard]] double gradient_norm(ProcessGroup& tensor_parallel);
    /// Moves the weights by one step.
    void step(double learning_rate, double weight_decay);
    /// Copies the weights of the row to parameters in half precision.
    void sync_parameters();

  private:
    enum class Sharing { whole, parts };
    struct Rates {
        double learning_rate;
        double weight_decay;
    };
    void place(const Parameter& parameter, double multiplier);
    void attach(std::size_t parameter);
    /// Sum of the squares of all gradients that every rank has (whole), or of which each has a part. f64 [1]
    [[nodiscard]] at::Tensor squares_of(Sharing sharing) const;
    /// @param scale  scratch memory, as long as the run of the row that is updated
    void update(std::int64_t begin, at::Tensor scale, const Rates& rates);
    [[nodiscard]] at::Tensor view(const at::Tensor& row, const Place& place) const;

    AdamOptions options_;
    std::vector<at::Tensor> parameters_;  ///< in the order of places_
    std::vector<Place> places_;
    std::int64_t decayed_end_ = 0;  ///< the row up to here decays
    std::int64_t row_size_ = 0;
    std::int64_t steps_ = 0;
    at::Tensor weights_;     ///< f32 [row]
    at::Tensor gradients_;   ///< f32 [row]
    at::Tensor exp_avg_;     ///< f32 [row]
    at::Tensor exp_avg_sq_;  ///< f32 [row]
};

/// The factor that brings gradients of this norm down to `clip_grad`: 1 where they are not above it.
/// Source: clip_grad_by_total_norm_fp32 of Megatron-LM core 0.16.
double clip_coefficient(double norm, double clip_grad);

}  // namespace loadstar::gpt
