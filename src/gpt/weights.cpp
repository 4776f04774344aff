#include "gpt/weights.hpp"

#include <map>

#include <fmt/format.h>

namespace loadstar::gpt {
namespace {

using megatron::ScalarType;

at::ScalarType torch_type(ScalarType type) {
    switch (type) {
        case ScalarType::u8: return at::kByte;
        case ScalarType::i8: return at::kChar;
        case ScalarType::i16: return at::kShort;
        case ScalarType::i32: return at::kInt;
        case ScalarType::i64: return at::kLong;
        case ScalarType::f16: return at::kHalf;
        case ScalarType::bf16: return at::kBFloat16;
        case ScalarType::f32: return at::kFloat;
        case ScalarType::f64: return at::kDouble;
        case ScalarType::boolean: return at::kBool;
    }
    throw std::logic_error("unknown scalar type");
}

ScalarType file_type(at::ScalarType type) {
    for (const auto& names : megatron::scalar_types)
        if (torch_type(names.type) == type) return names.type;
    throw std::logic_error(fmt::format("no file holds tensors of type {}", at::toString(type)));
}

Error refused(const std::string& name, std::string_view found, std::string_view expected) {
    return {.code = ErrorCode::invalid_input,
            .message = fmt::format("weight {}: found {}, expected {}", name, found, expected)};
}

}  // namespace

at::Tensor tensor_of(const megatron::TensorView& view) {
    auto tensor = at::empty(view.shape, at::TensorOptions(torch_type(view.type)));
    if (view.is_contiguous()) {
        std::copy(view.bytes.begin(), view.bytes.end(), static_cast<std::byte*>(tensor.data_ptr()));
    } else {
        const auto bytes = megatron::contiguous_bytes(view);
        std::copy(bytes.begin(), bytes.end(), static_cast<std::byte*>(tensor.data_ptr()));
    }
    return tensor;
}

megatron::TensorView view_of(const at::Tensor& tensor) {
    return megatron::contiguous_view(file_type(tensor.scalar_type()), tensor.sizes().vec(),
                                     {static_cast<const std::byte*>(tensor.data_ptr()), tensor.nbytes()});
}

Result<void> load_weights(GptModel& model, const std::vector<megatron::NamedTensor>& weights) {
    std::map<std::string_view, const megatron::TensorView*> found;
    for (const auto& weight : weights) found[weight.name] = &weight.tensor;
    std::vector<std::pair<at::Tensor, const megatron::TensorView*>> wanted;
    for (const auto& parameter : model.parameters()) {
        const auto at = found.find(parameter.name);
        const auto expected = megatron::shape_text(parameter.value.sizes().vec());
        if (at == found.end()) return refused(parameter.name, "none", expected);
        if (at->second->shape != parameter.value.sizes().vec())
            return refused(parameter.name, megatron::shape_text(at->second->shape), expected);
        wanted.push_back({parameter.value, at->second});
        found.erase(at);
    }
    if (!found.empty())
        return refused(std::string(found.begin()->first), "it in the file", "no such weight in a model of this form");
    const at::NoGradGuard no_gradients;
    for (auto& [value, view] : wanted) value.copy_(tensor_of(*view));
    return {};
}

}  // namespace loadstar::gpt
