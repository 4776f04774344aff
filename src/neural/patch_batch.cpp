#include "neural/patch_batch.hpp"

#include <ATen/ATen.h>
#include <algorithm>
#include <cmath>

namespace loadstar::neural {
namespace {

constexpr float time_unit = 2048;  // points: the time index of a full context runs from 0 to 1

/// Mean and spread of what was seen so far.
class RunningScale {
  public:
    void add(float value) {
        if (!std::isfinite(value)) return;
        if (count_ == 0) origin_ = value;  // sums around a value of the series keep their digits
        const double distance = static_cast<double>(value) - origin_;
        sum_ += distance;
        squares_ += distance * distance;
        largest_ = std::max(largest_, std::abs(static_cast<double>(value)));
        ++count_;
    }
    [[nodiscard]] int count() const { return count_; }
    [[nodiscard]] double mean() const { return count_ ? origin_ + sum_ / count_ : 0; }
    /// Never 0: a series that stood still so far has a thousandth of its level.
    [[nodiscard]] double scale() const {
        if (count_ == 0 || largest_ == 0) return 1;
        const double centre = sum_ / count_;
        const double variance = std::max(0.0, squares_ / count_ - centre * centre);
        return std::max(std::sqrt(variance), 1e-3 * largest_);
    }

  private:
    int count_ = 0;
    double origin_ = 0;
    double sum_ = 0;
    double squares_ = 0;
    double largest_ = 0;
};

/// Where the tokens of one series go.
struct Row {
    float* inputs;        // [n, 5P]
    std::int64_t* kinds;  // [n]
    float* targets;       // [n, P]
    float* weights;       // [n, P]
    double* mean;         // [n]
    double* scale;        // [n]
};

class RowWriter {
  public:
    RowWriter(const Row& row, const float* values, int tokens, int patch)
        : row_(row), values_(values), tokens_(tokens), patch_(patch) {}

    void write_known_ahead() const {
        RunningScale all;
        for (int at = 0; at < (tokens_ + 1) * patch_; ++at) all.add(values_[at]);
        for (int token = 0; token < tokens_; ++token) {
            put_scale(token, all);
            put_values(token, values_of(token + 1), all);
            row_.kinds[token] = static_cast<int>(Kind::ahead);
        }
    }

    /// @param like  of the series, if it is told what like days showed
    void write(corpus::Role role, const std::vector<char>& hidden, const corpus::LikeDays* like) const {
        const bool target = role == corpus::Role::target;
        RunningScale seen;
        int known = 0;  // points
        for (int token = 0; token < tokens_; ++token) {
            const bool is_hidden = hidden[static_cast<std::size_t>(token)] != 0;
            if (!is_hidden)
                for (int at = 0; at < patch_; ++at) seen.add(values_of(token)[at]);
            put_scale(token, seen);
            if (!is_hidden) put_values(token, values_of(token), seen);
            put_targets(token, seen);
            if (!is_hidden) known = (token + 1) * patch_;
            if (like != nullptr && like->any()) put_like_days(token, *like, known, seen);
            const auto kind =
                is_hidden ? (target ? Kind::hidden_target : Kind::hidden_past) : (target ? Kind::target : Kind::past);
            row_.kinds[token] = static_cast<int>(kind);
        }
    }

  private:
    [[nodiscard]] const float* values_of(int token) const { return values_ + token * patch_; }
    void put_scale(int token, const RunningScale& scale) const {
        row_.mean[token] = scale.mean();
        row_.scale[token] = scale.scale();
    }
    /// The tensor holds zeros so far.
    void put_values(int token, const float* values, const RunningScale& scale) const {
        auto* into = row_.inputs + token * point_channels * patch_;
        const double mean = scale.mean(), factor = 1 / scale.scale();
        for (int at = 0; at < patch_; ++at) {
            if (!std::isfinite(values[at])) continue;
            into[at] = std::asinh(static_cast<float>((values[at] - mean) * factor));
            into[patch_ + at] = 1;
        }
    }
    void put_like_days(int token, const corpus::LikeDays& like, int known, const RunningScale& scale) const {
        auto* into = row_.inputs + (token * point_channels + 3) * patch_;
        const double mean = scale.mean(), factor = 1 / scale.scale();
        const std::span<const float> seen(values_, static_cast<std::size_t>(known));
        for (int at = 0; at < patch_; ++at) {
            const float value = corpus::value_of_like_days(seen, like, (token + 1) * patch_ + at, known);
            if (!std::isfinite(value)) continue;
            into[at] = std::asinh(static_cast<float>((value - mean) * factor));
            into[patch_ + at] = 1;
        }
    }
    void put_targets(int token, const RunningScale& scale) const {
        if (scale.count() < fewest_seen) return;
        const auto* values = values_of(token + 1);
        const double mean = scale.mean(), factor = 1 / scale.scale();
        for (int at = 0; at < patch_; ++at) {
            if (!std::isfinite(values[at])) continue;
            const auto scaled = std::asinh(static_cast<float>((values[at] - mean) * factor));
            row_.targets[token * patch_ + at] = std::clamp(scaled, -largest_target, largest_target);
            row_.weights[token * patch_ + at] = 1;
        }
    }

    Row row_;
    const float* values_;
    int tokens_;
    int patch_;
};

/// The time index of every point, the same for all series.
void put_time(at::Tensor& inputs, int patch) {
    const auto tokens = inputs.size(2);
    const auto index = at::arange(tokens * patch, at::kFloat).div_(time_unit).view({tokens, patch});  // [n, P]
    inputs.narrow(-1, 2 * patch, patch).copy_(index.expand({inputs.size(0), inputs.size(1), tokens, patch}));
}

}  // namespace

PatchBatch make_batch(std::span<const MaskedWindow> windows, int patch) {
    const auto& shape = windows.front().window->shape;
    const int tokens = shape.points / patch - 1;
    const std::int64_t b = static_cast<std::int64_t>(windows.size()), v = shape.variates;
    PatchBatch batch{.inputs = at::zeros({b, v, tokens, point_channels * patch}, at::kFloat),
                     .kinds = at::zeros({b, v, tokens}, at::kLong),
                     .targets = at::zeros({b, v, tokens, patch}, at::kFloat),
                     .weights = at::zeros({b, v, tokens, patch}, at::kFloat),
                     .mean = at::zeros({b, v, tokens}, at::kDouble),
                     .scale = at::ones({b, v, tokens}, at::kDouble)};
    for (std::int64_t at = 0; at < b * v; ++at) {
        const auto& masked = windows[static_cast<std::size_t>(at / v)];
        const int variate = static_cast<int>(at % v);
        const auto n = at * tokens;
        const RowWriter writer({.inputs = batch.inputs.data_ptr<float>() + n * point_channels * patch,
                                .kinds = batch.kinds.data_ptr<std::int64_t>() + n,
                                .targets = batch.targets.data_ptr<float>() + n * patch,
                                .weights = batch.weights.data_ptr<float>() + n * patch,
                                .mean = batch.mean.data_ptr<double>() + n,
                                .scale = batch.scale.data_ptr<double>() + n},
                               masked.window->row(variate), tokens, patch);
        const auto role = masked.window->roles[static_cast<std::size_t>(variate)];
        if (role == corpus::Role::ahead)
            writer.write_known_ahead();
        else
            writer.write(role, masked.hidden, variate == 0 ? &masked.window->like : nullptr);
    }
    put_time(batch.inputs, patch);
    return batch;
}

}  // namespace loadstar::neural
