#pragma once
#include <map>
#include <string>

namespace loadstar::megatron {

/// Those of a training's arguments that say which model the weights make: heads, norms, activation, positions. They go
/// with the weights into other files; data, schedule and places do not.
std::map<std::string, std::string> form_arguments(const std::map<std::string, std::string>& arguments);

}  // namespace loadstar::megatron
