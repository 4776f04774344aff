#pragma once
#include <filesystem>
#include <vector>

#include "base/progress.hpp"
#include "neural/patch_network.hpp"

namespace loadstar::neural {

/// The files of a network in its folder. The body is a checkpoint under Megatron core's names that `gpt convert` turns
/// into any other form; the head has the layers that take patches in and give quantiles out. Beside them lies
/// README.md, the model card, for people.
inline constexpr const char* body_file = "body.safetensors";
inline constexpr const char* head_file = "head.safetensors";

/// Writes both files, making the folder where it is absent. Files that are there are replaced, each as a whole.
/// @param type    f32, f16 or bf16
/// @param values  instead of the weights of the network, in the order of parameters(); empty: its own
/// Errors: those of NewFile; cancelled.
Result<void> save_network(const PatchNetwork& network, const std::filesystem::path& folder, at::ScalarType type,
                          const std::vector<at::Tensor>& values, Progress& progress);

/// Errors: those of megatron::find_checkpoint and read_core_weights (body), SafetensorsFile::open (head);
/// invalid_input (a weight that is missing, has another shape, or belongs to no such network).
Result<PatchNetwork> load_network(const std::filesystem::path& folder, at::Device device = at::kCPU);

}  // namespace loadstar::neural
