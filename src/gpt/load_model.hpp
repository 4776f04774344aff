#pragma once
#include "gpt/gpt_model.hpp"
#include "gpt/model_source.hpp"

namespace loadstar::gpt {

/// The device of a place. Errors: invalid_argument (no such device here).
Result<at::Device> device_of(const Place& place);
at::ScalarType type_of(Precision precision);

/// Reads a whole model onto one device, without dropout.
/// Errors: those of megatron::find_checkpoint, megatron::read_core_weights, configuration_of and load_weights.
Result<GptModel> load_model(const ModelSource& source, const Place& place);

}  // namespace loadstar::gpt
