#include "cli/verb_gpt.hpp"

#include "cli/shell.hpp"

namespace loadstar::cli {

void add_gpt(CLI::App& app, Shell& shell) {
    auto* group = app.add_subcommand("gpt", "work with checkpoints and datasets of Megatron-LM");
    group->require_subcommand(1);
    group->footer("Examples:\n  loadstar gpt inspect checkpoints/run7\n  loadstar gpt convert --help");
    add_gpt_inspect(*group, shell);
    add_gpt_convert(*group, shell);
    add_gpt_split(*group, shell);
    add_gpt_merge(*group, shell);
    add_gpt_diff(*group, shell);
    add_gpt_preprocess(*group, shell);
    add_gpt_pretrain(*group, shell);
    add_gpt_finetune(*group, shell);
    add_gpt_generate(*group, shell);
    add_gpt_evaluate(*group, shell);
    add_gpt_export_kit(*group, shell);
}

}  // namespace loadstar::cli
