#pragma once
// What is true of a plant at one instant and matters for what comes next. `simulate` steps it, `operate` measures it,
// `plan` starts from it: replay, shadow mode and live control differ only in where the next state comes from.

#include <map>
#include <string>
#include <vector>

#include "base/decimal.hpp"
#include "base/instant.hpp"
#include "base/quantity.hpp"

namespace loadstar {

/// State of one machine.
struct MachineStatus {
    std::string state;       ///< name of its MachineState
    Instant since;           ///< when it entered the state
    std::string job;         ///< batch job it runs, "" = none
    double pieces_done = 0;  ///< of that job
};

/// What the current billing period of a contract has used up already.
struct BillingState {
    std::map<std::string, Decimal> incurred_kw;  ///< line of a demand charge -> demand so far in this period
    Decimal incurred_kwh;                        ///< imported so far
    Decimal incurred_kvarh{};                    ///< lagging and leading so far, where they are measured
    Energy interval_energy{0.0};                 ///< imported so far in the metering interval under way
    /// Line of a demand charge -> month in which a billing period starts -> demand measured in it. For ratchets and
    /// demands of the year; a period that is absent counts nothing.
    std::map<std::string, std::map<std::chrono::year_month, Decimal>> earlier_kw{};
    /// Line of a demand charge by days -> quantity so far of the local day under way.
    std::map<std::string, Decimal> day_quantity{};
    /// Line of an energy component in tiers, or of a take-or-pay by the year -> quantity so far of the period, day or
    /// year that its thresholds count.
    std::map<std::string, Decimal> counted_quantity{};
    /// Line of an energy component -> what it comes to so far in this period, before taxes. For charges on what
    /// other lines come to.
    std::map<std::string, Decimal> billed{};
    /// Line of a reactive charge -> kvarh so far in this period less those that were free; below zero while free ones
    /// are left.
    std::map<std::string, Decimal> reactive_excess{};
};

/// Machines of one converter that run, and since when the last change holds.
struct ConverterStatus {
    int running = 0;
    Instant since;
    double load = 0;  ///< of all of them, in shares of the full load of one
    int starts = 0;   ///< so far on the local day
};

/// The plant at an instant. Assets that are absent here start as the plant file says.
struct PlantState {
    Instant at;
    std::map<std::string, Energy> store_level;          ///< by battery or store id, in the unit of its carrier
    std::map<std::string, ConverterStatus> converters;  ///< by converter id; absent = off for long
    std::map<std::string, MachineStatus> machines;      ///< by machine id
    std::map<std::string, BillingState> billing;        ///< by contract id
    std::map<std::string, Energy> shifted_energy;       ///< by shiftable load: delivered so far on the local day
    std::map<std::string, Hours> cut_hours;  ///< by interruptible load: cut so far on the local day, by depth
    std::vector<std::string> finished_jobs;
};

}  // namespace loadstar
