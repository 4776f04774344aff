#include "solver/tree_search.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include "solver/relaxations.hpp"

namespace loadstar::solver {
namespace {

constexpr double whole = 1e-6;         ///< closer to a whole number is one
constexpr double large = 0.8;          ///< fractions from here on are rounded up together
constexpr double much = 2.5e-4;        ///< of the cost: a step up that costs more is compared with one down
constexpr double nothing = 1e-6;       ///< of money
constexpr double least_gap = 1e-4;     ///< to prove less takes cutting planes where much is to be chosen
constexpr std::ptrdiff_t little = 24;  ///< whole columns: tried out to any gap
constexpr int most_relaxations = 500;  ///< that bring no better plan

double fraction(double value) { return value - std::floor(value + whole); }

/// Part of a problem: what is held, and what no plan in it costs less than.
struct Node {
    Held held{};
    double bound = -infinity;
};

/// A part and its relaxation.
struct Visit {
    Node node;
    Solution relaxed;

    [[nodiscard]] bool has_none() const { return relaxed.status == Status::infeasible; }
    [[nodiscard]] bool is_solved() const { return relaxed.status == Status::optimal; }
    /// For comparing ways on.
    [[nodiscard]] double cost() const { return is_solved() ? relaxed.objective : infinity; }
};

/// What steps of whole columns to the next whole number have cost, per unit.
class StepCosts {
  public:
    void note(std::size_t column, double step, double rise) {
        add(columns_[column], step, rise / std::abs(step));
        add(all_, step, rise / std::abs(step));
    }
    /// What the step would cost: by the column's own steps, and as one more by the mean of all.
    [[nodiscard]] double expected(std::size_t column, double step) const {
        const int way = step > 0;
        const double mean = all_.count[way] > 0 ? all_.sum[way] / all_.count[way] : 1;
        const auto own = columns_.find(column);
        if (own == columns_.end()) return mean * std::abs(step);
        return std::abs(step) * (own->second.sum[way] + mean) / (own->second.count[way] + 1);
    }

  private:
    struct Steps {
        std::array<double, 2> sum{};
        std::array<int, 2> count{};
    };
    static void add(Steps& steps, double step, double cost) {
        steps.sum[step > 0] += cost;
        ++steps.count[step > 0];
    }

    std::map<std::size_t, Steps> columns_;
    Steps all_;
};

class TreeSearch {
  public:
    TreeSearch(const Problem& problem, double mip_gap, Relaxations relaxations)
        : problem_(problem), mip_gap_(mip_gap), relaxations_(std::move(relaxations)) {}

    Result<std::optional<Solution>> run() {
        LOADSTAR_TRY(auto root, visit({}));
        if (!root.is_solved()) return std::optional<Solution>();
        LOADSTAR_CHECK(round_off(root));
        put_aside(std::move(root));
        const bool chooses_little = std::ranges::count(problem_.integral, true) <= little;
        if (mip_gap_ >= least_gap || chooses_little || relaxations_.are_large()) LOADSTAR_CHECK(branch());
        return best_ ? std::optional(finished()) : std::nullopt;
    }

  private:
    /// Rounds a relaxation step by step until it is whole. What is passed by is not kept: the root stays to be
    /// branched.
    Result<void> round_off(Visit visit) {
        while (visit.is_solved() && !spent()) {
            const auto columns = largest_fractions(visit.relaxed.values);
            if (columns.empty()) {
                keep(std::move(visit.relaxed));
                return {};
            }
            auto up = visit.node;
            for (const auto column : columns) up.held[column] = above(visit, column);
            LOADSTAR_TRY(auto way, this->visit(std::move(up)));
            const double dear = visit.cost() + much * std::abs(visit.cost());
            if (columns.size() == 1 && way.cost() > dear) {
                auto down = visit.node;
                down.held[columns.front()] = below(visit, columns.front());
                LOADSTAR_TRY(auto other, this->visit(std::move(down)));
                if (other.cost() < way.cost()) way = std::move(other);
            }
            visit = std::move(way);
        }
        return {};
    }

    /// All that are large, or else the one with the largest; none when all are whole.
    [[nodiscard]] std::vector<std::size_t> largest_fractions(const std::vector<double>& values) const {
        std::vector<std::size_t> columns;
        std::size_t largest = values.size();
        double most = whole;
        for (std::size_t column = 0; column < values.size(); ++column) {
            if (!problem_.integral[column]) continue;
            const double part = fraction(values[column]);
            if (part > large) columns.push_back(column);
            if (part > most) {
                most = part;
                largest = column;
            }
        }
        if (columns.empty() && largest < values.size()) columns.push_back(largest);
        return columns;
    }

    Result<void> branch() {
        while (!open_.empty() && !spent()) {
            LOADSTAR_TRY(auto nearest, visit(next(), worth_it()));
            LOADSTAR_CHECK(plunge(std::move(nearest)));
        }
        return {};
    }

    /// Goes from a part down until it is whole or not worth it; the ways that are not gone stay open.
    Result<void> plunge(Visit visit) {
        while (visit.is_solved() && visit.node.bound < worth_it() && !spent()) {
            const auto column = most_promising(visit.relaxed.values);
            if (!column) {
                keep(std::move(visit.relaxed));
                return {};
            }
            LOADSTAR_TRY(visit, branched(std::move(visit), *column));
        }
        put_aside(std::move(visit));
        return {};
    }

