#pragma once
#include <filesystem>
#include <stdexcept>

#include "megatron/checkpoint_writer.hpp"
#include "support/tiny_gpt.hpp"

namespace loadstar::test_support {

/// Writes a small GPT with weights drawn by lot as Megatron core would.
inline std::filesystem::path write_text_checkpoint(const std::filesystem::path& place, const TinyForm& form = {}) {
    NoProgress quiet;
    const auto written = megatron::write_checkpoint(tiny_gpt(form), {.place = place}, quiet);
    if (!written) throw std::runtime_error(written.error().message);
    return place;
}

}  // namespace loadstar::test_support
