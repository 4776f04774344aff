#include "corpus/machine.hpp"

#include <algorithm>

namespace loadstar::corpus {
namespace {

double share_per_point(double points) { return 1 - std::exp(-1 / std::max(points, 0.05)); }

}  // namespace

Machine::Machine(Random& random, const Clock& clock)
    : off_power_(random.chance(0.5) ? 0 : random.uniform(0, 0.05)),
      standby_power_(random.uniform(0.03, 0.35)),
      run_power_(random.uniform(0.6, 1)),
      start_power_(random.chance(0.5) ? random.uniform(1, 1.6) : 0),
      stop_chance_(share_per_point(clock.points_in(random.log_uniform(2, 200)))),
      restart_chance_(share_per_point(clock.points_in(random.log_uniform(0.2, 6)))),
      warming_(share_per_point(clock.points_in(random.log_uniform(0.1, 3)))),
      cooling_(share_per_point(clock.points_in(random.log_uniform(1, 24)))),
      rests_hot_(random.chance(0.3) ? 1 : 0),
      batch_points_(random.chance(0.35) ? clock.points_in(random.log_uniform(0.7, 12)) : 0),
      batch_depth_(random.uniform(0.2, 0.9)),
      noise_(random.log_uniform(0.005, 0.15)),
      memory_(random.uniform(0, 0.9)) {
    if (batch_points_ < 4) batch_points_ = 0;
}

Machine::State Machine::next_state(Random& random, const Step& step, double working) const {
    if (working < 0.5) return rests_hot_ > 0 ? State::standby : State::off;
    constexpr double warm = 0.9;
    switch (step.state) {
        case State::off: return start_power_ > 0 && step.warmth < warm ? State::heating : State::running;
        case State::heating: return step.warmth < warm ? State::heating : State::running;
        case State::standby: return random.chance(restart_chance_) ? State::running : State::standby;
        case State::running: return random.chance(stop_chance_) ? State::standby : State::running;
    }
    return State::off;
}

double Machine::draw(Random& random, const Step& step) const {
    switch (step.state) {
        case State::off: return off_power_;
        case State::standby: return standby_power_ * (1 + 0.1 * noise_ * random.normal());
        case State::heating: return start_power_ * (1 - 0.3 * step.warmth) * (1 + noise_ * step.ripple);
        case State::running: break;
    }
    const double batch = batch_points_ > 0 ? 1 - batch_depth_ * step.batch * step.batch : 1;
    return run_power_ * batch * (1 + noise_ * step.ripple);
}

Values Machine::power(Random& random, ConstRow working) const {
    Values power(working.size());
    Step step{.state = rests_hot_ > 0 ? State::standby : State::off};
    double batch_step = batch_points_ > 0 ? 1 / batch_points_ : 0;
    for (std::size_t i = 0; i < power.size(); ++i) {
        step.state = next_state(random, step, working[i]);
        const bool hot = step.state == State::heating || step.state == State::running;
        step.warmth += hot ? warming_ * (1 - step.warmth) : -cooling_ * step.warmth;
        step.ripple = memory_ * step.ripple + std::sqrt(1 - memory_ * memory_) * random.normal();
        if (step.state == State::running) step.batch += batch_step;
        if (step.batch >= 1) {
            step.batch = 0;
            batch_step = std::max(0.3, 1 + 0.1 * random.normal()) / batch_points_;
        }
        power[i] = draw(random, step);
    }
    return power;
}

}  // namespace loadstar::corpus
