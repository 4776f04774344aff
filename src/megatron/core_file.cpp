#include "megatron/core_file.hpp"

#include <algorithm>

#include "megatron/query_key_value.hpp"
#include "megatron/tensor_layout.hpp"
#include "megatron/weight_names.hpp"
#include "megatron/weight_shapes.hpp"

namespace loadstar::megatron {
namespace {

Error at_weight(Error error, const CheckpointFile& file, const std::string& name) {
    error.where = fmt::format("{}, {}", file.path().string(), name);
    return error;
}

/// A tensor of the file as it is, contiguous: a matrix of Hugging Face's linear layers turned.
Result<CoreWeight> straight(const SharedFile& file, const NamedTensor& named, const std::string& name,
                            const GptShape& shape) {
    LOADSTAR_TRY(const auto loaded, file->load(named));
    const std::shared_ptr<const void> keeper = loaded.keeper != nullptr ? loaded.keeper : file;
    auto tensor = loaded.tensor;
    const auto bytes = static_cast<std::size_t>(tensor.elements()) * bytes_of(tensor.type);
    if (bytes > tensor.bytes.size()) {
        return at_weight(
            {.code = ErrorCode::invalid_input,
             .message = fmt::format("expected {} bytes of elements, found {}", bytes, tensor.bytes.size())},
            *file, named.name);
    }
    const bool turned = file->naming() == Naming::hugging_face && tensor.shape.size() == 2 && layer_of(name);
    if (turned) tensor = permuted(tensor, {1, 0});
    if (const auto fits = check_weight(name, tensor, shape); !fits) return at_weight(fits.error(), *file, named.name);
    if (tensor.is_contiguous()) return CoreWeight{name, reshaped(tensor, tensor.shape), keeper};
    auto copy = own_weight(name, tensor.type, tensor.shape, contiguous_bytes(tensor));
    file->let_go(tensor);
    return copy;
}

Result<CoreWeight> in_core_order(CoreWeight weight, const CheckpointFile& file, const Reading& reading) {
    const bool rows = weight.name.find(".linear_qkv.") != std::string::npos;
    if (!rows || reading.order == QkvOrder::by_head) return weight;
    if (!reading.heads) {
        return Error{.code = ErrorCode::invalid_argument,
                     .message = fmt::format("rows of query, key and value are in the order {}, and nothing says how "
                                            "many attention heads there are",
                                            to_string(reading.order)),
                     .hint = "give --num-attention-heads; the released 345M has 16"};
    }
    LOADSTAR_TRY(auto bytes, rows_by_head(weight.tensor, reading.order, *reading.heads));
    file.let_go(weight.tensor);
    return own_weight(weight.name, weight.tensor.type, weight.tensor.shape, std::move(bytes));
}

}  // namespace

Result<std::vector<CoreWeight>> read_core_file(const SharedFile& file, const Reading& reading,
                                               std::vector<std::string>& left_out) {
    std::vector<CoreWeight> weights;
    for (const auto& named : file->tensors()) {
        const auto name = core_name(file->naming(), named.name);
        if (!name) {
            left_out.push_back(named.name);
            continue;
        }
        if (!partition_of(*name)) {
            return at_weight({.code = ErrorCode::invalid_input,
                              .message = "expected the weights of a GPT, found one that no GPT has"},
                             *file, named.name);
        }
        LOADSTAR_TRY(auto weight, straight(file, named, *name, reading.shape));
        auto ordered = in_core_order(std::move(weight), *file, reading);
        if (!ordered) return at_weight(std::move(ordered).error(), *file, named.name);
        weights.push_back(std::move(*ordered));
    }
    std::ranges::sort(weights, [](const auto& a, const auto& b) { return stands_before(a.name, b.name); });
    const auto twice = std::ranges::adjacent_find(weights, {}, &CoreWeight::name);
    if (twice != weights.end()) {
        return at_weight({.code = ErrorCode::invalid_input, .message = "the weight is there under two names"}, *file,
                         twice->name);
    }
    return weights;
}

}  // namespace loadstar::megatron
