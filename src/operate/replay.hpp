#pragma once
// Day by day over history: plan with what was known, execute against what really happened, and keep the account.

#include <functional>
#include <optional>
#include <vector>

#include "base/progress.hpp"
#include "base/result.hpp"
#include "operate/execution.hpp"

namespace loadstar::operate {

/// What is believed about a horizon before it happens.
struct Outlook {
    std::vector<double> load_kw;                           ///< [slot], median
    std::vector<std::vector<double>> load_scenarios_kw{};  ///< [scenario][slot], equally likely
    std::map<std::string, std::vector<double>> generation_kw{};
    std::map<std::string, std::vector<double>> asset_load_kw{};
    ReactiveEnergy reactive{};  ///< of plans of single days; a replay leaves it to the bills
    OtherCarriers others{};
};

/// What the connection draws under an outlook if nothing is decided, kW; fed in negative. [slot]
std::vector<double> undisturbed_import(const Outlook& outlook);

/// Where a replay gets its facts, asked in order of time.
struct ReplaySources {
    /// Belief about a horizon; may look at nothing that came after its start.
    std::function<Result<Outlook>(const Horizon&)> outlook;
    /// What happened; asked only for slots that have passed.
    std::function<Result<Reality>(const Horizon&)> reality;
    /// Terms of the contract of a connection as they bill, with what was used up before the horizon.
    std::function<Result<tariff::ChargeTerms>(const std::string& grid, const Horizon&, const BillingState&)> terms;
};

struct ReplayRequest {
    const Plant* plant = nullptr;
    std::string grid;
    LocalDay first;
    LocalDay last;                     ///< included
    Duration replan_every{hours(24)};  ///< from midnight on, a multiple of the plant's step
    /// Local minute of the day at which the outlook on the next day is out: plans reach to its end from then on, before
    /// that to the end of their own day. Absent: always their own day.
    std::optional<int> next_day_known_at{};
    PlantState state{};               ///< at the start of the first day
    double stored_value_per_kwh = 0;  ///< worth of energy left in a battery at the end of a plan, money per kWh
    double time_limit_s = 20;         ///< per plan
};

/// One row of the ledger: what the plan of a day promised and what was measured.
struct DayOutcome {
    LocalDay day;
    double promised_cost = 0;    ///< as cost, of the plan on its forecast
    double promised_saving = 0;  ///< money, of the day that is carried out
    double measured_saving = 0;
    /// What the day would have cost without a plan: energy of all connections, what its peaks and tiers add to their
    /// months, and what stands on no bill (see plan::Account).
    double cost_idle = 0;
    double cost = 0;
    double forecast_error_kwh = 0;  ///< sum of absolute errors of the load
    double load_kwh = 0;
    std::vector<Correction> corrections{};
    int out_of_turn = 0;  ///< machines started or stopped otherwise than planned
    /// Needs that were not met, by carrier, in its unit: with the plans, and had nothing been done.
    std::map<std::string, double> unserved{}, unserved_idle{};
};

/// One course of events: the plans carried out, or nothing done.
struct World {
    std::vector<double> import_kw;                     ///< [slot], of the planned connection
    std::map<std::string, std::vector<double>> drawn;  ///< by other connection, [slot] per hour
    std::vector<plan::CostPath> beside_the_bills;      ///< [slot]
    PlantState end;                                    ///< at the end of the last day
};

/// A replayed stretch of time.
struct Replay {
    Horizon axis;
    std::vector<double> load_kw;  ///< [slot], as measured
    World planned;                ///< the plans carried out
    World idle;                   ///< had nothing been done
    std::vector<DayOutcome> days;
};

/// Replays. Each world keeps its own account of peaks: what a plan does early in a month changes what the rest of it
/// costs. Errors: those of the sources and of make_plan, invalid_argument (plans anew at other times than slots begin),
/// invalid_input (a day that has no plan at all, with the limits that contradict each other), cancelled.
Result<Replay> replay(const ReplayRequest& request, const ReplaySources& sources, Progress& progress);

}  // namespace loadstar::operate
