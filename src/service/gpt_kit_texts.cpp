#include "service/gpt_kit_texts.hpp"

#include <fmt/format.h>

namespace loadstar::service {
namespace {

std::string replaced(std::string text, const std::vector<std::pair<std::string, std::string>>& values) {
    for (const auto& [name, value] : values)
        for (auto at = text.find(name); at != std::string::npos; at = text.find(name, at + value.size()))
            text.replace(at, name.size(), value);
    return text;
}

/// Arguments as elements of an array of bash, an option and its value per line.
std::string in_lines(const std::vector<std::string>& arguments) {
    std::string lines;
    for (std::size_t at = 0; at < arguments.size(); ++at) {
        const bool is_option = arguments[at].starts_with("--");
        lines += is_option ? (at == 0 ? "    " : "\n    ") : " ";
        lines += is_option ? arguments[at] : "'" + arguments[at] + "'";
    }
    return lines;
}

/// One attention and one feed-forward layer of HybridModel for each layer of a GPT.
std::string hybrid_pattern(int layers) {
    std::string pattern;
    for (int layer = 0; layer < layers; ++layer) pattern += "*-";
    return pattern;
}

constexpr const char* arguments_script = R"kit(# @about@
kit=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
MEGATRON=${MEGATRON:?@where_megatron@}
MEGATRON_CORE=${MEGATRON_CORE:-since-0.18}  # before-0.18
MODEL=${MODEL:-gpt}                         # hybrid: HybridModel, @hybrid@
SAVE=${SAVE:-$kit/results}

case $MEGATRON_CORE in
    since-0.18) vocab_size=@tokens@ ;;   # @since@
    before-0.18) vocab_size=@before@ ;;  # @before_means@
    *) echo "MEGATRON_CORE: since-0.18, before-0.18" >&2; exit 2 ;;
esac
case $MODEL in
    gpt)
        program=$MEGATRON/pretrain_gpt.py
        layers=(--num-layers @layers@)
        load=(--ckpt-format torch --load "${LOAD:-$kit/checkpoint}" --finetune --no-load-optim --no-load-rng)
        ;;
    hybrid)
        program=$MEGATRON/pretrain_hybrid.py
        layers=(--hybrid-layer-pattern '@pattern@'
            --spec megatron.core.models.hybrid.hybrid_layer_specs hybrid_stack_spec)
        load=(--ckpt-format torch_dist --load "${LOAD:?@load_hybrid@}" --finetune --no-load-optim --no-load-rng)
        ;;
    *) echo "MODEL: gpt, hybrid" >&2; exit 2 ;;
esac

arguments=(
    "${layers[@]}"
    --tokenizer-type NullTokenizer --vocab-size "$vocab_size"
    --data-path "$kit/data/dataset" --data-cache-path "$kit/cache"
@arguments@
    "${load[@]}" --save "$SAVE"
)
)kit";

constexpr const char* torchrun_script = R"kit(#!/usr/bin/env bash
# @about_torchrun@
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/arguments.sh"
export CUDA_DEVICE_MAX_CONNECTIONS=1
exec torchrun --nnodes "${NNODES:-@nodes@}" --nproc-per-node "${GPUS_PER_NODE:-@gpus@}" \
    --node-rank "${NODE_RANK:-0}" --master-addr "${MASTER_ADDR:-localhost}" --master-port "${MASTER_PORT:-6000}" \
    "$program" "${arguments[@]}" "$@"
)kit";

constexpr const char* slurm_script = R"kit(#!/usr/bin/env bash
#SBATCH --job-name=loadstar-gpt
#SBATCH --nodes=@nodes@
#SBATCH --ntasks-per-node=1
#SBATCH --gpus-per-node=@gpus@
#SBATCH --exclusive
# @about_slurm@
set -euo pipefail
kit=${KIT:-$SLURM_SUBMIT_DIR}
export MASTER_ADDR=$(scontrol show hostnames "$SLURM_JOB_NODELIST" | head -n 1)
export NNODES=$SLURM_NNODES
srun bash -c 'NODE_RANK=$SLURM_NODEID exec "$0/run_torchrun.sh" "$@"' "$kit" "$@"
)kit";

constexpr const char* readme_en = R"kit(# Training with Megatron-LM

Made by Loadstar from a checkpoint and a dataset. `MEGATRON` is the folder of Megatron-LM.

    MEGATRON=~/Megatron-LM ./run_torchrun.sh                              # one machine
    MEGATRON=~/Megatron-LM MEGATRON_CORE=before-0.18 ./run_torchrun.sh    # Megatron-LM core 0.17 and older
    MEGATRON=~/Megatron-LM sbatch run_slurm.sbatch                        # Slurm: submit it from this folder

