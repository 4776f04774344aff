#include "neural/network_folder.hpp"

#include <map>

#include <fmt/format.h>

#include "gpt/configuration_arguments.hpp"
#include "gpt/weights.hpp"
#include "megatron/core_weights.hpp"
#include "megatron/safetensors.hpp"
#include "megatron/safetensors_writer.hpp"

namespace loadstar::neural {
namespace {

using megatron::NamedTensor;

Result<void> make_folder(const std::filesystem::path& folder) {
    std::error_code problem;
    std::filesystem::create_directories(folder, problem);
    if (!problem) return {};
    return Error{.code = ErrorCode::io_error,
                 .message = fmt::format("cannot make the folder of the network: {}", problem.message()),
                 .where = folder.string()};
}

Result<void> write(const std::filesystem::path& file, const std::vector<gpt::Parameter>& parameters,
                   const std::vector<at::Tensor>& values, const std::map<std::string, std::string>& metadata,
                   Progress& progress) {
    std::vector<NamedTensor> tensors;
    for (std::size_t at = 0; at < parameters.size(); ++at)
        tensors.push_back({parameters[at].name, gpt::view_of(values[at])});
    return megatron::write_safetensors(file, tensors, metadata, progress);
}

/// Takes over weights by name; all or none.
Result<void> take(const std::vector<gpt::Parameter>& parameters, const std::vector<NamedTensor>& weights) {
    std::map<std::string_view, const megatron::TensorView*> found;
    for (const auto& weight : weights) found[weight.name] = &weight.tensor;
    const auto refused = [](std::string_view name, std::string_view seen, std::string_view expected) {
        return Error{.code = ErrorCode::invalid_input,
                     .message = fmt::format("weight {}: found {}, expected {}", name, seen, expected)};
    };
    for (const auto& parameter : parameters) {
        const auto at = found.find(parameter.name);
        const auto expected = megatron::shape_text(parameter.value.sizes().vec());
        if (at == found.end()) return refused(parameter.name, "none", expected);
        if (at->second->shape != parameter.value.sizes().vec())
            return refused(parameter.name, megatron::shape_text(at->second->shape), expected);
    }
    if (found.size() > parameters.size())
        return refused("", fmt::format("{} weights", found.size()), std::to_string(parameters.size()));
    const at::NoGradGuard no_gradients;
    for (const auto& parameter : parameters) parameter.value.copy_(gpt::tensor_of(*found.at(parameter.name)));
    return {};
}

Result<NetworkForm> form_of(const megatron::CoreWeights& body, const std::map<std::string, std::string>& numbers) {
    NetworkForm form;
    LOADSTAR_TRY(form.body, gpt::configuration_of(body.shape, body.arguments));
    LOADSTAR_CHECK(take_numbers(form, numbers));
    return form;
}

Result<PatchNetwork> network_of(const megatron::CoreWeights& body, const megatron::SafetensorsFile& head,
                                at::Device device) {
    LOADSTAR_TRY(const auto form, form_of(body, head.metadata()));
    LOADSTAR_TRY(
        auto network,
        PatchNetwork::create({.form = form, .device = device, .initial_weights = gpt::InitialWeights::undefined}));
    std::vector<NamedTensor> weights;
    for (const auto& weight : body.weights) weights.push_back({weight.name, weight.tensor});
    LOADSTAR_CHECK(take(network.body(), weights));
    LOADSTAR_CHECK(take(network.head(), head.tensors()));
    return network;
}

}  // namespace

Result<void> save_network(const PatchNetwork& network, const std::filesystem::path& folder, at::ScalarType type,
                          const std::vector<at::Tensor>& values, Progress& progress) {
    LOADSTAR_CHECK(make_folder(folder));
    const at::NoGradGuard no_gradients;
    std::vector<at::Tensor> written;
    const auto parameters = network.parameters();
    for (std::size_t at = 0; at < parameters.size(); ++at)
        written.push_back((values.empty() ? parameters[at].value : values[at]).to(at::kCPU, type).contiguous());
    const auto head_begin = written.begin() + static_cast<std::ptrdiff_t>(network.body().size());
    LOADSTAR_CHECK(write(folder / body_file, network.body(), {written.begin(), head_begin},
                         gpt::arguments_of(network.form().body), progress));
    return write(folder / head_file, network.head(), {head_begin, written.end()}, numbers_of(network.form()), progress);
}

Result<PatchNetwork> load_network(const std::filesystem::path& folder, at::Device device) {
    LOADSTAR_TRY(const auto place, megatron::find_checkpoint(folder / body_file));
    LOADSTAR_TRY(const auto body, megatron::read_core_weights(place));
    LOADSTAR_TRY(const auto head, megatron::SafetensorsFile::open(folder / head_file));
    auto network = network_of(body, head, device);
    if (network) return network;
    auto error = network.error();
    error.where = folder.string();
    if (error.hint.empty()) error.hint = "a network of another version of the program must be pre-trained anew";
    return error;
}

}  // namespace loadstar::neural
