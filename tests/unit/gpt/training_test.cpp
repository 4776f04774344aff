#include "gpt/training.hpp"

#include <csignal>
#include <fstream>
#include <sys/resource.h>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gpt/training_log.hpp"
#include "megatron/checkpoint_directory.hpp"
#include "megatron/checkpoint_file.hpp"
#include "support/ranks.hpp"
#include "support/small_gpt.hpp"
#include "support/temporary_folder.hpp"
#include "support/token_documents.hpp"

namespace loadstar::gpt {
namespace {

using testing::HasSubstr;

/// Cancels once so many iterations are done.
class StopAfter final : public Progress {
  public:
    explicit StopAfter(std::int64_t iterations) : iterations_(iterations) {}
    void report(std::string_view, std::int64_t done, std::int64_t) override {
        if (done >= iterations_) cancel();
    }

  private:
    std::int64_t iterations_;
};

/// Ends the process, as if it had been killed, once so many iterations are done.
class LeaveAfter final : public Progress {
  public:
    explicit LeaveAfter(std::int64_t iterations) : iterations_(iterations) {}
    void report(std::string_view, std::int64_t done, std::int64_t) override {
        if (done >= iterations_) _exit(0);
    }

  private:
    std::int64_t iterations_;
};

class Training : public testing::Test {
  protected:
    Training() { test_support::write_documents(folder_.path() / "text", megatron::TokenType::uint16, 0, 60); }

    /// A run of 8 steps of 4 samples, two micro-batches each, with dropout.
    [[nodiscard]] TrainingOptions options(const std::string& run) const {
        auto form = test_support::small_gpt();
        form.padded_vocab_size = 256;
        form.hidden_dropout = form.attention_dropout = 0.1;
        return {.save = folder_.path() / run,
                .model = form,
                .text = {.data_path = {{.prefix = folder_.path() / "text"}}, .split = "90,10", .seq_length = 16},
                .batch = {.micro_batch_size = 2, .global_batch_size = 4},
                .train_iters = 8,
                .schedule = {.max_lr = 1e-2, .min_lr = 1e-3, .lr_warmup_samples = 8, .lr_decay_samples = 32},
                .log_interval = 1,
                .save_interval = 4,
                .eval_interval = 4,
                .eval_iters = 2};
    }
    [[nodiscard]] Result<TrainingReport> run(const TrainingOptions& options) const {
        NoProgress progress;
        return train(options, progress, clock_);
    }
    /// The weights in the checkpoint that a run points to.
    [[nodiscard]] static std::map<std::string, std::vector<std::byte>> weights_of(const TrainingOptions& options) {
        const auto place = megatron::find_checkpoint(options.save).value();
        const auto file = megatron::CheckpointFile::open(place.shards.front().file).value();
        std::map<std::string, std::vector<std::byte>> weights;
        for (const auto& [name, tensor] : file.tensors()) weights[name] = megatron::contiguous_bytes(tensor);
        return weights;
    }
    /// Losses and norms by iteration, exactly as they were logged.
    [[nodiscard]] static std::vector<std::string> lines_of(const TrainingOptions& options) {
        std::vector<std::string> lines;
        std::ifstream stream(options.save / "log.jsonl");
        for (std::string line; std::getline(stream, line);) lines.push_back(line);
        return lines;
    }
    /// Stops a run after so many iterations, goes on, and holds it against one that was never stopped.
    void expect_exact_resume(const std::function<void(TrainingOptions&)>& change) const {
        auto whole = options("whole");
        auto parts = options("parts");
        change(whole);
        change(parts);
        const auto uninterrupted = run(whole);
        ASSERT_TRUE(uninterrupted) << uninterrupted.error().message;
        StopAfter stop(4);
        const auto stopped = train(parts, stop, clock_);
        ASSERT_FALSE(stopped);
        EXPECT_EQ(stopped.error().code, ErrorCode::cancelled);
        EXPECT_EQ(stopped.error().message, "stopped after iteration 4 of 8");
        const auto report = run(parts);
        ASSERT_TRUE(report) << report.error().message;
        EXPECT_EQ(report->resumed_from, 4);
        EXPECT_EQ(report->iteration, 8);
        EXPECT_EQ(lines_of(parts), lines_of(whole));
        EXPECT_EQ(weights_of(parts), weights_of(whole));
    }

