#include "service/report_bill.hpp"

#include <algorithm>
#include <map>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "service/report_sections.hpp"
#include "service/report_words.hpp"

namespace loadstar::service {
namespace {

using nlohmann::json;
using std::chrono::year_month;

year_month month_of(LocalDay day) { return day.year() / day.month(); }

/// "energy.peak" and "energy" belong to the component "energy".
bool is_line_of(const std::string& line, const std::string& component) {
    return line == component || line.starts_with(component + ".");
}

template <class Parts>
bool has_line(const Parts& parts, const std::string& line) {
    return std::ranges::any_of(parts, [&](const auto& part) { return is_line_of(line, part.line); });
}

/// Groups of the page. The energy itself is what varies with time, or the first component when none does; the other
/// prices per unit are for its delivery.
std::string group_of(const Contract& contract, const std::string& line) {
    if (contract.power_factor && contract.power_factor->line == line) return "power_factor";
    if (has_line(contract.demands, line)) return "demand";
    if (has_line(contract.taxes, line)) return "tax";
    if (has_line(contract.fixed, line)) return "fixed";
    if (has_line(contract.exports, line)) return "export";
    const auto varies = [](const EnergyComponent& one) { return one.source != PriceSource::flat; };
    const bool any_varies = std::ranges::any_of(contract.energy, varies);
    for (const auto& component : contract.energy) {
        if (!is_line_of(line, component.line)) continue;
        const bool is_energy = any_varies ? varies(component) : component.line == contract.energy.front().line;
        return is_energy ? "energy" : "delivery";
    }
    return "other";
}

/// A line of the page: its id, what it is called and what it is for.
struct PageLine {
    std::string id;
    Text label;
    std::string group;
};

/// Collects the bills of all connections into the months of the page.
class BillPage {
  public:
    BillPage(const Plant& plant, const ReportScope& scope) : plant_(plant), scope_(scope) {}

    void add(const ConnectionBill& billed) {
        const auto& bill = billed.bill;
        const auto label = bill.period.label.substr(0, 7);
        auto& month = months_[label];
        if (month.is_null()) month = {{"month", label}, {"energy_kwh", 0}, {"lines", json::array()}};
        if (is_main(billed)) {
            month["energy_kwh"] = bill.energy.to_double();
            if (bill.maximum_demand_kw) month["maximum_demand_kw"] = bill.maximum_demand_kw->to_double();
            if (bill.power_factor) month["power_factor"] = bill.power_factor->to_double();
        }
        if (bill.missing_slots > 0) month["incomplete"] = true;
        std::string previous;
        for (const auto& line : bill.lines) {
            auto shown = page_line(billed, line);
            month["lines"].push_back({{"line", shown.id}, {"cost", line.amount.to_double()}});
            const auto id = shown.id;
            keep(std::move(shown), previous);
            previous = id;
        }
        totals_[label] += bill.total;
        total_ += bill.total;
    }

    json section() {
        auto lines = json::array();
        for (const auto& line : lines_)
            lines.push_back({{"id", line.id}, {"label", to_json(line.label)}, {"group", line.group}});
        auto months = json::array();
        for (auto& [label, month] : months_) {
            month["total_cost"] = totals_[label].to_double();
            months.push_back(month);
        }
        return {{"lines", std::move(lines)}, {"months", std::move(months)}, {"total_cost", total_.to_double()}};
    }

  private:
    [[nodiscard]] bool is_main(const ConnectionBill& billed) const {
        return scope_.connection && billed.grid == scope_.connection->grid.id;
    }

    [[nodiscard]] PageLine page_line(const ConnectionBill& billed, const tariff::BillLine& line) const {
        const auto label = charge_name(line.name);
        if (is_main(billed)) {
            const auto* contract = find_by_id(plant_.contracts, billed.contract);
            return {.id = line.line,
                    .label = label,
                    .group = contract == nullptr ? "other" : group_of(*contract, line.line)};
        }
        const auto supply = name_of_id(billed.carrier);
        const auto named = [](const std::string& of, const char* mark, const std::string& what) {
            return of == what ? of : of + mark + what;  // the only line of a supply often bears its name
        };
        return {.id = billed.grid + "/" + line.line,
                .label = {.en = named(supply.en, ": ", label.en), .zh = named(supply.zh, "：", label.zh)},
                .group = "other_carrier"};
    }

    /// A line that first occurs in a later month stands where its bill has it: after `previous`.
    void keep(PageLine line, const std::string& previous) {
        const auto at = [this](const std::string& id) {
            return std::ranges::find_if(lines_, [&](const PageLine& known) { return known.id == id; });
        };
        if (at(line.id) != lines_.end()) return;
        const auto before = at(previous);
        lines_.insert(before == lines_.end() ? before : before + 1, std::move(line));
    }

    const Plant& plant_;
    const ReportScope& scope_;
    std::vector<PageLine> lines_;
    std::map<std::string, json> months_;
    std::map<std::string, Decimal> totals_;
    Decimal total_;
};

}  // namespace

Result<BillReport> bill_of_report(Session& session, const ReportScope& scope, Progress& progress) {
    const auto& zone = session.plant().time_zone;
    const auto start = zone.day_of(scope.axis.start);
    auto first = month_of(start);
    // Demand and fixed charges of a month are due in full however few of its days are there.
    if (start.day() != std::chrono::day(1)) first += std::chrono::months(1);
    const auto last = month_of(zone.day_of(scope.end_of_readings - Duration(1)));
    return bill_plant(session, {.first = std::min(first, last), .last = last}, progress);
}

json bill_section(const BillReport& report, const Plant& plant, const ReportScope& scope) {
    BillPage page(plant, scope);
    for (const auto& billed : report.bills)
        if (billed.currency == scope.currency) page.add(billed);
    return page.section();
}

}  // namespace loadstar::service
