#include "plan/whole_sizes.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

namespace loadstar::plan {
namespace {

constexpr double whole = 1e-6;  ///< of a unit: as close to a multiple as the solver comes

/// A part of the search: bounds of the columns, in multiples.
struct Branch {
    std::vector<double> least, most;
    double bound = -solver::infinity;  ///< no solution in here costs less
};

class Search {
  public:
    Search(Model& model, std::vector<PlanPart>& parts, const std::vector<Multiple>& multiples,
           const SolveLimits& limits, Progress& progress)
        : model_(model), parts_(parts), multiples_(multiples), limits_(limits), progress_(progress) {
        Branch all;
        for (const auto& multiple : multiples) {
            all.least.push_back(std::ceil(lower(multiple) / multiple.unit - whole));
            all.most.push_back(std::floor(upper(multiple) / multiple.unit + whole));
        }
        open_.push_back(std::move(all));
    }

    Result<solver::Solution> run() {
        while (!open_.empty()) {
            const auto next = std::ranges::min_element(open_, {}, &Branch::bound);
            if (next->bound >= ceiling()) break;
            const bool is_late = seconds_ > limits_.time_limit_s;
            if (is_late && best_) break;
            auto branch = std::move(*next);
            open_.erase(next);
            if (is_late) {
                unseen_ = std::min(unseen_, branch.bound);
                round_up(branch);
            }
            LOADSTAR_CHECK(explore(std::move(branch)));
        }
        if (best_) return finished();
        if (unseen_ < solver::infinity) last_.status = solver::Status::no_solution;
        return std::move(last_);
    }

  private:
    double& lower(const Multiple& multiple) {
        return model_.problem.column_lower[static_cast<std::size_t>(multiple.column)];
    }
    double& upper(const Multiple& multiple) {
        return model_.problem.column_upper[static_cast<std::size_t>(multiple.column)];
    }
    /// In multiples.
    [[nodiscard]] double count(const solver::Solution& solution, std::size_t i) const {
        return solution.values[static_cast<std::size_t>(multiples_[i].column)] / multiples_[i].unit;
    }
    /// What costs this much or more is not worth looking for.
    [[nodiscard]] double ceiling() const {
        return best_ ? best_->objective - limits_.mip_gap * std::abs(best_->objective) : solver::infinity;
    }

    Result<void> explore(Branch branch) {
        for (std::size_t i = 0; i < multiples_.size(); ++i) {
            lower(multiples_[i]) = branch.least[i] * multiples_[i].unit;
            upper(multiples_[i]) = branch.most[i] * multiples_[i].unit;
        }
        auto limits = limits_;
        limits.time_limit_s = std::max(1.0, limits_.time_limit_s - seconds_);
        LOADSTAR_TRY(last_, solve_refined(model_, parts_, limits, progress_));
        seconds_ += last_.seconds;
        if (last_.status == solver::Status::infeasible) return {};
        branch.bound = std::max(branch.bound, last_.bound);
        if (last_.values.empty() || branch.bound >= ceiling()) {
            unseen_ = std::min(unseen_, branch.bound);
            return {};
        }
        if (const auto split = furthest(last_))
            divide(std::move(branch), *split);
        else
            offer(branch.bound);
        return {};
    }

    /// The column that is furthest from a multiple; nullopt where all are at one.
    [[nodiscard]] std::optional<std::size_t> furthest(const solver::Solution& solution) const {
        std::optional<std::size_t> found;
        double most = whole;
        for (std::size_t i = 0; i < multiples_.size(); ++i) {
            const double off = std::abs(count(solution, i) - std::round(count(solution, i)));
            if (off <= most) continue;
            most = off;
            found = i;
        }
        return found;
    }

    void divide(Branch branch, std::size_t at) {
        const double between = count(last_, at);
        auto above = branch;
        branch.most[at] = std::floor(between);
        above.least[at] = std::ceil(between);
        open_.push_back(std::move(branch));
        open_.push_back(std::move(above));
    }

    /// Without time to search on, sizes that do what the last ones did.
    void round_up(Branch& branch) const {
        for (std::size_t i = 0; i < multiples_.size() && !last_.values.empty(); ++i)
            branch.least[i] = branch.most[i] =
                std::clamp(std::ceil(count(last_, i) - whole), branch.least[i], branch.most[i]);
    }

    void offer(double bound) {
        unseen_ = std::min(unseen_, bound);
        if (best_ && best_->objective <= last_.objective) return;
        best_ = last_;
        for (std::size_t i = 0; i < multiples_.size(); ++i)
            best_->values[static_cast<std::size_t>(multiples_[i].column)] =
                std::round(count(last_, i)) * multiples_[i].unit;
    }

    solver::Solution finished() {
        double bound = std::min(unseen_, best_->objective);
        for (const auto& branch : open_) bound = std::min(bound, branch.bound);
        best_->bound = bound;
        best_->gap = (best_->objective - bound) / std::max(1.0, std::abs(best_->objective));
        const double proven = std::max(limits_.mip_gap, limits_.accepted_gap);
        best_->status = best_->gap <= proven ? solver::Status::optimal : solver::Status::feasible;
        best_->method = solver::Method::branch_and_bound;
        best_->seconds = seconds_;
        return std::move(*best_);
    }

    Model& model_;
    std::vector<PlanPart>& parts_;
    const std::vector<Multiple>& multiples_;
    const SolveLimits& limits_;
    Progress& progress_;
    std::vector<Branch> open_;
    std::optional<solver::Solution> best_;
    solver::Solution last_;
    double unseen_ = solver::infinity;  ///< the lowest bound of what was left
    double seconds_ = 0;
};

}  // namespace

Result<solver::Solution> solve_whole(Model& model, std::vector<PlanPart>& parts, const std::vector<Multiple>& multiples,
                                     const SolveLimits& limits, Progress& progress) {
    if (multiples.empty()) return solve_refined(model, parts, limits, progress);
    return Search(model, parts, multiples, limits, progress).run();
}

}  // namespace loadstar::plan