On several machines without Slurm, start `run_torchrun.sh` on each with NODE_RANK (0 to @last_node@) and MASTER_ADDR.
Arguments behind the script go to Megatron-LM and win over those of the kit.

## What was chosen, and why
| what | choice | why |
|---|---|---|
| model | @layers@ layers, hidden size @hidden@, @heads@ heads | of the checkpoint: it must not be changed |
| layers | @implementation@ | @implementation_why@ |
| vocabulary | @tokens@ tokens, the last one ends a document; @rows@ rows | `--make-vocab-size-divisible-by @divisor@` times @tp@ ranks pads to just these rows: Megatron-LM does not resize a `torch` checkpoint |
| `--vocab-size` | @tokens@ since core 0.18, @before@ before | NullTokenizer counted its end mark apart before core 0.18 |
| `--seq-length` | @seq@ | @seq_why@ |
| batch | @mbs@ on each of @dp@ data-parallel ranks, @gbs@ a step | @gbs@ must be a multiple of @mbs@ times @dp@ |
| order of the samples | `--seed @seed@ --split @split@ --train-iters @iters@` | these, `--seq-length` and the batch decide it; with the same, Loadstar trains in the same order |
| `--finetune` | weights only, from iteration 0 | the kit has no state of an optimiser |

## To go on after a stop
`LOAD=$PWD/results ./run_torchrun.sh` begins a new schedule from the saved weights. To resume exactly, take
`--finetune --no-load-optim --no-load-rng` out of `arguments.sh` first.

## HybridModel
Megatron-LM core 0.19 deprecates GPTModel. HybridModel reads a GPT only out of a `torch_dist` checkpoint. First, with MODEL=gpt:

    ./run_torchrun.sh --ckpt-convert-format torch_dist --ckpt-convert-save "$PWD/checkpoint_dist"
    MODEL=hybrid LOAD=$PWD/checkpoint_dist ./run_torchrun.sh

HybridModel has Transformer Engine's layers only. Loadstar does not read what HybridModel saves.

## The way back
    loadstar gpt inspect results
    loadstar gpt convert results --output model

Both read `--ckpt-format torch`, of any number of tensor-parallel ranks, and `torch_dist`.
)kit";

constexpr const char* readme_zh = R"kit(# 用 Megatron-LM 训练

由 Loadstar 根据检查点和数据集生成。`MEGATRON` 是 Megatron-LM 所在的文件夹。

    MEGATRON=~/Megatron-LM ./run_torchrun.sh                              # 单机
    MEGATRON=~/Megatron-LM MEGATRON_CORE=before-0.18 ./run_torchrun.sh    # Megatron-LM core 0.17 及更早版本
    MEGATRON=~/Megatron-LM sbatch run_slurm.sbatch                        # Slurm：请在本文件夹中提交

没有 Slurm 的多机训练：在每台机器上设置 NODE_RANK（0 到 @last_node@）和 MASTER_ADDR 后运行 `run_torchrun.sh`。
脚本后面的参数会传给 Megatron-LM，并覆盖本工具包中的同名参数。

## 选择与理由
| 项目 | 选择 | 理由 |
|---|---|---|
| 模型 | @layers@ 层，隐藏维度 @hidden@，@heads@ 个注意力头 | 由检查点决定，不可更改 |
| 层的实现 | @implementation@ | @implementation_why@ |
| 词表 | @tokens@ 个词元，最后一个表示文档结束；共 @rows@ 行 | `--make-vocab-size-divisible-by @divisor@` 乘以 @tp@ 个分片恰好补齐到这些行：Megatron-LM 不会改变 `torch` 检查点的行数 |
| `--vocab-size` | core 0.18 起为 @tokens@，之前为 @before@ | core 0.18 之前 NullTokenizer 的结束词元不计入该值 |
| `--seq-length` | @seq@ | @seq_why@ |
| 批量 | @dp@ 个数据并行进程各 @mbs@，每步共 @gbs@ | @gbs@ 必须是 @mbs@ 乘以 @dp@ 的倍数 |
| 样本顺序 | `--seed @seed@ --split @split@ --train-iters @iters@` | 由这些参数、`--seq-length` 和批量决定；参数相同时 Loadstar 以相同顺序训练 |
| `--finetune` | 只读取权重，从第 0 次迭代开始 | 工具包中没有优化器状态 |

## 中断后继续
`LOAD=$PWD/results ./run_torchrun.sh` 会以已保存的权重开始新的学习率计划。若要精确恢复，请先从 `arguments.sh` 中删去
`--finetune --no-load-optim --no-load-rng`。

## HybridModel
Megatron-LM core 0.19 起不再推荐 GPTModel。HybridModel 只能从 `torch_dist` 检查点读取 GPT。先用 MODEL=gpt 转换：

    ./run_torchrun.sh --ckpt-convert-format torch_dist --ckpt-convert-save "$PWD/checkpoint_dist"
    MODEL=hybrid LOAD=$PWD/checkpoint_dist ./run_torchrun.sh

