#pragma once
// The linear equations of one step of the interior point method, reduced to the rows and the linking columns.

#include <vector>

#include "solver/envelope_factor.hpp"
#include "solver/standard_form.hpp"

namespace loadstar::solver {

/// Solves, for weights W > 0 of the columns, split into short columns S and linking columns L,
///
///     [ S W_S S'   L       ] [ row part  ]   [ r ]
///     [ L'        -1 / W_L ] [ link part ] = [ q ]
///
/// which is quasidefinite: the rows are a positive, the linking columns a negative block. Both parts of a vector lie at
/// places. Both diagonals are moved away from zero by a billionth, which the next iteration makes up for: a proximal
/// term, Friedlander & Orban 2012. Source: normal equations with long columns kept apart, Vanderbei 1991 and Andersen
/// 1996.
class ReducedSystem {
  public:
    explicit ReducedSystem(const StandardForm& form);

    /// Takes the weights over and factorises.   [column]
    void factorise(const std::vector<double>& weights);
    /// Solves in place, refined until the residual is as small as rounding lets it be, at most `refinements` times.
    void solve(std::vector<double>& right_side, int refinements);

    [[nodiscard]] std::size_t dependent_rows() const { return dependent_; }

  private:
    void assemble();
    /// residual = right side - matrix * x; returns its largest entry.
    double residual(const std::vector<double>& right_side, const std::vector<double>& x,
                    std::vector<double>& left) const;

    const StandardForm& form_;
    EnvelopeFactor factor_;
    const std::vector<double>* weights_ = nullptr;
    std::size_t dependent_ = 0;
    std::vector<char> is_link_;                ///< [place]
    std::vector<double> known_, left_, best_;  ///< [place], kept between calls
};

}  // namespace loadstar::solver
