// Files of our own: what is written is read again, and no damage ends in a crash.
#include "megatron/torch_file.hpp"

#include <cstring>
#include <fstream>
#include <numeric>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "megatron/checkpoint_file.hpp"
#include "megatron/torch_writer.hpp"
#include "support/temporary_folder.hpp"
#include "support/torch_specimens.hpp"

namespace loadstar::megatron {
namespace {

using testing::HasSubstr;

class TorchFiles : public testing::Test {
  protected:
    TorchFiles() { std::iota(values_.begin(), values_.end(), 0.0F); }
    [[nodiscard]] TensorView matrix() const { return contiguous_view(ScalarType::f32, {3, 4}, bytes()); }
    [[nodiscard]] std::span<const std::byte> bytes() const { return std::as_bytes(std::span(values_)); }
    [[nodiscard]] std::filesystem::path path() const { return folder_.path() / "model.pt"; }
    /// A file with a tensor, the same tensor again, a transposed one and plain values.
    void write_sample() const {
        auto transposed = matrix();
        transposed.shape = {4, 3};
        transposed.strides = {1, 4};
        const SaveValue::Dict model{{"a.weight", {matrix()}}, {"b.weight", {matrix()}}, {"c.weight", {transposed}}};
        const SaveValue::Dict root{{"model", {model}},
                                   {"iteration", {std::int64_t{10}}},
                                   {"checkpoint_version", {3.0}},
                                   {"long", {std::int64_t{1} << 40}},
                                   {"name", {std::string("Werk")}},
                                   {"done", {true}},
                                   {"nothing", {nullptr}}};
        ASSERT_TRUE(write_torch_file(path(), {root}));
    }
    [[nodiscard]] std::string content() const {
        std::stringstream text;
        text << std::ifstream(path(), std::ios::binary).rdbuf();
        return text.str();
    }

    TemporaryFolder folder_;
    std::vector<float> values_ = std::vector<float>(12);
};

TEST_F(TorchFiles, WhatIsWrittenIsReadAgain) {
    write_sample();
    const auto file = TorchFile::open(path()).value();
    EXPECT_TRUE(file.verify());
    const auto& root = file.root();
    EXPECT_EQ(root.find("iteration")->integer, 10);
    EXPECT_EQ(root.find("checkpoint_version")->number, 3.0);
    EXPECT_EQ(root.find("long")->integer, std::int64_t{1} << 40);
    EXPECT_EQ(root.find("name")->text, "Werk");
    EXPECT_EQ(root.find("done")->integer, 1);
    const auto* model = root.find("model");
    const auto first = file.tensor(*model->find("a.weight")).value();
    EXPECT_EQ(first.shape, (std::vector<std::int64_t>{3, 4}));
    EXPECT_EQ(to_floats(first), values_);
    EXPECT_EQ(to_floats(file.tensor(*model->find("c.weight")).value()),
              (std::vector<float>{0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11}));
}

TEST_F(TorchFiles, TensorsOverTheSameBytesShareAStorage) {
    write_sample();
    const auto file = TorchFile::open(path()).value();
    const auto* model = file.root().find("model");
    EXPECT_EQ(file.tensor(*model->find("a.weight")).value().bytes.data(),
              file.tensor(*model->find("b.weight")).value().bytes.data());
}

TEST_F(TorchFiles, StoragesLieOnABoundary) {
    write_sample();
    const auto text = content();
    const std::string stored(reinterpret_cast<const char*>(values_.data()), values_.size() * sizeof(float));
    EXPECT_EQ(text.find(stored) % 64, 0U);
}

TEST_F(TorchFiles, ADamagedStorageIsFoundByItsChecksum) {
    write_sample();
    auto text = content();
    const std::string stored(reinterpret_cast<const char*>(values_.data()), values_.size() * sizeof(float));
    text[text.find(stored) + 5] ^= 1;
    std::ofstream(path(), std::ios::binary) << text;
    const auto verified = TorchFile::open(path()).value().verify();
    ASSERT_FALSE(verified);
    EXPECT_EQ(verified.error().code, ErrorCode::invalid_input);
    EXPECT_THAT(verified.error().message, HasSubstr("storage \"0\" does not match its checksum"));
}

TEST_F(TorchFiles, ACutOffFileIsToldWherever) {
    write_sample();
    const auto text = content();
    for (std::size_t length = 0; length < text.size(); length += 3) {
        const auto cut = folder_.path() / "cut.pt";
        std::ofstream(cut, std::ios::binary | std::ios::trunc) << text.substr(0, length);
        const auto file = CheckpointFile::open(cut);
        ASSERT_FALSE(file) << length;
        EXPECT_EQ(file.error().code, ErrorCode::invalid_input);
    }
}

// What such a pickle does in Python is seen by the file that the command would make.
TEST_F(TorchFiles, APickleThatCallsTheSystemCallsNothing) {
    using namespace std::string_literals;
    const auto made = folder_.path() / "made";
    const auto command = "touch " + made.string();
    const auto call =
        "cos\nsystem\nX" + test_support::raw_bytes(static_cast<std::uint32_t>(command.size())) + command + "\x85R"s;
    const auto no_keys = "\x80\x02]."s;
    folder_.write("model.pt", test_support::torch_before_zip("\x80\x02"s + call + ".", no_keys));
    const auto alone = CheckpointFile::open(path());
    ASSERT_FALSE(alone);
    EXPECT_EQ(alone.error().code, ErrorCode::invalid_input);
    EXPECT_EQ(alone.error().message, "expected a dict of weights, found a call of os.system, which was not made");
    EXPECT_THAT(alone.error().where, testing::MatchesRegex(".*model.pt @ byte [1-9][0-9]*"));
    folder_.write("model.pt",
                  test_support::torch_before_zip("\x80\x02}q\x00X\x01\x00\x00\x00w"s + call + "s.", no_keys));
    const auto among_weights = CheckpointFile::open(path());
    ASSERT_FALSE(among_weights);
    EXPECT_EQ(among_weights.error().message, "the file holds no weights");
    EXPECT_FALSE(std::filesystem::exists(made));
}

TEST_F(TorchFiles, WhatIsNoTorchFileIsToldSo) {
    std::ofstream(path()) << "time,kwh\n2026-01-01,5\n";
    const auto file = TorchFile::open(path());
    EXPECT_THAT(file.error().message, HasSubstr("no file written by torch.save"));
}

}  // namespace
}  // namespace loadstar::megatron
