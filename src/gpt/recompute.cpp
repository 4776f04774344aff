#include "gpt/recompute.hpp"

#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/function.h>
#include <torch/csrc/autograd/functions/utils.h>

namespace loadstar::gpt {
namespace {

struct Recompute final : torch::autograd::Node {
    Recompute(std::function<at::Tensor(const at::Tensor&)> function, const at::Tensor& input)
        : function_(std::move(function)), input_(input.detach()) {}

    torch::autograd::variable_list apply(torch::autograd::variable_list&& gradients) override {
        const auto input = input_.detach().set_requires_grad(true);
        const at::AutoGradMode with_gradients(true);
        torch::autograd::backward({function_(input)}, {gradients[0]});
        return {input.grad()};
    }

    std::function<at::Tensor(const at::Tensor&)> function_;
    at::Tensor input_;
};

}  // namespace

at::Tensor recomputed(const std::function<at::Tensor(const at::Tensor&)>& function, const at::Tensor& input) {
    if (!at::GradMode::is_enabled()) return function(input);
    at::Tensor output;
    {
        const at::NoGradGuard keeping_nothing;
        output = function(input);
    }
    const auto node = std::make_shared<Recompute>(function, input);
    node->set_next_edges(torch::autograd::collect_next_edges(input));
    torch::autograd::set_history(output, node);
    return output;
}

}  // namespace loadstar::gpt
