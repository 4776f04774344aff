// Energy is not power: a battery's balance without the length of the step must not compile.
#include "solver/problem.hpp"

void add(loadstar::solver::Problem& problem, loadstar::solver::Variable<loadstar::Energy> level,
         loadstar::solver::Variable<loadstar::Energy> next, loadstar::solver::Variable<loadstar::Power> charge) {
    using loadstar::Hours;
    problem.require(next == level + Hours(0.25) * charge, 0, 0);
#ifdef MUST_NOT_COMPILE
    problem.require(next == level + charge, 0, 0);
#endif
}
