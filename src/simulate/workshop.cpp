#include "simulate/workshop.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "simulate/crew.hpp"

namespace loadstar::simulate {
namespace {

constexpr Duration patience = hours(2);  ///< a machine without work stands by so long before it is switched off
constexpr Duration change_over = minutes(30);
constexpr double breakdowns_per_hour = 0.012;  ///< of running: one in about 80 hours, usual for placement lines

constexpr int chamber_capacity = 1600;
constexpr int good_batch = 900;
constexpr int least_batch = 150;  ///< enough to start when the people go home
constexpr Duration burn_in_time = hours(6);

/// Rates of mid-range lines; an oven needs three quarters of an hour until its zones hold their temperatures.
const std::vector<Workplace>& workplaces() {
    static const std::vector<Workplace> places{
        {.machine = "smt1", .operation = Operation::assembly, .pieces_per_hour = 230, .oven = "reflow1"},
        {.machine = "smt2", .operation = Operation::assembly, .pieces_per_hour = 230, .oven = "reflow2"},
        {.machine = "reflow1", .operation = Operation::assembly, .heat_up = minutes(45)},
        {.machine = "reflow2", .operation = Operation::assembly, .heat_up = minutes(45)},
        {.machine = "wave1",
         .operation = Operation::wave,
         .pieces_per_hour = 540,
         .heat_up = minutes(45),
         .start_lot = 400},
        {.machine = "coat1",
         .operation = Operation::coating,
         .pieces_per_hour = 420,
         .heat_up = minutes(30),
         .start_lot = 300},
        {.machine = "test1", .operation = Operation::test, .pieces_per_hour = 520, .start_lot = 300},
        {.machine = "burnin1", .operation = Operation::burn_in, .heat_up = minutes(45)},
    };
    return places;
}

const MachineState* state_of(const Machine& machine, Mode mode) {
    const auto found = std::ranges::find(machine.states, to_string(mode), &MachineState::name);
    return found == machine.states.end() ? nullptr : &*found;
}

Result<void> check_states(const Plant& plant, const Machine& machine, Duration heat_up) {
    for (const auto mode : {Mode::off, Mode::standby, Mode::heat_up, Mode::run}) {
        if (state_of(machine, mode) != nullptr || (mode == Mode::heat_up && heat_up == Duration(0))) continue;
        return Error{.code = ErrorCode::not_found,
                     .message = fmt::format("machine {} has no state {}", machine.id, to_string(mode)),
                     .where = plant.file.string()};
    }
    return {};
}

}  // namespace

const char* to_string(Mode mode) {
    constexpr std::array names{"off", "standby", "heat_up", "run"};
    return names.at(static_cast<std::size_t>(mode));
}

double rated_assembly(const std::string& machine) {
    const auto place = std::ranges::find(workplaces(), machine, &Workplace::machine);
    return place == workplaces().end() || place->operation != Operation::assembly ? 0 : place->pieces_per_hour;
}

Result<Workshop> Workshop::open(const Plant& plant, std::vector<Order> orders, std::uint64_t seed) {
    Workshop workshop(plant, std::move(orders), seed);
    for (const auto& machine : plant.machines) {
        const auto place = std::ranges::find(workplaces(), machine.id, &Workplace::machine);
        if (place == workplaces().end()) {
            return Error{.code = ErrorCode::not_found,
                         .message = fmt::format("the simulation knows no machine {}", machine.id),
                         .where = plant.file.string()};
        }
        LOADSTAR_CHECK(check_states(plant, machine, place->heat_up));
        workshop.posts_.push_back({.machine = &machine, .place = *place});
    }
    for (auto& post : workshop.posts_) {
        const auto line = std::ranges::find_if(
            workshop.posts_, [&post](const Post& other) { return other.place.oven == post.place.machine; });
        if (line != workshop.posts_.end()) post.line = static_cast<std::size_t>(line - workshop.posts_.begin());
    }
    if (workshop.posts_.size() == workplaces().size()) return workshop;
    return Error{.code = ErrorCode::not_found,
                 .message = fmt::format("the simulation needs {} machines, found {}", workplaces().size(),
                                        workshop.posts_.size()),
                 .where = plant.file.string()};
}

std::vector<MachineStep> Workshop::step(PlantState& state, Duration length, const std::set<std::string>& left_on) {
    const auto now = state.at;
    for (auto& post : posts_) assign(post, now);
    std::set<std::string> forgotten;
    for (auto& post : posts_) {
        post.mode = prepared(post, state.machines[post.machine->id], now);
        if (post.mode != Mode::off || !left_on.contains(post.machine->id)) continue;
        post.mode = Mode::standby;
        forgotten.insert(post.machine->id);
    }
    for (auto& post : posts_)
        if (starts_running(post, now, length)) post.mode = Mode::run;
    for (auto& post : posts_)  // an oven follows its line
        if (post.line && posts_[*post.line].mode == Mode::run) post.mode = Mode::run;
    std::vector<MachineStep> steps;
    for (auto& post : posts_) {
        const int pieces = produce(post, now, length);
        remember(post, pieces, state);
        steps.push_back(outcome(post, pieces, forgotten.contains(post.machine->id)));
    }
    return steps;
}

void Workshop::assign(Post& post, Instant now) {
    if (post.line) {
        post.busy = posts_[*post.line].busy;
    } else if (post.place.operation == Operation::assembly) {
        assign_line(post, now);
    } else if (post.place.operation == Operation::burn_in) {
        assign_batch(post, now);
    } else {
        const int waiting = work_.waiting(post.place.operation, now);
        const bool starts =
            waiting >= post.place.start_lot || (waiting > 0 && work_.is_upstream_empty(post.place.operation, now));
        post.busy = waiting > 0 && (post.busy || starts);
    }
}

/// A line finishes its order, then takes the most urgent one that is on no other line, after a change-over.
void Workshop::assign_line(Post& post, Instant now) {
    if (post.order && work_.waiting(*post.order, Operation::assembly, now) > 0) {
        post.busy = true;
        return;
    }
    std::vector<std::size_t> taken;
    for (const auto& other : posts_)
        if (&other != &post && other.place.operation == Operation::assembly && other.order)
            taken.push_back(*other.order);
    const auto next = work_.most_urgent(Operation::assembly, now, taken);
    post.busy = next.has_value();
    if (!next) return;
    post.order = next;
    if (at_work(*plant_, post.machine->shifts, now)) post.blocked_until = now + change_over;
}

/// Chambers are loaded while people are there: when a good batch waits, or with less when they are about to leave.
void Workshop::assign_batch(Post& post, Instant now) {
    post.busy = !post.batch.empty();
    if (post.busy || !is_crewed(*plant_, now)) return;
    const int waiting = work_.waiting(Operation::burn_in, now);
    const bool closing = !is_crewed(*plant_, now + hours(1));
    if (waiting < (closing ? least_batch : good_batch)) return;
    int room = chamber_capacity;
    std::vector<std::size_t> taken;
    while (room > 0) {
        const auto order = work_.most_urgent(Operation::burn_in, now, taken);
        if (!order) break;
        const int pieces = std::min(room, work_.waiting(*order, Operation::burn_in, now));
        post.batch.emplace_back(*order, pieces);
        taken.push_back(*order);
        room -= pieces;
    }
    post.order = post.batch.front().first;
    post.cooked = Duration(0);
    post.busy = true;
}

bool Workshop::wants_to_be_ready(const Post& post, Instant now) const {
    const auto& shifts = post.machine->shifts;
    if (!at_work(*plant_, shifts, now)) return post.busy && at_work(*plant_, shifts, now + post.place.heat_up);
    const auto& runner = post.line ? posts_[*post.line] : post;
    return post.busy || (runner.last_run && now - *runner.last_run < patience);
}

/// What a machine is before it is known whether it runs: off, heating up, or standing by.
Mode Workshop::prepared(const Post& post, const MachineStatus& status, Instant now) const {
    if (!wants_to_be_ready(post, now)) return Mode::off;
    const bool cold = status.state.empty() || status.state == to_string(Mode::off);
    if (cold) return post.place.heat_up > Duration(0) ? Mode::heat_up : Mode::standby;
    const bool heating = status.state == to_string(Mode::heat_up) && now - status.since < post.place.heat_up;
    return heating ? Mode::heat_up : Mode::standby;
}

bool Workshop::starts_running(Post& post, Instant now, Duration length) {
    if (post.line || post.mode != Mode::standby || !post.busy) return false;
    if (!at_work(*plant_, post.machine->shifts, now)) return false;
    if (post.blocked_until && now < *post.blocked_until) return false;
    for (const auto& oven : posts_)
        if (oven.machine->id == post.place.oven && oven.mode != Mode::standby) return false;
    const bool is_chamber = post.place.operation == Operation::burn_in;
    if (!is_chamber && random_.uniform() < breakdowns_per_hour * to_hours(length).value()) {
        const double repair_steps = 2 - 4 * std::log(1 - random_.uniform());
        post.blocked_until = now + static_cast<int>(repair_steps) * length;
        return false;
    }
    post.last_run = now;
    return true;
}

int Workshop::produce(Post& post, Instant now, Duration length) {
    if (post.mode != Mode::run || post.line) return 0;
    return post.place.operation == Operation::burn_in ? produce_batch(post, now, length)
                                                      : produce_orders(post, now, length);
}

int Workshop::produce_orders(Post& post, Instant now, Duration length) {
    const bool is_line = post.place.operation == Operation::assembly;
    const double speed = std::clamp(0.95 + 0.03 * random_.normal(), 0.8, 1.0);  // short stops
    Hours left = post.carried + speed * to_hours(length);
    int made = 0;
    for (;;) {
        if (!is_line) {
            const auto next = work_.most_urgent(post.place.operation, now, {});
            if (!next) break;
            post.order = next;
        }
        const Hours per_piece(1 / (post.place.pieces_per_hour * work_.product(*post.order).pace));
        const int waiting = work_.waiting(*post.order, post.place.operation, now);
        const int pieces = std::min(waiting, static_cast<int>(left / per_piece));
        if (pieces == 0) break;
        work_.finish(*post.order, post.place.operation, pieces, now + length);
        left -= pieces * per_piece;
        made += pieces;
        if (is_line) break;
    }
    const Hours most_carried(1 / post.place.pieces_per_hour);
    post.carried = std::min(left, most_carried);
    return made;
}

int Workshop::produce_batch(Post& post, Instant now, Duration length) {
    post.cooked += length;
    if (post.cooked < burn_in_time) return 0;
    int made = 0;
    for (const auto& [order, pieces] : post.batch) {
        work_.finish(order, Operation::burn_in, pieces, now + length);
        made += pieces;
    }
    post.batch.clear();
    return made;
}

MachineStep Workshop::outcome(const Post& post, int pieces, bool is_left_on) {
    const auto rated = state_of(*post.machine, post.mode)->power;
    const bool runs = post.mode == Mode::run;
    const auto& maker = post.line ? posts_[*post.line] : post;
    const double load = runs && maker.order ? work_.product(*maker.order).load : 1;
    const double noise = 1 + (runs ? 0.03 : 0.015) * std::clamp(random_.normal(), -3.0, 3.0);
    MachineStep step{.mode = post.mode, .power = rated * load * noise, .pieces = pieces};
    if (is_left_on) step.left_on = step.power - state_of(*post.machine, Mode::off)->power;
    return step;
}

void Workshop::remember(const Post& post, int pieces, PlantState& state) const {
    auto& status = state.machines[post.machine->id];
    if (status.state != to_string(post.mode)) status.since = state.at;
    status.state = to_string(post.mode);
    const auto job = post.busy && post.order ? work_.orders()[*post.order].id : std::string();
    if (status.job != job) status.pieces_done = 0;
    status.job = job;
    status.pieces_done += pieces;
}

}  // namespace loadstar::simulate
