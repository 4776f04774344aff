#pragma once
#include "cli/shell.hpp"

namespace loadstar::cli {

// Each adds one verb to the group `gpt`.
void add_gpt_inspect(CLI::App& group, Shell& shell);
void add_gpt_convert(CLI::App& group, Shell& shell);
void add_gpt_split(CLI::App& group, Shell& shell);
void add_gpt_merge(CLI::App& group, Shell& shell);
void add_gpt_diff(CLI::App& group, Shell& shell);
void add_gpt_preprocess(CLI::App& group, Shell& shell);
void add_gpt_pretrain(CLI::App& group, Shell& shell);
void add_gpt_finetune(CLI::App& group, Shell& shell);
void add_gpt_generate(CLI::App& group, Shell& shell);
void add_gpt_evaluate(CLI::App& group, Shell& shell);
void add_gpt_export_kit(CLI::App& group, Shell& shell);

}  // namespace loadstar::cli
