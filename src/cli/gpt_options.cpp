#include "cli/gpt_options.hpp"

#include <map>

#include <fmt/format.h>

#include "cli/named_values.hpp"

namespace loadstar::cli {
namespace {

const std::map<std::string, megatron::QkvOrder> qkv_orders{{"by-kind", megatron::QkvOrder::by_kind},
                                                           {"by-value", megatron::QkvOrder::by_value},
                                                           {"by-head", megatron::QkvOrder::by_head}};
const std::map<std::string, gpt::Precision> precisions{
    {"fp32", gpt::Precision::fp32}, {"bf16", gpt::Precision::bf16}, {"fp16", gpt::Precision::fp16}};

}  // namespace

void ReadOptions::add_to(CLI::App& verb) {
    heads_option_ = verb.add_option("--num-attention-heads", heads_, "of a checkpoint that does not say it")
                        ->check(CLI::Range(1, 1 << 20));
    order_option_ = verb.add_option("--qkv-order", order_, "of query, key and value in files of September 2020")
                        ->transform(one_of(qkv_orders));
}

megatron::CoreWeightsOptions ReadOptions::chosen() const {
    megatron::CoreWeightsOptions options;
    if (heads_option_ != nullptr && heads_option_->count() > 0) options.num_attention_heads = heads_;
    if (order_option_ != nullptr && order_option_->count() > 0) options.qkv_order = order_;
    return options;
}

void ModelOptions::add_to(CLI::App& verb) {
    verb.add_option("checkpoint", checkpoint, "a file, or the folder of a checkpoint")->required();
    read.add_to(verb);
    verb.add_option("--argument", arguments,
                    "what the file does not tell, such as rotary_base=500000 (may be repeated)")
        ->type_name("NAME=VALUE");
    place.add_to(verb);
}

void PlaceOptions::add_to(CLI::App& verb) {
    verb.add_option("--device", place_.device, "cpu, cuda or cuda:N")->capture_default_str();
    verb.add_option("--precision", place_.precision, "of weights and activations: fp32, bf16 or fp16")
        ->transform(one_of(precisions));
    verb.add_option("--threads", place_.threads, "of the CPU; 0 leaves it to LibTorch")->capture_default_str();
}

Result<gpt::ModelSource> ModelOptions::source() const {
    gpt::ModelSource source{.checkpoint = checkpoint, .weights = read.chosen()};
    for (const auto& argument : arguments) {
        const auto equals = argument.find('=');
        if (equals == std::string::npos || equals == 0)
            return Error{.code = ErrorCode::invalid_argument,
                         .message = fmt::format("--argument is \"{}\", expected NAME=VALUE", argument)};
        source.arguments[argument.substr(0, equals)] = argument.substr(equals + 1);
    }
    return source;
}

}  // namespace loadstar::cli
