#pragma once
// One iteration after the other along the central path of a standard form.

#include <vector>

#include "solver/reduced_system.hpp"
#include "solver/standard_form.hpp"

namespace loadstar::solver {

/// How far a point is from being optimal.
struct Distance {
    double primal = 0;           ///< objective
    double dual = 0;             ///< objective
    double rows = 0;             ///< largest residual of A x = b, over 1 + largest b
    double duals = 0;            ///< largest residual of A'y + z_l - z_u = c, over 1 + largest c
    double complementarity = 0;  ///< mean product of a slack and its multiplier

    [[nodiscard]] double gap() const;
};

/// Iterates of Mehrotra's predictor and corrector with Gondzio's further correctors.
///
/// x - l = s_l, u - x = s_u, all slacks s and multipliers z positive; the equations hold only in the end. Vectors over
/// columns have [column] entries of the form, those over rows [place].
class CentralPath {
  public:
    explicit CentralPath(const StandardForm& form);

    /// One factorisation and two or more solves. Returns false when no step was possible.
    bool advance();
    [[nodiscard]] const Distance& distance() const { return distance_; }
    [[nodiscard]] const std::vector<double>& x() const { return x_; }
    [[nodiscard]] const std::vector<double>& y() const { return y_; }

  private:
    /// A direction: steps of x and y, and what each product of slack and multiplier shall change by.
    struct Direction {
        std::vector<double> x, y, lower, upper;
    };
    /// Steps of one column's slacks and multipliers.
    struct ColumnStep {
        double lower_slack = 0, upper_slack = 0, lower_multiplier = 0, upper_multiplier = 0;
    };
    struct Lengths {
        double primal = 1, dual = 1;
    };

    void start();
    void start_values();
    void start_multipliers();
    void move_inside();
    void measure();
    void set_weights();
    void complete(Direction& direction);
    [[nodiscard]] ColumnStep column_step(const Direction& direction, std::size_t j) const;
    [[nodiscard]] Lengths longest(const Direction& direction) const;
    [[nodiscard]] double complementarity_after(const Direction& direction, Lengths lengths) const;
    void predict();
    double correct();
    bool correct_again(double target, Lengths& lengths);
    void take(Lengths lengths);
    [[nodiscard]] bool has_lower(std::size_t j) const { return form_.lower[j] > -infinity; }
    [[nodiscard]] bool has_upper(std::size_t j) const { return form_.upper[j] < infinity; }

    const StandardForm& form_;
    ReducedSystem system_;
    std::vector<double> x_, y_, lower_slack_, upper_slack_, lower_multiplier_, upper_multiplier_;
    std::vector<double> row_residual_, dual_residual_, weights_, inverse_lower_, inverse_upper_;
    Direction direction_, trial_;
    Distance distance_;
    std::size_t bounds_ = 0;  ///< finite ones
    double right_side_size_ = 0, cost_size_ = 0;
};

}  // namespace loadstar::solver
