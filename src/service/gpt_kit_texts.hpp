#pragma once
#include <string>
#include <vector>

#include "service/gpt_kit_arguments.hpp"

namespace loadstar::service {

/// A text file of the kit.
struct KitText {
    std::string name;
    std::string text;
    bool is_program = false;
};

/// The scripts and the README, in the language of the request.
/// @param arguments  of megatron_arguments
std::vector<KitText> kit_texts(const KitPlan& plan, const std::vector<std::string>& arguments);

}  // namespace loadstar::service
