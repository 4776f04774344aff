#include "service/advise_evidence.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "series/units.hpp"
#include "service/contract_terms.hpp"
#include "site/names.hpp"

namespace loadstar::service {
namespace {

constexpr double percent = 100;

/// The connection to examine; nullptr when none has a contract that counts energy.
const GridConnection* chosen(const Plant& plant) {
    const GridConnection* first = nullptr;
    for (const auto& grid : plant.grids) {
        if (grid.contract.empty()) continue;
        const auto* contract = find_by_id(plant.contracts, grid.contract);
        if (contract != nullptr && !kwh_per(contract->unit)) continue;
        if (first == nullptr || (grid.carrier == "electricity" && first->carrier != "electricity")) first = &grid;
    }
    return first;
}

/// Reads what one plant can tell about one connection.
class Gatherer {
  public:
    Gatherer(Session& session, const AdviseRequest& request) : session_(session), request_(request) {
        auto& evidence = gathered_.evidence;
        evidence.plant = &session.plant();
        evidence.currency = session.plant().currency;
        evidence.assumptions = request.assumptions;
    }

    Result<GatheredEvidence> gather() {
        LOADSTAR_CHECK(choose_connection());
        if (connection_) LOADSTAR_CHECK(add_periods());
        LOADSTAR_CHECK(set_window());
        LOADSTAR_CHECK(add_meters());
        LOADSTAR_CHECK(add_machines());
        add_emission();
        for (const auto& battery : session_.plant().batteries)
            if (!battery.exists && battery.carrier == carrier_) gathered_.evidence.studied_batteries.push_back(battery);
        return std::move(gathered_);
    }

  private:
    Result<void> choose_connection() {
        const auto& plant = session_.plant();
        const auto* grid = chosen(plant);
        if (grid == nullptr && request_.grid.empty()) {
            gathered_.evidence.not_billed = {.en = "No connection has a contract, so no money can be told.",
                                             .zh = "没有带合同的接入点，无法给出金额。"};
            return {};
        }
        LOADSTAR_TRY(connection_, billed_connection(plant, request_.grid.empty() ? grid->id : request_.grid));
        const auto& unit = connection_->contract.unit;
        if (!kwh_per(unit)) {
            return Error{.code = ErrorCode::invalid_argument,
                         .message = fmt::format("advice needs a contract that counts energy, found {} in {}",
                                                connection_->contract.id, unit),
                         .where = plant.file.string(),
                         .hint = "choose another connection with --grid"};
        }
        carrier_ = connection_->grid.carrier;
        gathered_.contract = connection_->contract.id;
        gathered_.evidence.grid = connection_->grid.id;
        gathered_.evidence.currency = connection_->contract.currency;
        for (const auto& other : plant.grids) {
            if (other.contract.empty() || other.meter.empty() || other.id == connection_->grid.id) continue;
            const auto* contract = find_by_id(plant.contracts, other.contract);
            if (contract != nullptr && !kwh_per(contract->unit)) continue;  // water and the like
            note({.en = fmt::format("Connection {} was not examined; ask for it with --grid {}.", other.id, other.id),
                  .zh = fmt::format("接入点 {} 未检查，可用 --grid {} 指定。", other.id, other.id)});
        }
        return {};
    }

    void note(Text text) { gathered_.notes.push_back(std::move(text)); }

    /// Reads every billing period that the readings touch, the latest twelve of those that are measured well enough.
    Result<void> add_periods() {
        LOADSTAR_TRY(const auto covered, session_.covered(connection_->meter.series));
        advise::BilledHistory history{.contract = connection_->contract, .periods = {}};
        const auto& zone = session_.plant().time_zone;
        auto at = covered.end() - covered.step;
        while (at >= covered.start && history.periods.size() < advise::periods_per_year) {
            const auto period = tariff::billing_period_at(connection_->contract, zone, at);
            if (period.start >= period.end) break;  // the contract does not hold there
            LOADSTAR_CHECK(add_period(period, history));
            at = period.start - covered.step;
        }
        std::ranges::reverse(history.periods);
        if (history.periods.empty()) {
            gathered_.evidence.not_billed = {
                .en = "No billing period is measured from end to end, so no money can be told.",
                .zh = "没有一个完整计量的账期，无法给出金额。"};
            return {};
        }
        LOADSTAR_TRY(gathered_.evidence.bills, advise::bills_of(history));
        gathered_.evidence.billed = std::move(history);
        return {};
    }

    Result<void> add_period(const tariff::BillingPeriod& period, advise::BilledHistory& history) {
        const auto step = session_.plant().step;
        const Horizon axis{
            .start = period.start, .step = step, .slots = static_cast<int>((period.end - period.start) / step)};
        LOADSTAR_TRY(auto metered, metered_energy(session_, connection_->grid.id, axis));
        const double share = static_cast<double>(metered.imported.valid_count()) / axis.slots;
        if (share < advise::least_measured_share) {
            note({.en = fmt::format("Billing period {} was left out: {:.0f} % of it is measured, {:.0f} % are needed.",
                                    period.label, share * percent, advise::least_measured_share * percent),
                  .zh = fmt::format("账期 {} 未纳入：仅 {:.0f}% 有读数，至少需要 {:.0f}%。", period.label,
                                    share * percent, advise::least_measured_share * percent)});
            return {};
        }
        LOADSTAR_TRY(auto input, compile_input(session_, connection_->contract, axis, {}));
        history.periods.push_back({.input = std::move(input), .metered = std::move(metered)});
        return {};
    }

