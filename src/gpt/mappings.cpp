#include "gpt/mappings.hpp"

#include <torch/csrc/autograd/custom_function.h>

namespace loadstar::gpt {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

// Autograd keeps plain values only; the group outlives the graph.
void keep_group(AutogradContext* context, ProcessGroup* group) {
    context->saved_data["group"] = reinterpret_cast<std::int64_t>(group);
}

ProcessGroup& kept_group(AutogradContext* context) {
    return *reinterpret_cast<ProcessGroup*>(context->saved_data["group"].toInt());
}

struct CopyToRegion : torch::autograd::Function<CopyToRegion> {
    static at::Tensor forward(AutogradContext* context, const at::Tensor& values, ProcessGroup* group) {
        keep_group(context, group);
        return values.view_as(values);
    }
    static variable_list backward(AutogradContext* context, const variable_list& gradients) {
        auto sum = gradients[0].clone();
        kept_group(context).all_reduce_sum(sum);
        return {sum, {}};
    }
};

struct ReduceFromRegion : torch::autograd::Function<ReduceFromRegion> {
    static at::Tensor forward(AutogradContext*, const at::Tensor& values, ProcessGroup* group) {
        auto sum = values.clone();
        group->all_reduce_sum(sum);
        return sum;
    }
    static variable_list backward(AutogradContext*, const variable_list& gradients) { return {gradients[0], {}}; }
};

/// Token numbers as rows of this rank, and which of them are elsewhere. Both [b, s].
struct LocalRows {
    at::Tensor row;
    at::Tensor elsewhere;
};

LocalRows local_rows(const at::Tensor& tokens, std::int64_t rows, const ProcessGroup& group) {
    const auto shifted = tokens - group.rank() * rows;
    auto elsewhere = shifted.lt(0).logical_or_(shifted.ge(rows));
    return {.row = shifted.masked_fill(elsewhere, 0), .elsewhere = std::move(elsewhere)};
}

/// Log of the share that this rank's run of the vocabulary has of all, for each token. [b, s]
at::Tensor log_share(const at::Tensor& logits, const at::Tensor& log_softmax, ProcessGroup& group) {
    const auto local =
        logits.select(-1, 0).to(at::kFloat) - log_softmax.select(-1, 0);  // log sum exp of this rank [b, s]
    auto largest = local.clone();
    group.all_reduce_max(largest);
    auto sum = (local - largest).exp_();
    group.all_reduce_sum(sum);
    return local - largest - sum.log_();
}

struct CrossEntropy : torch::autograd::Function<CrossEntropy> {
    static at::Tensor forward(AutogradContext* context, const at::Tensor& logits, const at::Tensor& labels,
                              ProcessGroup* group) {
        const auto local = at::log_softmax(logits, -1, at::kFloat);                               // [b, s, V/t]
        const auto share = group->size() == 1 ? at::Tensor() : log_share(logits, local, *group);  // [b, s]
        const auto rows = local_rows(labels, local.size(-1), *group);
        auto at_label = local.gather(-1, rows.row.unsqueeze(-1)).squeeze(-1);  // [b, s]
        if (share.defined()) at_label.add_(share).masked_fill_(rows.elsewhere, 0);
        group->all_reduce_sum(at_label);
        context->save_for_backward({local, share, rows.row, rows.elsewhere});
        context->saved_data["type"] = static_cast<std::int64_t>(logits.scalar_type());
        return at_label.neg_();
    }
    static variable_list backward(AutogradContext* context, const variable_list& gradients) {
        const auto saved = context->get_saved_variables();
        const auto& local = saved[0];
        auto gradient =
            saved[1].defined() ? (local + saved[1].unsqueeze(-1)).exp_() : local.exp();  // softmax [b, s, V/t]
        gradient.mul_(gradients[0].unsqueeze(-1));
        const auto at_label = gradients[0].neg().masked_fill_(saved[3], 0);  // [b, s]
        gradient.scatter_add_(-1, saved[2].unsqueeze(-1), at_label.unsqueeze(-1));
        return {gradient.to(static_cast<at::ScalarType>(context->saved_data["type"].toInt())), {}, {}};
    }
};

}  // namespace

at::Tensor copy_to_tensor_parallel_region(const at::Tensor& values, ProcessGroup& group) {
    return group.size() == 1 ? values : CopyToRegion::apply(values, &group);
}

at::Tensor reduce_from_tensor_parallel_region(const at::Tensor& values, ProcessGroup& group) {
    return group.size() == 1 ? values : ReduceFromRegion::apply(values, &group);
}

at::Tensor vocab_parallel_embedding(const at::Tensor& tokens, const at::Tensor& weight, ProcessGroup& group) {
    if (group.size() == 1) return at::embedding(weight, tokens);  // [b, s, h]
    const auto local = local_rows(tokens, weight.size(0), group);
    const auto rows = at::embedding(weight, local.row).masked_fill(local.elsewhere.unsqueeze(-1), 0);  // [b, s, h]
    return reduce_from_tensor_parallel_region(rows, group);
}

at::Tensor vocab_parallel_cross_entropy(const at::Tensor& logits, const at::Tensor& labels, ProcessGroup& group) {
    return CrossEntropy::apply(logits, labels, &group);
}

}  // namespace loadstar::gpt
