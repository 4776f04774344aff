#include "cli/gpt_options.hpp"

#include <fmt/format.h>

namespace loadstar::cli {
namespace {

const std::map<std::string, megatron::QkvOrder> qkv_orders{{"by-kind", megatron::QkvOrder::by_kind},
                                                           {"by-value", megatron::QkvOrder::by_value},
                                                           {"by-head", megatron::QkvOrder::by_head}};
const std::map<std::string, gpt::Precision> precisions{
    {"fp32", gpt::Precision::fp32}, {"bf16", gpt::Precision::bf16}, {"fp16", gpt::Precision::fp16}};

}  // namespace

void ModelOptions::add_to(CLI::App& verb) {
    verb.add_option("checkpoint", checkpoint, "a file, or the folder of a checkpoint")->required();
    verb.add_option("--heads", heads, "number of attention heads, where the file does not tell it");
    verb.add_option("--qkv-order", qkv_order, "order of the rows of query, key and value")
        ->check(CLI::IsMember({"as-the-file-says", "by-kind", "by-value", "by-head"}))
        ->capture_default_str();
    verb.add_option("--argument", arguments,
                    "what the file does not tell, such as rotary_base=500000 (may be repeated)")
        ->type_name("NAME=VALUE");
    verb.add_option("--device", device, "cpu, cuda or cuda:N")->capture_default_str();
    verb.add_option("--precision", precision, "of weights and activations")
        ->check(CLI::IsMember({"fp32", "bf16", "fp16"}))
        ->capture_default_str();
    verb.add_option("--threads", threads, "of the CPU; 0 leaves it to LibTorch")->capture_default_str();
}

Result<gpt::ModelSource> ModelOptions::source() const {
    gpt::ModelSource source{.checkpoint = checkpoint};
    if (heads > 0) source.weights.num_attention_heads = heads;
    if (const auto order = qkv_orders.find(qkv_order); order != qkv_orders.end())
        source.weights.qkv_order = order->second;
    for (const auto& argument : arguments) {
        const auto equals = argument.find('=');
        if (equals == std::string::npos || equals == 0)
            return Error{.code = ErrorCode::invalid_argument,
                         .message = fmt::format("--argument is \"{}\", expected NAME=VALUE", argument)};
        source.arguments[argument.substr(0, equals)] = argument.substr(equals + 1);
    }
    return source;
}

gpt::Place ModelOptions::place() const {
    return {.device = device, .precision = precisions.at(precision), .threads = threads};
}

}  // namespace loadstar::cli