    void note_short_window(Duration length) {
        if (length >= hours(24 * 28)) return;
        const auto days = length / hours(24);
        note({.en = fmt::format("Only {} days are measured: figures per year are scaled up from them.", days),
              .zh = fmt::format("仅计量 {} 天，年度数字由此推算。", days)});
    }

    /// All meters and machines of the carrier, with the series that hold their power.
    [[nodiscard]] std::vector<std::string> power_series() const {
        std::vector<std::string> all;
        for (const auto& meter : session_.plant().meters)
            if (meter.carrier == carrier_ && !meter.series.empty()) all.push_back(meter.series);
        for (const auto& machine : session_.plant().machines)
            if (machine.carrier == carrier_ && !machine.power_series.empty()) all.push_back(machine.power_series);
        return all;
    }

    /// The billed periods; without them the latest year in which anything of the carrier was measured.
    Result<void> set_window() {
        auto& evidence = gathered_.evidence;
        const auto step = session_.plant().step;
        std::optional<Instant> first;
        std::optional<Instant> last;
        if (evidence.billed) {
            first = evidence.billed->periods.front().input.axis.start;
            last = evidence.billed->periods.back().input.axis.end();
        } else {
            for (const auto& id : power_series()) {
                const auto covered = session_.covered(id);
                if (!covered) continue;  // never imported: told when it is read
                first = std::min(first.value_or(covered->start), covered->start);
                last = std::max(last.value_or(covered->end()), covered->end());
            }
        }
        if (!first) {
            return Error{.code = ErrorCode::not_found,
                         .message = fmt::format("no meter or machine of {} has readings", carrier_),
                         .where = session_.plant().file.string(),
                         .hint = "run `loadstar import` first"};
        }
        constexpr auto year = hours(24 * 365);
        if (*last - *first > hours(24 * 366)) first = *last - year;
        note_short_window(*last - *first);
        evidence.window = {.start = *first, .step = step, .slots = static_cast<int>((*last - *first) / step)};
        return {};
    }

    /// Mean power over the window; none, with a note, when nothing is stored.
    Result<std::optional<Series>> power(const std::string& series, const std::string& whose) {
        auto found = session_.mean_power(series, gathered_.evidence.window);
        if (found && found->valid_count() > 0) return std::optional(std::move(*found));
        if (!found && found.error().code != ErrorCode::not_found) return found.error();
        note({.en = fmt::format("{} has no readings ({}).", whose, series),
              .zh = fmt::format("{} 没有读数（{}）。", whose, series)});
        return std::optional<Series>();
    }

    Result<void> add_meters() {
        for (const auto& meter : session_.plant().meters) {
            if (meter.carrier != carrier_ || meter.series.empty()) continue;
            const auto name = meter_name(meter).en;
            LOADSTAR_TRY(auto measured, power(meter.series, name));
            if (!measured) continue;
            advise::MeteredLoad load{.id = meter.id, .name = name, .power = std::move(*measured)};
            if (connection_ && meter.id == connection_->meter.id) {
                gathered_.evidence.site = std::move(load);
            } else {
                gathered_.evidence.meters.push_back(std::move(load));
            }
        }
        return {};
    }

    Result<void> add_machines() {
        for (const auto& machine : session_.plant().machines) {
            if (machine.carrier != carrier_ || machine.power_series.empty()) continue;
            const auto name = machine_name(machine).en;
            LOADSTAR_TRY(auto measured, power(machine.power_series, name));
            if (!measured) continue;
            advise::MachineHistory history{
                .id = machine.id, .name = name, .states = machine.states, .power = std::move(*measured)};
            LOADSTAR_TRY(history.pieces, other_series(machine.pieces_series));
            LOADSTAR_TRY(history.state, other_series(machine.state_series));
            gathered_.evidence.machines.push_back(std::move(history));
        }
        return {};
    }

    Result<std::optional<Series>> other_series(const std::string& id) {
        if (id.empty()) return std::optional<Series>();
        auto found = session_.series(id, gathered_.evidence.window);
        if (found) return std::optional(std::move(*found));
        if (found.error().code == ErrorCode::not_found) return std::optional<Series>();
        return found.error();
    }

    void add_emission() {
        const auto* carrier = find_by_id(session_.plant().carriers, carrier_);
        if (carrier == nullptr || carrier->carbon_kg_per_unit <= 0) {
            note({.en = fmt::format("{} has no carbon factor in the plant file, so no tCO2 are told.", carrier_),
                  .zh = fmt::format("装置文件未给出 {} 的碳排放因子，故不报告 tCO2。", carrier_)});
            return;
        }
        gathered_.evidence.emission = {.factor = CarbonFactor(carrier->carbon_kg_per_unit),
                                       .source = carrier->carbon_source};
    }

    Session& session_;
    const AdviseRequest& request_;
    std::optional<BilledConnection> connection_;
    std::string carrier_ = "electricity";
    GatheredEvidence gathered_;
};

}  // namespace

Result<GatheredEvidence> gather_evidence(Session& session, const AdviseRequest& request) {
    return Gatherer(session, request).gather();
}

}  // namespace loadstar::service