HybridModel 只有 Transformer Engine 的层。Loadstar 不能读取 HybridModel 保存的检查点。

## 取回结果
    loadstar gpt inspect results
    loadstar gpt convert results --output model

两者都能读取 `--ckpt-format torch`（任意张量并行数）和 `torch_dist`。
)kit";

using Values = std::vector<std::pair<std::string, std::string>>;

Values numbers_of(const KitPlan& plan) {
    const auto& [request, weights, heads, seq_length, divisor] = plan;
    const auto& training = request.training;
    const auto& machines = request.machines;
    return {{"@layers@", std::to_string(weights.shape.num_layers)},
            {"@hidden@", std::to_string(weights.shape.hidden_size)},
            {"@heads@", std::to_string(heads.heads)},
            {"@rows@", std::to_string(weights.shape.padded_vocab_size)},
            {"@tokens@", std::to_string(request.tokens)},
            {"@before@", std::to_string(request.tokens - 1)},
            {"@divisor@", std::to_string(divisor)},
            {"@seq@", std::to_string(seq_length)},
            {"@tp@", std::to_string(machines.tensor_parallel)},
            {"@dp@", std::to_string(machines.data_parallel())},
            {"@nodes@", std::to_string(machines.nodes)},
            {"@last_node@", std::to_string(machines.nodes - 1)},
            {"@gpus@", std::to_string(machines.gpus_per_node)},
            {"@mbs@", std::to_string(training.micro_batch_size)},
            {"@gbs@", std::to_string(training.global_batch_size)},
            {"@seed@", std::to_string(training.seed)},
            {"@split@", training.split},
            {"@iters@", std::to_string(training.train_iters)},
            {"@pattern@", hybrid_pattern(weights.shape.num_layers)}};
}

Values sentences_of(const KitPlan& plan) {
    const auto tr = [&](const char* en, const char* zh) -> std::string {
        return plan.request.language == Language::chinese ? zh : en;
    };  // namespace
    const bool engine = plan.request.implementation == LayerImplementation::transformer_engine;
    const bool learned = plan.weights.shape.max_position_embeddings.has_value();
    return {
        {"@about@", tr("Arguments of Megatron-LM for this checkpoint and this dataset; README.md says why.",
                       "本检查点和数据集所用的 Megatron-LM 参数，理由见 README.md。")},
        {"@where_megatron@", tr("the folder of Megatron-LM", "Megatron-LM 所在的文件夹")},
        {"@hybrid@", tr("see README.md", "见 README.md")},
        {"@since@", tr("tokens, with the end mark", "词元数，含结束词元")},
        {"@before_means@", tr("without the end mark", "不含结束词元")},
        {"@load_hybrid@", tr("a torch_dist checkpoint, see README.md", "torch_dist 检查点，见 README.md")},
        {"@about_torchrun@", tr("Runs Megatron-LM under torchrun, on this machine or as one of several.",
                                "用 torchrun 运行 Megatron-LM，单机或多机之一。")},
        {"@about_slurm@",
         tr("Runs run_torchrun.sh on every node of a Slurm job.", "在 Slurm 作业的每个节点上运行 run_torchrun.sh。")},
        {"@implementation@", engine ? "Transformer Engine" : "--transformer-impl local"},
        {"@implementation_why@",
         engine ? tr("Megatron-LM's default; without Transformer Engine make the kit again with --implementation local",
                     "Megatron-LM 的默认实现；没有 Transformer Engine 时请用 --implementation local 重新生成")
                : tr("no Transformer Engine and no Apex needed", "不需要 Transformer Engine 和 Apex")},
        {"@seq_why@",
         learned ? tr("not more than the positions that the checkpoint has learned", "不超过检查点已学习的位置数")
                 : tr("rotary positions: free to choose", "旋转位置编码：可自由选择")},
    };
}  // namespace loadstar::service

}  // namespace

std::vector<KitText> kit_texts(const KitPlan& plan, const std::vector<std::string>& arguments) {
    auto values = numbers_of(plan);
    const auto sentences = sentences_of(plan);
    values.insert(values.end(), sentences.begin(), sentences.end());
    values.emplace_back("@arguments@", in_lines(arguments));
    const auto* readme = plan.request.language == Language::chinese ? readme_zh : readme_en;
    return {{.name = "arguments.sh", .text = replaced(arguments_script, values)},
            {.name = "run_torchrun.sh", .text = replaced(torchrun_script, values), .is_program = true},
            {.name = "run_slurm.sbatch", .text = replaced(slurm_script, values), .is_program = true},
            {.name = "README.md", .text = replaced(readme, values)}};
}

}  // namespace loadstar::service
