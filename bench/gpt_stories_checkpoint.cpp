// Writes stories260K, a small Llama form that was trained on children's stories, as a checkpoint under Megatron core's
// names, so that `loadstar ablate` has a real text model: gpt_stories_checkpoint stories260K.bin FILE.safetensors

#include <fmt/format.h>

#include "gpt/configuration_arguments.hpp"
#include "megatron/safetensors_writer.hpp"
#include "support/stories_gpt.hpp"

int main(int argc, char** argv) {
    using namespace loadstar;
    if (argc != 3) {
        fmt::print(stderr, "usage: gpt_stories_checkpoint stories260K.bin FILE.safetensors\n");
        return 2;
    }
    const auto model = test_support::stories_model(argv[1]);
    std::vector<megatron::NamedTensor> tensors;
    for (const auto& parameter : model.parameters()) tensors.push_back({parameter.name, gpt::view_of(parameter.value)});
    NoProgress quiet;
    const auto written = megatron::write_safetensors(argv[2], tensors, gpt::arguments_of(model.configuration()), quiet);
    if (written) return 0;
    fmt::print(stderr, "{}\n", to_string(written.error()));
    return 1;
}
