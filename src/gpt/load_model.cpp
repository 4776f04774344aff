#include "gpt/load_model.hpp"

#include <ATen/Parallel.h>

#include <fmt/format.h>

#include "gpt/weights.hpp"

namespace loadstar::gpt {
namespace {

Arguments all_arguments(const megatron::CoreWeights& weights, const ModelSource& source) {
    auto arguments = source.arguments;
    arguments.insert(weights.arguments.begin(), weights.arguments.end());
    return arguments;
}

}  // namespace

Result<at::Device> device_of(const Place& place) {
    try {
        const at::Device device(place.device);
        if (device.is_cpu() || (device.is_cuda() && at::hasCUDA())) return device;
    } catch (const c10::Error&) {  // a text that names no device
    }
    return Error{.code = ErrorCode::invalid_argument,
                 .message = fmt::format("there is no device {} here", place.device),
                 .hint = at::hasCUDA() ? "cpu, cuda, or cuda:N" : "this LibTorch knows the device cpu only"};
}

at::ScalarType type_of(Precision precision) {
    switch (precision) {
        case Precision::fp32: return at::kFloat;
        case Precision::bf16: return at::kBFloat16;
        case Precision::fp16: return at::kHalf;
    }
    throw std::logic_error("unknown precision");
}

Result<GptModel> load_model(const ModelSource& source, const Place& place) {
    if (place.threads > 0) at::set_num_threads(place.threads);
    LOADSTAR_TRY(const auto device, device_of(place));
    LOADSTAR_TRY(const auto checkpoint, megatron::find_checkpoint(source.checkpoint));
    LOADSTAR_TRY(const auto weights, megatron::read_core_weights(checkpoint, source.weights));
    LOADSTAR_TRY(auto form, configuration_of(weights.shape, all_arguments(weights, source)));
    form.hidden_dropout = form.attention_dropout = 0;
    LOADSTAR_TRY(auto model, GptModel::create({.configuration = form,
                                               .device = device,
                                               .params_dtype = type_of(place.precision),
                                               .initial_weights = InitialWeights::undefined}));
    std::vector<megatron::NamedTensor> named;
    for (const auto& weight : weights.weights) named.push_back({weight.name, weight.tensor});
    LOADSTAR_CHECK(load_weights(model, named));
    return model;
}

}  // namespace loadstar::gpt
