#pragma once
// Keeps the carriers that a site makes itself in balance while a plan is carried out: heat, cold, compressed air.

#include <map>
#include <string>
#include <vector>

#include "plan/plan.hpp"

namespace loadstar::operate {

/// What really happens while a plan is carried out, and what was believed when it was made.
struct Course {
    const plan::Plan& plan;
    const plan::PlanRequest& believed;
    const plan::PlanRequest& actual;  ///< axis: the slots that are carried out
};

/// Machines of one converter in one slot.
struct RunningMachines {
    int running = 0;
    double load = 0;  ///< of all of them, in shares of the full load of one
};

/// What the planned connection may carry in a slot without costing more than the plan expected.
struct SiteLimit {
    double other_load = 0;  ///< what the site draws without converters and stores, kW
    double ceiling = 0;     ///< kW, see corridors
};

/// Runs converters and the stores of carriers that no connection supplies, slot by slot, against what is really needed.
///
/// Machines run and stores fill as planned. What is then lacking or too much is taken up by the stores, so that the
/// machines stay at what was cheapest, and beyond their limits by the machines that run, between their least and full
/// load and within their ramps. Only where a need would stay unserved, or a surplus cannot be let go, a machine is
/// started or stopped out of turn, if its shortest times allow it. When the site would draw more than the plan pays for
/// anyway, stores fill less or give more, so that machines draw less.
class Balance {
  public:
    /// @param executed  set-points as carried out, one for each asset of the plan in its order, paths of all slots
    Balance(const Course& course, std::vector<plan::AssetPlan>& executed);

    /// Slots in order of time.
    void run_slot(int slot, const SiteLimit& limit);

    /// Machines that were started or stopped out of turn so far.
    [[nodiscard]] int out_of_turn() const { return out_of_turn_; }
    /// After the last slot.
    [[nodiscard]] std::map<std::string, ConverterStatus> converters() const;

  private:
    struct Machines {
        const Converter* converter;
        const plan::AssetPlan* planned;
        plan::AssetPlan* executed;
        ConverterStatus status;  ///< at the end of the slot before
        RunningMachines now{};
    };
    struct Tank {
        const Store* store;
        const plan::AssetPlan* planned;
        plan::AssetPlan* executed;
        Power power{0.0};
    };
    struct LoadRange {
        double lowest, highest;
    };

    void follow_plan(Machines& machines);
    [[nodiscard]] bool may_change(const Machines& machines, int running) const;
    [[nodiscard]] LoadRange range_of(const Machines& machines) const;
    [[nodiscard]] std::map<std::string, double> flows_of(const Machines& machines) const;
    [[nodiscard]] double given(const Machines& machines, const std::string& carrier) const;
    /// Positive: lacks so much per hour.
    [[nodiscard]] double lack_of(const std::string& carrier) const;
    /// The part of it that the plan did not foresee to let go.
    [[nodiscard]] double error_of(const std::string& carrier) const;
    [[nodiscard]] double penalty_of(const std::string& carrier) const;
    void take_up(const std::string& carrier);
    void take_up_by_machines(const std::string& carrier);
    void take_up_by_tanks(const std::string& carrier);
    /// What the connection carries, kW.
    [[nodiscard]] double import_of(const SiteLimit& limit) const;
    void hold_import(Tank& tank, const SiteLimit& limit);
    /// Sets the power of a store; machines that run take up the difference.
    void set_power(Tank& tank, Power power);
    /// Starts or stops one machine where that leaves less unserved or too much.
    bool change_out_of_turn(const std::string& carrier);
    void note_slot();

    Course course_;
    std::string site_carrier_;
    std::vector<std::string> carriers_;  ///< made on the site, those first that others are made from
    std::vector<Machines> machines_;     ///< in the order of the plant file
    std::vector<Tank> tanks_;
    int slot_ = 0;
    int out_of_turn_ = 0;
};

}  // namespace loadstar::operate
