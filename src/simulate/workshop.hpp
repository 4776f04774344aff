#pragma once
// The machines of the electronics plant and the dispatcher that gives them work. Power states, shifts and powers stand
// in the plant file; here stands what a plant file does not say.

#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "simulate/orders.hpp"
#include "simulate/random.hpp"
#include "site/plant_state.hpp"

namespace loadstar::simulate {

/// States of a machine by the names that the plant file must use.
enum class Mode { off, standby, heat_up, run };
const char* to_string(Mode mode);

/// What a machine does in one step; its mode holds from the start of the step to the end.
struct MachineStep {
    Mode mode = Mode::off;
    Power power;
    Power left_on;   ///< the part of the power that is drawn because nobody switched it off
    int pieces = 0;  ///< finished in the step
};

/// What a plant file does not say about a machine.
struct Workplace {
    std::string machine;
    Operation operation = Operation::assembly;
    double pieces_per_hour = 0;  ///< at pace 1
    Duration heat_up{0};
    int start_lot = 1;   ///< pieces that must wait before it begins
    std::string oven{};  ///< of an assembly line: the machine that solders in the same flow
};

/// Boards an hour at pace 1 that a machine assembles; zero for machines that do something else.
double rated_assembly(const std::string& machine);

/// Gives machines work and moves boards through the route: assembly on two lines with an oven each, wave soldering,
/// coating, test, burn-in in batches. The order due first goes first; a line finishes the order it has begun.
class Workshop {
  public:
    /// Errors: not_found (the plant file lacks a machine of the workshop, or one of its states).
    static Result<Workshop> open(const Plant& plant, std::vector<Order> orders, std::uint64_t seed);

    /// Moves the machines of `state` from state.at to state.at + length, and the orders with them; the caller moves
    /// state.at.
    /// @param left_on  machines that nobody switches off in this step
    /// @return         [machine of the plant file]
    std::vector<MachineStep> step(PlantState& state, Duration length, const std::set<std::string>& left_on);

    [[nodiscard]] const WorkInProgress& work() const { return work_; }

  private:
    using Batch = std::vector<std::pair<std::size_t, int>>;  ///< orders and pieces in the chambers

    /// A machine at work.
    struct Post {
        const Machine* machine = nullptr;
        Workplace place;
        std::optional<std::size_t> line{};   ///< of an oven: the post it serves
        std::optional<std::size_t> order{};  ///< being made, or made last
        bool busy = false;                   ///< has an order, a campaign or a batch
        Batch batch{};
        Duration cooked{0};  ///< of the batch
        std::optional<Instant> last_run{};
        std::optional<Instant> blocked_until{};  ///< by a change-over or a breakdown
        Hours carried{0.0};                      ///< of work on a piece that is not done yet
        Mode mode = Mode::off;
    };

    Workshop(const Plant& plant, std::vector<Order> orders, std::uint64_t seed)
        : plant_(&plant), work_(std::move(orders)), random_(seed) {}

    void assign(Post& post, Instant now);
    void assign_line(Post& post, Instant now);
    void assign_batch(Post& post, Instant now);
    [[nodiscard]] bool wants_to_be_ready(const Post& post, Instant now) const;
    [[nodiscard]] Mode prepared(const Post& post, const MachineStatus& status, Instant now) const;
    bool starts_running(Post& post, Instant now, Duration length);
    int produce(Post& post, Instant now, Duration length);
    int produce_orders(Post& post, Instant now, Duration length);
    int produce_batch(Post& post, Instant now, Duration length);
    MachineStep outcome(const Post& post, int pieces, bool is_left_on);
    void remember(const Post& post, int pieces, PlantState& state) const;

    const Plant* plant_;
    WorkInProgress work_;
    Random random_;
    std::vector<Post> posts_;  ///< [machine of the plant file]
};

}  // namespace loadstar::simulate
