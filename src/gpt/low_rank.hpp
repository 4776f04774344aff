#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "gpt/parameters.hpp"
#include "gpt/training.hpp"

namespace loadstar::gpt {

/// Updates of low rank that learn in the place of whole matrices: weight = base + alpha / rank * B * A. The model
/// always holds the sum, so that it is used, evaluated and written like any other; the gradients of A and B follow from
/// that of the sum by the chain rule. Source: Hu et al. 2021 (LoRA); B begins at zero.
class LowRankUpdates {
  public:
    struct Update {
        std::string name;   ///< of the weight, by its core name
        at::Tensor weight;  ///< [out, in], of the model
        at::Tensor base;    ///< [out, in], what it was before
        at::Tensor a;       ///< f32 [rank, in]
        at::Tensor b;       ///< f32 [out, rank]
    };

    /// Takes over the linear_qkv, linear_fc1 and linear_fc2 weights that still learn; all other weights of the model
    /// learn no more. Errors: invalid_argument (no such weight; a rank that is not below the sizes).
    static Result<LowRankUpdates> create(const std::vector<Parameter>& parameters, const LowRankOptions& options,
                                         std::uint64_t seed);

    /// What learns: A and B of each weight, as `<weight>.low_rank_a` and `<weight>.low_rank_b`.
    [[nodiscard]] std::vector<Parameter> parameters() const;
    [[nodiscard]] const std::vector<Update>& updates() const { return updates_; }
    /// After a backward pass: adds the gradients of A and B, and forgets those of the weights.
    void pass_gradients();
    /// After a step, or when A, B or base were loaded: the weights become the sum.
    void merge();

  private:
    explicit LowRankUpdates(double scale) : scale_(scale) {}
    double scale_;
    std::vector<Update> updates_;
};

/// Takes weights out of learning by rules: core names in which * stands for any text. Errors: invalid_argument (a rule
/// that no weight follows, or that nothing is left to learn).
Result<void> freeze(const std::vector<Parameter>& parameters, const std::vector<std::string>& rules);

/// Whether a text follows a rule in which * stands for any text.
bool follows(std::string_view text, std::string_view rule);

}  // namespace loadstar::gpt
