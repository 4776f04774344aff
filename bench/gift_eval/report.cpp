#include "gift_eval/report.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include <fmt/format.h>

namespace loadstar::gift_eval {
namespace {

const std::string baseline = "seasonal_naive";
/// Methods that the figures are printed beside: the leaders, and some that are as small as ours.
const std::vector<std::string> leaders{"chronos-2",      "TiRex-2-Zeroshot", "TiRex",        "TimesFM-2.5",
                                       "FlowState-9.1M", "Toto-2.0-4m",      "Toto-2.0-22m", "Toto-2.0-2.5B",
                                       "Moirai2",        "TTM-R3-FT",        "PatchTST"};

/// Means of ratios, as the benchmark forms them.
class GeometricMean {
  public:
    void add(double ratio) {
        logarithms_ += std::log(ratio);
        ++count_;
    }
    [[nodiscard]] double value() const { return std::exp(logarithms_ / count_); }

  private:
    double logarithms_ = 0;
    int count_ = 0;
};

void add_new(std::vector<std::string>& names, const std::string& name) {
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
}

/// Whether two figures agree to six digits.
bool agree(double own, double other) { return std::abs(own - other) < 1e-6 * std::abs(other); }

}  // namespace

void Report::print_head() {
    fmt::print("{:16} {:16} {:>8} {:>8} {:>8} {:>8} {:>7} {:>7}\n", "configuration", "method", "CRPS", "MASE",
               "CRPS/sn", "MASE/sn", "cov80%", "cpu_s");
}

void Report::add(const std::string& config, const std::string& method, const Score& score, double cpu_seconds) {
    add_new(methods_, method);
    add_new(configs_, config);
    scores_[method][config] = score;
    const auto& divisor = scores_.at(baseline).at(config);
    fmt::print("{:16} {:16} {:8.4f} {:8.4f} {:8.4f} {:8.4f} {:7.1f} {:7.1f}\n", config, method, score.crps, score.mase,
               score.crps / divisor.crps, score.mase / divisor.mase, 100 * score.coverage80, cpu_seconds);
    std::fflush(stdout);
}

void Report::print_means() const {
    fmt::print("\ngeometric mean of the ratios to the baseline over {} configurations\n", configs_.size());
    fmt::print("{:16} {:>8} {:>8} {:>7}\n", "method", "CRPS/sn", "MASE/sn", "cov80%");
    for (const auto& method : methods_) {
        GeometricMean crps;
        GeometricMean mase;
        double coverage = 0;
        for (const auto& [config, score] : scores_.at(method)) {
            const auto& divisor = scores_.at(baseline).at(config);
            crps.add(score.crps / divisor.crps);
            mase.add(score.mase / divisor.mase);
            coverage += score.coverage80 / static_cast<double>(scores_.at(method).size());
        }
        fmt::print("{:16} {:8.4f} {:8.4f} {:7.1f}\n", method, crps.value(), mase.value(), 100 * coverage);
    }
    if (part_ == Part::test) print_published();
}

void Report::print_published() const {
    if (!published_.contains(baseline)) return;
    fmt::print("\npublished rows on the same configurations: CRPS/MASE, and the means of the ratios\n{:16}", "");
    for (const auto& config : configs_) fmt::print(" {:>15}", config);
    fmt::print("  {:>6} {:>6}\n", "CRPS", "MASE");
    const auto& divisors = published_.at(baseline);
    for (const auto& leader : leaders) {
        const auto found = published_.find(leader);
        if (found == published_.end()) continue;
        GeometricMean crps;
        GeometricMean mase;
        fmt::print("{:16}", leader);
        for (const auto& config : configs_) {
            const auto& row = found->second.at(config);
            crps.add(row.crps / divisors.at(config).crps);
            mase.add(row.mase / divisors.at(config).mase);
            fmt::print("   {:6.4f}/{:6.4f}", row.crps, row.mase);
        }
        fmt::print("  {:6.4f} {:6.4f}\n", crps.value(), mase.value());
    }
}

bool Report::baseline_agrees() const {
    const auto published = published_.find(baseline);
    if (part_ != Part::test || published == published_.end()) return true;
    bool all = true;
    fmt::print("\nthe baseline, computed and published\n{:16} {:>10} {:>10} {:>9} {:>10} {:>10} {:>9}\n",
               "configuration", "CRPS", "published", "apart", "MASE", "published", "apart");
    for (const auto& config : configs_) {
        const auto& score = scores_.at(baseline).at(config);
        const auto& row = published->second.at(config);
        const bool same = agree(score.crps, row.crps) && agree(score.mase, row.mase);
        all = all && same;
        fmt::print("{:16} {:10.7f} {:10.7f} {:9.1e} {:10.7f} {:10.7f} {:9.1e} {}\n", config, score.crps, row.crps,
                   score.crps - row.crps, score.mase, row.mase, score.mase - row.mase, same ? "" : "NOT THE SAME");
    }
    return all;
}

}  // namespace loadstar::gift_eval
