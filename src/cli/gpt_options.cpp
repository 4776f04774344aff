#include "cli/gpt_options.hpp"

#include <map>

namespace loadstar::cli {

using megatron::QkvOrder;

void ReadOptions::add_to(CLI::App& verb) {
    const std::map<std::string, QkvOrder> orders{
        {"by-kind", QkvOrder::by_kind}, {"by-value", QkvOrder::by_value}, {"by-head", QkvOrder::by_head}};
    heads_option_ = verb.add_option("--num-attention-heads", heads_, "of a checkpoint that does not say it")
                        ->check(CLI::Range(1, 1 << 20));
    order_option_ = verb.add_option("--qkv-order", order_, "of query, key and value in files of September 2020")
                        ->transform(CLI::CheckedTransformer(orders));
}

megatron::CoreWeightsOptions ReadOptions::chosen() const {
    megatron::CoreWeightsOptions options;
    if (heads_option_ != nullptr && heads_option_->count() > 0) options.num_attention_heads = heads_;
    if (order_option_ != nullptr && order_option_->count() > 0) options.qkv_order = order_;
    return options;
}

}  // namespace loadstar::cli