    /// The column whose steps up and down would both raise the bound; none when all are whole.
    [[nodiscard]] std::optional<std::size_t> most_promising(const std::vector<double>& values) const {
        std::optional<std::size_t> chosen;
        double most = -1;
        for (std::size_t column = 0; column < values.size(); ++column) {
            if (!problem_.integral[column]) continue;
            const double part = fraction(values[column]);
            if (part <= whole) continue;
            const double promise = std::max(nothing, costs_.expected(column, 1 - part)) *
                                   std::max(nothing, costs_.expected(column, -part));
            if (promise <= most) continue;
            most = promise;
            chosen = column;
        }
        return chosen;
    }

    /// Goes on where the relaxation costs less.
    Result<Visit> branched(Visit visit, std::size_t column) {
        auto up = visit.node, down = visit.node;
        up.held[column] = above(visit, column);
        down.held[column] = below(visit, column);
        LOADSTAR_TRY(auto upward, this->visit(std::move(up), worth_it()));
        LOADSTAR_TRY(auto downward, this->visit(std::move(down), worth_it()));
        const double part = fraction(visit.relaxed.values[column]);
        if (upward.is_solved()) costs_.note(column, 1 - part, upward.cost() - visit.cost());
        if (downward.is_solved()) costs_.note(column, -part, downward.cost() - visit.cost());
        if (downward.cost() < upward.cost()) std::swap(upward, downward);
        put_aside(std::move(downward));
        return upward;
    }

    Result<Visit> visit(Node node, double cutoff = infinity) {
        LOADSTAR_TRY(auto relaxed, relaxations_.of(node.held, cutoff));
        if (relaxed.status == Status::optimal) node.bound = std::max(node.bound, relaxed.bound);
        if (relaxed.status == Status::above_cutoff) node.bound = std::max(node.bound, cutoff);
        return Visit{std::move(node), std::move(relaxed)};
    }

    [[nodiscard]] Range range_of(const Node& node, std::size_t column) const {
        const auto held = node.held.find(column);
        if (held != node.held.end()) return held->second;
        return {problem_.column_lower[column], problem_.column_upper[column]};
    }
    [[nodiscard]] Range above(const Visit& visit, std::size_t column) const {
        return {std::ceil(visit.relaxed.values[column] - whole), range_of(visit.node, column).upper};
    }
    [[nodiscard]] Range below(const Visit& visit, std::size_t column) const {
        return {range_of(visit.node, column).lower, std::floor(visit.relaxed.values[column] + whole)};
    }

    void keep(Solution found) {
        if (best_ && best_->objective <= found.objective) return;
        best_ = std::move(found);
        found_at_ = relaxations_.count();
        std::erase_if(open_, [&](const Node& node) {
            if (node.bound < worth_it()) return false;
            closed_ = std::min(closed_, node.bound);
            return true;
        });
    }

    /// Leaves a part open, or counts it in the bound alone where no plan in it is worth it.
    void put_aside(Visit visit) {
        if (visit.has_none()) return;
        if (visit.node.bound < worth_it())
            open_.push_back(std::move(visit.node));
        else
            closed_ = std::min(closed_, visit.node.bound);
    }

    /// While there is no plan the latest, which is nearest to one; then the one with the lowest bound.
    Node next() {
        auto place = best_ ? std::ranges::min_element(open_, {}, &Node::bound) : open_.end() - 1;
        auto node = std::move(*place);
        open_.erase(place);
        return node;
    }

    /// What a plan must cost less than to count: the gap, and a hair less, so that rounding does not leave it open.
    [[nodiscard]] double worth_it() const {
        if (!best_) return infinity;
        return best_->objective - std::max(0.999999 * mip_gap_ * std::abs(best_->objective), nothing);
    }
    [[nodiscard]] bool spent() const {
        return relaxations_.count() >= found_at_ + most_relaxations || relaxations_.seconds_left() <= 0;
    }

    Solution finished() {
        auto& solution = *best_;
        solution.method = Method::tree_search;
        solution.bound = std::min(closed_, solution.objective);
        for (const auto& node : open_) solution.bound = std::min(solution.bound, node.bound);
        solution.gap = (solution.objective - solution.bound) / std::max(1e-9, std::abs(solution.objective));
        for (std::size_t column = 0; column < solution.values.size(); ++column)
            if (problem_.integral[column]) solution.values[column] = std::round(solution.values[column]);
        return std::move(solution);
    }

    const Problem& problem_;
    double mip_gap_;
    Relaxations relaxations_;
    StepCosts costs_;
    std::vector<Node> open_;
    std::optional<Solution> best_;
    double closed_ = infinity;  ///< lowest bound of parts that were not worth it
    int found_at_ = 0;          ///< relaxations when the best plan was found
};

}  // namespace

Result<std::optional<Solution>> tree_search(const Problem& problem, const SolveOptions& options, Progress& progress) {
    Relaxations relaxations(problem, options.time_limit_s, progress);
    return TreeSearch(problem, options.mip_gap, std::move(relaxations)).run();
}

}  // namespace loadstar::solver
