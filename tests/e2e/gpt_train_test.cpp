// The built program trains a small model, is killed, and goes on.
#include <chrono>
#include <csignal>
#include <fstream>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "megatron/checkpoint_file.hpp"
#include "support/program.hpp"
#include "support/token_documents.hpp"

namespace loadstar {
namespace {

using testing::HasSubstr;

class GptTrainVerb : public testing::Test {
  protected:
    GptTrainVerb() { test_support::write_documents(folder_.path() / "text", megatron::TokenType::uint16, 0, 200); }

    [[nodiscard]] std::string place(const std::string& name) const { return (folder_.path() / name).string(); }
    [[nodiscard]] std::vector<std::string> pretrain(const std::string& run, int iterations) const {
        return {"gpt",
                "pretrain",
                "--save",
                place(run),
                "--data-path",
                place("text"),
                "--num-layers",
                "2",
                "--hidden-size",
                "32",
                "--vocab-size",
                "256",
                "--seq-length",
                "16",
                "--lr",
                "1e-2",
                "--train-iters",
                std::to_string(iterations),
                "--num-attention-heads",
                "4",
                "--max-position-embeddings",
                "16",
                "--micro-batch-size",
                "2",
                "--global-batch-size",
                "4",
                "--log-interval",
                "1",
                "--save-interval",
                "20",
                "--threads",
                "1",
                "--json"};
    }
    /// Iteration, loss and gradient norm of every line of a log, as they were written.
    [[nodiscard]] std::vector<std::string> losses_of(const std::string& run) const {
        std::vector<std::string> lines;
        std::ifstream stream(folder_.path() / run / "log.jsonl");
        for (std::string text; std::getline(stream, text);) {
            const auto line = nlohmann::json::parse(text);
            lines.push_back(line.at("iteration").dump() + " " + line.at("loss").dump() + " " +
                            line.at("grad_norm").dump());
        }
        return lines;
    }
    [[nodiscard]] std::vector<std::byte> weights_of(const nlohmann::json& report) const {
        const auto file = megatron::CheckpointFile::open(report.at("checkpoint").get<std::string>()).value();
        std::vector<std::byte> all;
        for (const auto& [name, tensor] : file.tensors()) {
            const auto bytes = megatron::contiguous_bytes(tensor);
            all.insert(all.end(), bytes.begin(), bytes.end());
        }
        return all;
    }
    /// Starts the program and kills it as soon as it has written a checkpoint of `iteration` or later.
    void kill_after_checkpoint(std::vector<std::string> arguments, const std::string& run, int iteration) const {
        const auto program = test_support::program_path().string();
        arguments.insert(arguments.begin(), program);
        std::vector<char*> argv;
        for (auto& argument : arguments) argv.push_back(argument.data());
        argv.push_back(nullptr);
        const auto child = fork();
        ASSERT_GE(child, 0);
        if (child == 0) {
            program_detail::redirect("/dev/null", STDOUT_FILENO);
            execv(argv[0], argv.data());
            _exit(127);
        }
        for (int latest = 0; latest < iteration;) {
            ASSERT_EQ(waitpid(child, nullptr, WNOHANG), 0) << "the run ended before it could be killed";
            std::ifstream(folder_.path() / run / "latest_checkpointed_iteration.txt") >> latest;
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
        kill(child, SIGKILL);
        int status = 0;
        waitpid(child, &status, 0);
        ASSERT_TRUE(WIFSIGNALED(status)) << "the run ended before it could be killed";
    }

    TemporaryFolder folder_;
};

TEST_F(GptTrainVerb, KilledAtAnyStepItGoesOnToTheSameLossesAndWeights) {
    const auto whole = run_loadstar(pretrain("whole", 300));
    ASSERT_EQ(whole.exit_code, 0) << whole.errors;
    kill_after_checkpoint(pretrain("killed", 300), "killed", 40);
    kill_after_checkpoint(pretrain("killed", 300), "killed", 120);
    const auto again = run_loadstar(pretrain("killed", 300));
    ASSERT_EQ(again.exit_code, 0) << again.errors;
    const auto report = nlohmann::json::parse(again.output);
    EXPECT_EQ(report.at("schema"), "loadstar.gpt_train/1");
    EXPECT_GE(report.at("resumed_from"), 120);
    EXPECT_EQ(losses_of("killed"), losses_of("whole"));
    EXPECT_EQ(weights_of(report), weights_of(nlohmann::json::parse(whole.output)));
    EXPECT_EQ(losses_of("whole").size(), 300U);
}

TEST_F(GptTrainVerb, TwoProcessesThenFinetuningThenATextOfWhatWasLearnt) {
    auto arguments = pretrain("together", 20);
    arguments.insert(arguments.end(), {"--data-parallel", "2"});
    const auto together = run_loadstar(arguments);
    ASSERT_EQ(together.exit_code, 0) << together.errors;
    EXPECT_EQ(nlohmann::json::parse(together.output).at("data_parallel"), 2);
    const auto finetuned = run_loadstar({"gpt",
                                         "finetune",
                                         place("together"),
                                         "--save",
                                         place("fine"),
                                         "--data-path",
                                         place("text"),
                                         "--seq-length",
                                         "16",
                                         "--micro-batch-size",
                                         "4",
                                         "--global-batch-size",
                                         "4",
                                         "--train-iters",
                                         "3",
                                         "--lr",
                                         "1e-3",
                                         "--lora-rank",
                                         "2",
                                         "--freeze",
                                         "decoder.layers.0.*",
                                         "--lang",
                                         "zh"});
    ASSERT_EQ(finetuned.exit_code, 0) << finetuned.errors;
    EXPECT_THAT(finetuned.output, HasSubstr("其中参与训练"));
    EXPECT_EQ(run_loadstar({"gpt", "generate", place("fine"), "--prompt", "1 2", "--max-new-tokens", "2"}).exit_code,
              0);
    EXPECT_THAT(run_loadstar({"gpt", "inspect", place("fine")}).output, HasSubstr("iteration 3"));
}

TEST_F(GptTrainVerb, SaysWhatIsWrong) {
    auto small = pretrain("small", 4);
    small[11] = "100";
    small.insert(small.end(), {"--data-parallel", "2"});
    const auto vocabulary = run_loadstar(small);
    EXPECT_EQ(vocabulary.exit_code, 3) << vocabulary.errors;
    EXPECT_THAT(vocabulary.errors, HasSubstr("expected 0..127 of the model's vocabulary"));
    auto odd = pretrain("odd", 4);
    odd.insert(odd.end(), {"--data-parallel", "3"});
    EXPECT_THAT(run_loadstar(odd).errors, HasSubstr("global batch size 4 is no multiple"));
    auto blend = pretrain("blend", 4);
    blend.insert(blend.begin() + 6, place("text"));
    EXPECT_THAT(run_loadstar(blend).errors, HasSubstr("expected the weight of a dataset"));
    auto masked = pretrain("masked", 4);
    masked.emplace_back("--eod-mask-loss");
    EXPECT_THAT(run_loadstar(masked).errors, HasSubstr("need --eod"));
}

}  // namespace
}  // namespace loadstar
