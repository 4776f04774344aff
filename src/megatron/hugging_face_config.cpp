#include "megatron/hugging_face_config.hpp"

#include <array>
#include <fstream>

#include <nlohmann/json.hpp>

namespace loadstar::megatron {

Result<std::map<std::string, std::string>> hugging_face_arguments(const std::filesystem::path& config) {
    std::map<std::string, std::string> arguments;
    std::error_code ignored;
    if (!std::filesystem::is_regular_file(config, ignored)) return arguments;
    std::ifstream file(config);
    const auto json = nlohmann::json::parse(file, nullptr, /*allow_exceptions=*/false);
    if (!json.is_object()) {
        return Error{.code = ErrorCode::invalid_input,
                     .message = "expected a JSON object that describes the model, found something else",
                     .where = config.string()};
    }
    constexpr std::array numbers{std::pair{"n_head", "num_attention_heads"},
                                 std::pair{"layer_norm_epsilon", "layernorm_epsilon"}};
    for (const auto& [key, argument] : numbers)
        if (const auto found = json.find(key); found != json.end() && found->is_number())
            arguments.emplace(argument, found->dump());
    if (const auto found = json.find("activation_function"); found != json.end() && found->is_string())
        arguments.emplace("bias_gelu_fusion", *found == "gelu" ? "False" : "True");  // the fused form is gelu_new
    return arguments;
}

}  // namespace loadstar::megatron
