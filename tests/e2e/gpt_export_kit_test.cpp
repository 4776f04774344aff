// The verb `gpt export-kit` of the built program: its scripts run, with stand-ins for torchrun and Slurm that only tell
// what they were given.
#include <filesystem>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "megatron/checkpoint_writer.hpp"
#include "support/program.hpp"
#include "support/same_weights.hpp"
#include "support/temporary_folder.hpp"
#include "support/tiny_gpt.hpp"
#include "support/token_documents.hpp"

namespace loadstar {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsSupersetOf;
using testing::Not;

class GptExportKit : public testing::Test {
  protected:
    void SetUp() override {
        NoProgress silent;
        ASSERT_TRUE(megatron::write_checkpoint(gpt_, {.place = folder_.path() / "model"}, silent));
        auto writer =
            megatron::IndexedDatasetWriter::create(folder_.path() / "load", megatron::TokenType::uint16).value();
        for (int document = 0; document < 20; ++document)
            ASSERT_TRUE(writer.add_document(std::vector<std::int64_t>{1, 2, 3, 38, 39}));
        ASSERT_TRUE(writer.finish());
        program("torchrun", "printf '%s\\n' \"$@\"");
        program("scontrol", "echo node1");
        program("srun", "export SLURM_NODEID=0; exec \"$@\"");
    }
    void program(const std::string& name, const std::string& text) {
        std::filesystem::permissions(folder_.write("bin/" + name, "#!/bin/sh\n" + text + "\n"),
                                     std::filesystem::perms(0755));
    }
    [[nodiscard]] std::string at(const std::string& name) const { return (folder_.path() / name).string(); }
    [[nodiscard]] ProgramResult make_kit(std::vector<std::string> more) const {
        std::vector<std::string> arguments{
            "gpt", "export-kit", at("model"), "--data-path", at("load"), "--output", at("kit"), "--gpus-per-node", "2"};
        arguments.insert(arguments.end(), more.begin(), more.end());
        return run_loadstar(arguments);
    }
    /// Runs a script of the kit. @return  lines of its output
    [[nodiscard]] std::vector<std::string> run(const std::string& script, const std::string& settings = "") const {
        const auto command =
            "cd '" + at("kit") + "' && PATH='" + at("bin") + "':$PATH MEGATRON=/m " + settings + " ./" + script;
        const auto result = run_program("/bin/bash", {"-c", command});
        EXPECT_EQ(result.exit_code, 0) << result.errors;
        std::vector<std::string> lines;
        std::istringstream stream(result.output);
        for (std::string line; std::getline(stream, line);) lines.push_back(line);
        return lines;
    }
    static std::string after(const std::vector<std::string>& arguments, const std::string& option) {
        const auto found = std::ranges::find(arguments, option);
        return found != arguments.end() && std::next(found) != arguments.end() ? *std::next(found) : "";
    }
    TemporaryFolder folder_;
    megatron::CoreWeights gpt_ = test_support::tiny_gpt();
};

TEST_F(GptExportKit, ItsScriptsStartMegatronWithTheFormOfTheCheckpoint) {
    const auto made = make_kit({"--vocab-size", "40", "--json", "--tensor-parallel", "2"});
    ASSERT_EQ(made.exit_code, 0) << made.errors;
    const auto report = nlohmann::json::parse(made.output);
    EXPECT_EQ(report["largest_token"], 39);
    EXPECT_EQ(report["dataset_tokens"], 100);
    for (const auto* script : {"arguments.sh", "run_torchrun.sh", "run_slurm.sbatch"})
        EXPECT_EQ(run_program("/bin/bash", {"-n", at("kit") + "/" + script}).exit_code, 0) << script;
    const auto given = run("run_torchrun.sh");
    EXPECT_THAT(given, Contains("/m/pretrain_gpt.py"));
    EXPECT_THAT(given, IsSupersetOf(report["arguments"].get<std::vector<std::string>>()));
    EXPECT_EQ(after(given, "--nproc-per-node"), "2");
    EXPECT_EQ(after(given, "--num-layers"), "2");
    EXPECT_EQ(after(given, "--hidden-size"), "32");
    EXPECT_EQ(after(given, "--num-attention-heads"), "4");
    EXPECT_EQ(after(given, "--max-position-embeddings"), "16");
    EXPECT_EQ(after(given, "--seq-length"), "16");
    EXPECT_EQ(after(given, "--make-vocab-size-divisible-by"), "20");
    EXPECT_EQ(after(given, "--vocab-size"), "40");
    EXPECT_EQ(after(given, "--ckpt-format"), "torch");
    EXPECT_EQ(after(given, "--load"), at("kit") + "/checkpoint");
    EXPECT_THAT(given, Contains("--finetune"));
    EXPECT_EQ(after(run("run_torchrun.sh", "MEGATRON_CORE=before-0.18"), "--vocab-size"), "39");
    EXPECT_EQ(after(run("run_torchrun.sh --lr 1", ""), "--lr"), "0.00015");  // behind it stands the one that wins
    EXPECT_THAT(run("run_slurm.sbatch", "SLURM_SUBMIT_DIR=$PWD SLURM_JOB_NODELIST=x SLURM_NNODES=3"),
                IsSupersetOf({"--nnodes", "3", "--master-addr", "node1", "/m/pretrain_gpt.py"}));
}

TEST_F(GptExportKit, HybridModelHasNoNumberOfLayers) {
    ASSERT_EQ(make_kit({"--vocab-size", "40"}).exit_code, 0);
    const auto given = run("run_torchrun.sh", "MODEL=hybrid LOAD=dist");
    EXPECT_THAT(given, Contains("/m/pretrain_hybrid.py"));
    EXPECT_EQ(after(given, "--hybrid-layer-pattern"), "*-*-");
    EXPECT_EQ(after(given, "--ckpt-format"), "torch_dist");
    EXPECT_THAT(given, Not(Contains("--num-layers")));
}

TEST_F(GptExportKit, HoldsTheSameModelAndData) {
    ASSERT_EQ(make_kit({"--vocab-size", "40", "--tensor-parallel", "2", "--lang", "zh"}).exit_code, 0);
    const auto found = megatron::find_checkpoint(at("kit") + "/checkpoint").value();
    EXPECT_EQ(found.tensor_parallel, 2);
    const auto weights = megatron::read_core_weights(found, {.num_attention_heads = 4});
    ASSERT_TRUE(weights) << to_string(weights.error());
    test_support::expect_same_weights(*weights, gpt_);
    EXPECT_EQ(test_support::bytes_of(at("kit") + "/data/dataset.bin"), test_support::bytes_of(at("load.bin")));
    EXPECT_TRUE(megatron::IndexedDataset::open(at("kit") + "/data/dataset"));
    const auto readme = test_support::bytes_of(at("kit") + "/README.md");
    EXPECT_THAT(readme, HasSubstr("取回结果"));
    EXPECT_THAT(readme, Not(HasSubstr("@")));  // every place was filled
}

TEST_F(GptExportKit, WhatDoesNotFitIsToldAndNothingIsWritten) {
    const auto refused = [&](std::vector<std::string> more, const std::string& message) {
        const auto result = make_kit(std::move(more));
        EXPECT_NE(result.exit_code, 0) << message;
        EXPECT_THAT(result.errors, HasSubstr(message));
        EXPECT_FALSE(std::filesystem::exists(at("kit")));
    };
    refused({"--vocab-size", "41"}, "the vocabulary does not fit: 41 tokens, and the checkpoint has 40 rows");
    refused({"--vocab-size", "39"}, "load.bin @ sequence 0: expected tokens from 0 to 38, found 39");
    refused({"--vocab-size", "40", "--seq-length", "17"}, "expected a sequence length from 1 to 16, found 17");
    refused({"--vocab-size", "40", "--split", "1,99,0"},
            "needs 17 with its last label, and the training split 1,99,0 has 0");
    refused({"--vocab-size", "40", "--global-batch-size", "24"}, "a multiple of 16, found 24");
    refused({"--vocab-size", "40", "--tensor-parallel", "3"},
            "3 tensor-parallel ranks do not divide 1 nodes of 2 GPUs");
}

}  // namespace
}  // namespace loadstar