    TemporaryFolder folder_;
    FixedClock clock_{Instant{}};  // so that the speed is in no log
};

TEST_F(Training, LeavesCheckpointsALogAndAPictureThatCanBeRead) {
    const auto chosen = options("run");
    const auto report = run(chosen);
    ASSERT_TRUE(report) << report.error().message;
    EXPECT_EQ(report->consumed_samples, 32);
    EXPECT_EQ(report->skipped, 0);
    EXPECT_LT(*report->validation_loss, 5.6) << "ln 256 is 5.55 before anything is learnt";
    EXPECT_EQ(report->parameters, report->trained_parameters);
    EXPECT_EQ(lines_of(chosen).size(), 8U);
    EXPECT_THAT(test_support::bytes_of(report->loss_curve), HasSubstr("<circle"));
    const auto file = megatron::CheckpointFile::open(report->checkpoint);
    ASSERT_TRUE(file);
    EXPECT_EQ(file->naming(), megatron::Naming::core);
    EXPECT_EQ(file->iteration(), 8);
    EXPECT_EQ(file->arguments().at("num_attention_heads"), "4");
    EXPECT_EQ(file->arguments().at("lr"), "0.01");
    EXPECT_THAT(file->other_states(), testing::ElementsAre("optimizer", "opt_param_scheduler"));
    EXPECT_TRUE(std::filesystem::exists(chosen.save / "iter_0000004"));
    const auto again = run(chosen);
    ASSERT_TRUE(again);
    EXPECT_EQ(again->resumed_from, 8) << "nothing was left to do";
}

TEST_F(Training, GoesOnExactlyWhereItStopped) {
    expect_exact_resume([](TrainingOptions&) {});
}

TEST_F(Training, GoesOnExactlyInHalfPrecisionAndWithActivationsComputedTwice) {
    expect_exact_resume([](TrainingOptions& chosen) {
        chosen.place.precision = Precision::bf16;
        chosen.recompute = Recompute::full;
    });
}

TEST_F(Training, GoesOnExactlyWithUpdatesOfLowRankAndFrozenLayers) {
    expect_exact_resume([](TrainingOptions& chosen) {
        chosen.low_rank = LowRankOptions{.rank = 4};
        chosen.freeze = {"decoder.layers.0.*"};
    });
}

TEST_F(Training, GoesOnExactlyWithABlendAndABatchThatGrows) {
    test_support::write_documents(folder_.path() / "more", megatron::TokenType::int32, 100, 60);
    expect_exact_resume([this](TrainingOptions& chosen) {
        chosen.text.data_path = {{.prefix = folder_.path() / "text", .weight = 0.3},
                                 {.prefix = folder_.path() / "more", .weight = 0.7}};
        chosen.text.rules = {
            .eod = 255, .eod_mask_loss = true, .reset_position_ids = true, .reset_attention_mask = true};
        chosen.batch.rampup_batch_size = BatchRampUp{.start = 2, .increment = 2, .samples = 10};
    });
}

TEST_F(Training, ComputingActivationsTwiceChangesNothing) {
    auto kept = options("kept");
    auto twice = options("twice");
    twice.recompute = Recompute::full;
    ASSERT_TRUE(run(kept));
    ASSERT_TRUE(run(twice));
    EXPECT_EQ(weights_of(twice), weights_of(kept));
}

// No gradient reaches the input of the first layer then.
TEST_F(Training, ComputingActivationsTwiceDoesNotNeedEmbeddingsThatLearn) {
    auto kept = options("kept");
    kept.freeze = {"embedding.*", "decoder.layers.0.*"};
    auto twice = kept;
    twice.save = folder_.path() / "twice";
    twice.recompute = Recompute::full;
    ASSERT_TRUE(run(kept));
    ASSERT_TRUE(run(twice));
    EXPECT_EQ(weights_of(twice), weights_of(kept));
}

TEST_F(Training, FinetuningLearnsOnlyWhatItMay) {
    auto first = options("first");
    first.save_interval = 8;
    ASSERT_TRUE(run(first));
    auto second = options("second");
    second.model = ModelSource{.checkpoint = first.save};
    second.low_rank = LowRankOptions{.rank = 2};
    second.freeze = {"decoder.layers.1.mlp.*"};
    const auto report = run(second);
    ASSERT_TRUE(report) << report.error().message;
    EXPECT_EQ(report->resumed_from, 0);
    EXPECT_EQ(report->trained_parameters, 2 * (2 * 32 + 96 * 2) + (2 * 32 + 128 * 2) + (2 * 128 + 32 * 2));
    const auto before = weights_of(first);
    const auto after = weights_of(second);
    for (const auto& [name, bytes] : before) {
        const bool learns = name.ends_with("linear_qkv.weight") || name == "decoder.layers.0.mlp.linear_fc1.weight" ||
                            name == "decoder.layers.0.mlp.linear_fc2.weight";
        EXPECT_EQ(after.at(name) != bytes, learns) << name;
    }
}

TEST_F(Training, RefusesToGoOnWithOtherArguments) {
    auto chosen = options("run");
    chosen.train_iters = 4;
    ASSERT_TRUE(run(chosen));
    chosen.seed = 7;
    const auto changed = run(chosen);
    ASSERT_FALSE(changed);
    EXPECT_EQ(changed.error().code, ErrorCode::invalid_argument);
    EXPECT_EQ(changed.error().message, "the run in this folder has seed 1234, found 7");

    chosen = options("run");
    chosen.train_iters = 4;
    chosen.text.data_path.front().prefix =
        test_support::write_documents(folder_.path() / "other", megatron::TokenType::uint16, 0, 59);
    EXPECT_THAT(run(chosen).error().message, HasSubstr("the run in this folder has data 1 of "));
    for (const auto* kind : {".bin", ".idx"})
        std::filesystem::rename(folder_.path() / ("text" + std::string(kind)),
                                folder_.path() / ("moved" + std::string(kind)));
    chosen.text.data_path.front().prefix = folder_.path() / "moved";
    EXPECT_TRUE(run(chosen)) << "data may be moved";
}

TEST_F(Training, NamesTheOlderCheckpointWhenTheLastOneIsDamaged) {
    auto chosen = options("run");
    ASSERT_TRUE(run(chosen));
    const auto last = chosen.save / "iter_0000008/mp_rank_00/model_optim_rng.pt";
    std::filesystem::resize_file(last, std::filesystem::file_size(last) / 2);
    const auto damaged = run(chosen);
    ASSERT_FALSE(damaged);
    EXPECT_EQ(damaged.error().code, ErrorCode::invalid_input);
    EXPECT_THAT(damaged.error().where, HasSubstr("iter_0000008"));
    EXPECT_THAT(damaged.error().hint, HasSubstr("write 4 into latest_checkpointed_iteration.txt"));
    std::ofstream(chosen.save / "latest_checkpointed_iteration.txt") << 4;
    const auto again = run(chosen);
    ASSERT_TRUE(again);
    EXPECT_EQ(again->resumed_from, 4);
}

TEST_F(Training, StopsWhenTheLossIsNoNumberAndKeepsTheGoodCheckpoint) {
    auto chosen = options("run");
    chosen.train_iters = 30;
    chosen.save_interval = 1;
    chosen.clip_grad = 0;
    chosen.schedule = {
        .init_lr = 1e30, .max_lr = 1e30, .lr_decay_samples = 1000, .lr_decay_style = DecayStyle::constant};
    chosen.guard.most_in_a_row = 3;
    const auto report = run(chosen);
    ASSERT_FALSE(report);
    EXPECT_EQ(report.error().code, ErrorCode::internal);
    EXPECT_THAT(report.error().message, HasSubstr("3 steps in a row were skipped, the last at iteration 4: loss nan"));
    EXPECT_THAT(lines_of(chosen).back(), HasSubstr("\"skipped\":1"));
    EXPECT_THAT(lines_of(chosen).back(), testing::Not(HasSubstr("\"loss\"")));
}

TEST_F(Training, HalfPrecisionLearnsTheSameAndIsWrittenAsSuch) {
    const auto full = run(options("full"));
    auto chosen = options("half");
    chosen.place.precision = Precision::bf16;
    const auto half = run(chosen);
    ASSERT_TRUE(full && half);
    EXPECT_NEAR(*half->loss, *full->loss, 0.01 * *full->loss);
    const auto file = megatron::CheckpointFile::open(half->checkpoint).value();
    EXPECT_EQ(file.tensors().front().tensor.type, megatron::ScalarType::bf16);
}

TEST_F(Training, NamesATokenThatTheVocabularyHasNot) {
    auto chosen = options("run");
    std::get<GptConfiguration>(chosen.model).padded_vocab_size = 128;
    const auto report = run(chosen);
    ASSERT_FALSE(report);
    EXPECT_EQ(report.error().code, ErrorCode::invalid_input);
    EXPECT_THAT(report.error().message, HasSubstr("expected 0..127 of the model's vocabulary"));
    EXPECT_THAT(report.error().where, HasSubstr("text"));
}

TEST_F(Training, RefusesWhatHasNoMeaning) {
    auto chosen = options("run");
    chosen.text.seq_length = 17;
    EXPECT_EQ(run(chosen).error().message, "seq_length is 17, expected at most the 16 positions of the model");
    chosen = options("run");
    chosen.save_interval = 0;
    EXPECT_EQ(run(chosen).error().message, "save_interval is 0, expected 1 or more");
    chosen = options("run");
    chosen.place.precision = Precision::fp16;
    EXPECT_EQ(run(chosen).error().message, "fp16 trains on a GPU only, found the device cpu");
    chosen = options("run");
    chosen.freeze = {"decoder.layer.*"};
    EXPECT_EQ(run(chosen).error().message, "no weight has a name like \"decoder.layer.*\"");
    chosen.freeze = {"*"};
    EXPECT_EQ(run(chosen).error().message, "every weight is frozen: nothing is left to learn");
    chosen = options("run");
    chosen.low_rank = LowRankOptions{.rank = 32};
    EXPECT_THAT(run(chosen).error().message, HasSubstr("expected a rank of 1..31"));
}

// A limit on the size of files stands for a full disk.
TEST_F(Training, AFullDiskEndsTheRunWithItsLastCheckpoint) {
    auto chosen = options("run");
    chosen.train_iters = 4;
    ASSERT_TRUE(run(chosen));
    auto more = options("more");
    more.keep = 1;
    more.model = ModelSource{.checkpoint = chosen.save};
    EXPECT_TRUE(test_support::in_processes(1, [&](int) {
        StopAfter stop(4);
        if (train(more, stop, clock_)) return false;
        std::signal(SIGXFSZ, SIG_IGN);
        const rlimit limit{.rlim_cur = 1 << 16, .rlim_max = 1 << 16};
        setrlimit(RLIMIT_FSIZE, &limit);
        const auto failed = run(more);
        return !failed && failed.error().code == ErrorCode::disk_full;
    }));
    EXPECT_EQ(megatron::find_checkpoint(more.save).value().iteration, "4");
    ASSERT_TRUE(run(more)) << "with room on the disk it goes on";
}

// Two processes share each batch; the losses are those of one process up to rounding.
TEST_F(Training, TwoProcessesTrainTogether) {
    auto alone = options("alone");
    std::get<GptConfiguration>(alone.model).hidden_dropout = 0;
    std::get<GptConfiguration>(alone.model).attention_dropout = 0;
    auto together = alone;
    together.save = folder_.path() / "together";
    EXPECT_TRUE(test_support::in_processes(2, [&](int rank) {
        auto mine = together;
        mine.rank = {.rank = rank, .size = 2, .meeting_file = folder_.path() / "meeting"};
        return run(mine).has_value();
    }));
    ASSERT_TRUE(run(alone));
    const auto expected = TrainingLog::open(alone.save / "log.jsonl", 8).value();
    const auto found = TrainingLog::open(together.save / "log.jsonl", 8).value();
    ASSERT_EQ(found.records().size(), 8U);
    for (std::size_t i = 0; i < 8; ++i) {
        EXPECT_NEAR(*found.records()[i].loss, *expected.records()[i].loss, 1e-5);
        EXPECT_NEAR(*found.records()[i].grad_norm, *expected.records()[i].grad_norm, 1e-5);
    }
}

TEST_F(Training, AProcessThatIsGoneIsAnErrorOfTheOther) {
    auto chosen = options("run");
    EXPECT_TRUE(test_support::in_processes(2, [&](int rank) {
        auto mine = chosen;
        mine.rank = {.rank = rank, .size = 2, .meeting_file = folder_.path() / "meeting"};
        LeaveAfter progress(rank == 1 ? 5 : 1000);
        const auto report = train(mine, progress, clock_);
        return !report && report.error().code == ErrorCode::internal &&
               report.error().message.starts_with("LibTorch failed while training: ");
    }));
    EXPECT_EQ(megatron::find_checkpoint(chosen.save).value().iteration, "4");
}

}  // namespace
}  // namespace loadstar::gpt
