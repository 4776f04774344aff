#include "site/contract.hpp"

#include <algorithm>

namespace loadstar {
namespace {

Decimal hundredths(int count) { return Decimal(count) / 100; }

/// Percentage summed along the stretches from the standard to `power_factor`.
Decimal walk(Decimal standard, Decimal power_factor, const std::vector<PowerFactorStretch>& stretches) {
    const bool rising = power_factor > standard;
    Decimal percent;
    Decimal from = standard;
    for (const auto& stretch : stretches) {
        const auto to = rising ? std::min(power_factor, stretch.until) : std::max(power_factor, stretch.until);
        const auto distance = rising ? to - from : from - to;
        if (distance <= 0) break;
        percent += distance * 100 * stretch.percent_per_step;
        from = to;
    }
    return percent;
}

}  // namespace

Decimal DemandCharge::billed_contract_kw() const {
    const auto contracted = contract_kw.value_or(Decimal());
    if (!capacity_kva) return contracted;
    return std::max(contracted, *capacity_kva * contract_floor_percent / 100);
}

bool LineSelection::contains(const std::string& line) const {
    const bool named = std::ranges::any_of(lines, [&line](const std::string& name) {
        return line == name || (line.size() > name.size() && line.starts_with(name) && line[name.size()] == '.');
    });
    return named == (kind == Kind::listed);
}

Decimal PowerFactorRule::percent_at(Decimal power_factor) const {
    if (power_factor > standard) return -walk(standard, power_factor, rewards);
    return walk(standard, power_factor, penalties);
}

std::optional<PowerFactorRule> standard_power_factor_rule(Decimal standard) {
    const auto half = Decimal(1) / 2;
    const auto tenth = Decimal(1) / 10;
    PowerFactorRule rule;
    rule.standard = standard;
    if (standard == hundredths(90)) {
        rule.rewards = {{hundredths(95), hundredths(15)}};
        rule.penalties = {{hundredths(70), half}, {hundredths(65), 1}, {0, 2}};
    } else if (standard == hundredths(85)) {
        rule.rewards = {{hundredths(90), tenth}, {hundredths(94), hundredths(15)}};
        rule.penalties = {{hundredths(65), half}, {hundredths(60), 1}, {0, 2}};
    } else if (standard == hundredths(80)) {
        rule.rewards = {{hundredths(90), tenth}, {hundredths(92), hundredths(15)}};
        rule.penalties = {{hundredths(60), half}, {hundredths(55), 1}, {0, 2}};
    } else {
        return std::nullopt;
    }
    return rule;
}

}  // namespace loadstar
