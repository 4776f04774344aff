#pragma once
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "service/gpt_generate.hpp"

namespace loadstar::cli {

/// The options that say which model is used and where, as they are typed: the same in every verb that opens a model.
struct ModelOptions {
    std::string checkpoint, qkv_order = "as-the-file-says", device = "cpu", precision = "fp32";
    std::int64_t heads = 0;
    int threads = 0;
    std::vector<std::string> arguments;

    void add_to(CLI::App& verb);
    /// Errors: invalid_argument (an argument without "=").
    [[nodiscard]] Result<gpt::ModelSource> source() const;
    [[nodiscard]] gpt::Place place() const;
};

}  // namespace loadstar::cli
