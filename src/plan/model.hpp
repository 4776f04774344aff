#pragma once
// What the rows of one plan share: the problem, the draws of every asset on the site, and the use of every machine.

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "plan/plan.hpp"
#include "site/size.hpp"
#include "solver/problem.hpp"

namespace loadstar::plan {

using loadstar::to_string;         // of instants, beside that of outcomes
using Path = std::vector<double>;  ///< [slot]
using PowerColumn = solver::Variable<Power>;
using EnergyColumn = solver::Variable<Energy>;

/// One coefficient that belongs to a slot.
struct SlotEntry {
    int slot;
    solver::Entry entry;
};

/// Machines that stand for each other, and the columns that use one of them in a slot.
struct Occupancy {
    int machines = 0;
    std::vector<SlotEntry> uses;
};

/// A size that is chosen with the plan: the asset is so many times as large as the plant describes it.
struct SizeColumn {
    solver::Variable<double> column;
    double most = 0;
};

/// What a store moves in all, whatever it does slot by slot: over any stretch it gives no more than it can hold, and
/// takes no more than it can hold and lose.
struct StoreSwing {
    std::size_t first = 0, end = 0;  ///< its entries among the draws of its carrier
    double given = 0;                ///< kWh, at most
    double taken = 0;                ///< kWh, at most, and
    double lost_per_slot = 0;        ///< kWh more in each slot of the stretch
};

/// A plan under construction.
struct Model {
    solver::Problem problem;
    std::string carrier;  ///< of the planned connection
    /// By carrier: amount drawn from the site per hour and unit of a column.
    std::map<std::string, std::vector<SlotEntry>> draws;
    std::map<std::string, std::vector<StoreSwing>> swings;  ///< by carrier
    std::map<std::string, Occupancy> occupancy;             ///< by the names of the machines
    std::map<std::string, double> fed_per_taken;  ///< by carrier with losses: what is fed in per unit taken, above 1
    std::map<SizedPart, SizeColumn> sizes;        ///< of what is not as large as the plant says

    std::vector<SlotEntry>& site_draws() { return draws[carrier]; }
    /// Coefficient of a draw where its carrier is fed in: what is taken has lost some on the way.
    [[nodiscard]] double fed(const std::string& drawn, double coefficient) const {
        const auto lossy = fed_per_taken.find(drawn);
        return coefficient > 0 && lossy != fed_per_taken.end() ? lossy->second * coefficient : coefficient;
    }
    /// nullptr where the plant's own size holds.
    [[nodiscard]] const SizeColumn* size_of(const SizedPart& part) const {
        const auto found = sizes.find(part);
        return found == sizes.end() ? nullptr : &found->second;
    }
};

class LoadRule;  // load_following.hpp

/// Which slots get the binaries that forbid two directions at once.
enum class Refine {
    where_needed,  ///< those in which the solution took both: mostly none, or few
    everywhere     ///< when what was forbidden in one slot moves on to the next, round after round
};

/// One planned asset: its rows, what it does when nothing is done, and its checks. Each kind has its own file.
class Asset {
  public:
    virtual ~Asset() = default;
    /// What it does when nothing is done.
    [[nodiscard]] virtual AssetPlan idle() const = 0;
    virtual void add_rows(Model& model) = 0;
    [[nodiscard]] virtual AssetPlan planned(const std::vector<double>& values) const = 0;
    /// Its own cost, apart from the energy it draws: [slot], money.
    [[nodiscard]] virtual std::vector<double> own_cost(const AssetPlan& plan) const = 0;
    /// Name of that cost: "wear", "unserved", "compensation", "late", "".
    [[nodiscard]] virtual std::string own_cost_name() const = 0;
    /// What keeps an order from being made in time.
    [[nodiscard]] virtual std::optional<OrderProblem> problem(const AssetPlan&) const { return std::nullopt; }
    /// Forbids what the linear rows allowed and the asset cannot do, if the solution did it; true when the problem must
    /// be solved again.
    virtual bool refine(Model&, const std::vector<double>& /*solution*/, Refine) { return false; }
};

using Assets = std::vector<std::unique_ptr<Asset>>;

/// Everything planned behind the connection, in a fixed order whatever the order of the plant file.
/// Errors: invalid_argument (a series that is missing or does not fit the axis).
Result<Assets> assets_of(const PlanRequest& request);

std::unique_ptr<Asset> store_asset(const Store& battery, const PlanRequest& request);
/// @param rule  what it does when nothing is decided; may be absent where nobody asks for that
std::unique_ptr<Asset> converter_asset(const Converter& converter, const PlanRequest& request,
                                       std::shared_ptr<LoadRule> rule);
std::unique_ptr<Asset> photovoltaic_asset(const Photovoltaic& source, const PlanRequest& request);
std::unique_ptr<Asset> shiftable_asset(const ShiftableLoad& load, const PlanRequest& request);
std::unique_ptr<Asset> interruptible_asset(const InterruptibleLoad& load, const PlanRequest& request);

/// One asset per batch job, in the order of the plant file.
void add_job_assets(Assets& assets, const PlanRequest& request);
/// No slot uses more machines than there are; after the rows of all assets.
void add_capacity_rows(Model& model);

/// The size that a column goes by, and the row that holds it.
struct SizedBy {
    const SizeColumn* size = nullptr;  ///< nullptr where the plant's own size holds
    solver::RowName row{};
};

/// Adds a column from 0 to `most`, or to that many times a size that is chosen.
template <class Unit, class Price>
solver::Variable<Unit> sized_variable(Model& model, Unit most, Price price, const SizedBy& by) {
    const auto column = model.problem.variable(Unit(0), by.size == nullptr ? most : by.size->most * most, price);
    if (by.size != nullptr) model.problem.require(column - most * by.size->column <= Unit(0), by.row.kind, by.row.slot);
    return column;
}

/// What an asset draws of a carrier, [slot]; nullptr when it does not touch it.
const Path* draw_of(const AssetPlan& plan, const std::string& carrier, const std::string& site_carrier);
const Path* draw_before_of(const AssetPlan& plan, const std::string& carrier, const std::string& site_carrier);

constexpr double tolerance = 1e-5;  ///< kW, kWh and shares closer than this are equal

/// Index of the local day of each slot, counted from the first.
std::vector<int> local_days(const PlanRequest& request);
/// Whether the local start of a slot lies inside a window of the day.
bool inside(const DayWindow& window, const PlanRequest& request, int slot);

}  // namespace loadstar::plan
