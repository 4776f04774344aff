#include "gpt/process_group.hpp"

#include <ATen/ATen.h>
#include <chrono>
#include <torch/csrc/distributed/c10d/FileStore.hpp>
#include <torch/csrc/distributed/c10d/ProcessGroupGloo.hpp>

#include <fmt/format.h>

namespace loadstar::gpt {
namespace {

constexpr auto patience = std::chrono::minutes(2);

class SingleProcess final : public ProcessGroup {
  public:
    [[nodiscard]] int rank() const override { return 0; }
    [[nodiscard]] int size() const override { return 1; }
    void all_reduce_sum(at::Tensor&) override {}
    void all_reduce_max(at::Tensor&) override {}
    void broadcast(at::Tensor&, int) override {}
    void barrier() override {}
};

class GlooGroup final : public ProcessGroup {
  public:
    explicit GlooGroup(const GlooPlace& place) : group_(open(place)) {}
    [[nodiscard]] int rank() const override { return group_->getRank(); }
    [[nodiscard]] int size() const override { return group_->getSize(); }
    void all_reduce_sum(at::Tensor& values) override { reduce(values, c10d::ReduceOp::SUM); }
    void all_reduce_max(at::Tensor& values) override { reduce(values, c10d::ReduceOp::MAX); }

    void broadcast(at::Tensor& values, int from) override {
        auto sent = std::vector{transportable(values)};
        c10d::BroadcastOptions options;
        options.rootRank = from;
        group_->broadcast(sent, options)->wait();
        give_back(sent.front(), values);
    }

    void barrier() override { group_->barrier()->wait(); }

  private:
    static c10::intrusive_ptr<c10d::ProcessGroupGloo> open(const GlooPlace& place) {
        auto store = c10::make_intrusive<c10d::FileStore>(place.meeting_file.string(), place.size);
        store->setTimeout(patience);
        auto options = c10d::ProcessGroupGloo::Options::create(patience);
        options->devices.push_back(c10d::ProcessGroupGloo::createDeviceForHostname("127.0.0.1"));
        options->threads = 1;
        return c10::make_intrusive<c10d::ProcessGroupGloo>(store, place.rank, place.size, options);
    }

    // Gloo of LibTorch 1.13 knows no bf16, and sums of fp16 would lose digits.
    static at::Tensor transportable(const at::Tensor& values) {
        const auto half = values.scalar_type() == at::kBFloat16 || values.scalar_type() == at::kHalf;
        return values.to(at::kCPU, half ? at::kFloat : values.scalar_type()).contiguous();
    }

    void reduce(at::Tensor& values, c10d::ReduceOp operation) {
        auto sent = std::vector{transportable(values)};
        c10d::AllreduceOptions options;
        options.reduceOp = operation;
        group_->allreduce(sent, options)->wait();
        give_back(sent.front(), values);
    }

    static void give_back(const at::Tensor& received, at::Tensor& values) {
        const at::NoGradGuard no_gradients;
        if (!received.is_same(values)) values.copy_(received);
    }

    c10::intrusive_ptr<c10d::ProcessGroupGloo> group_;
};

}  // namespace

std::shared_ptr<ProcessGroup> single_process() { return std::make_shared<SingleProcess>(); }

Result<std::shared_ptr<ProcessGroup>> join_gloo(const GlooPlace& place) {
    if (!std::filesystem::is_directory(place.meeting_file.parent_path()))
        return Error{.code = ErrorCode::io_error,
                     .message = "the folder in which processes are to meet does not exist",
                     .where = place.meeting_file.string()};
    try {
        return std::shared_ptr<ProcessGroup>(std::make_shared<GlooGroup>(place));
    } catch (const c10::Error& problem) {
        return Error{.code = ErrorCode::io_error,
                     .message = fmt::format("process {} of {} could not join the others: {}", place.rank, place.size,
                                            problem.what_without_backtrace()),
                     .where = place.meeting_file.string()};
    }
}

}  // namespace loadstar::gpt
