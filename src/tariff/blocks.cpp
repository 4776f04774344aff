#include "tariff/blocks.hpp"

#include <algorithm>

namespace loadstar::tariff {
namespace {

/// [slot] index of the billing period; -1 outside of all.
std::vector<int> period_of_slots(const ChargeTerms& terms) {
    std::vector<int> periods(static_cast<std::size_t>(terms.axis.slots), -1);
    for (std::size_t period = 0; period < terms.periods.size(); ++period) {
        const auto& of = terms.periods[period];
        for (int slot = 0; slot < terms.axis.slots; ++slot) {
            const auto at = terms.axis.slot_start(slot);
            if (at >= of.start && at < of.end) periods[static_cast<std::size_t>(slot)] = static_cast<int>(period);
        }
    }
    return periods;
}

}  // namespace

std::vector<BilledBlocks> billed_blocks(const BlockTerm& term, const ChargeTerms& terms,
                                        const std::vector<Decimal>& quantity, const std::vector<Decimal>& demands) {
    std::vector<BilledBlocks> billed(terms.periods.size());
    const auto period_of = period_of_slots(terms);
    // [period][group]: groups of days lie in one period, that of a year in many.
    std::vector<std::vector<Decimal>> counted(billed.size(), std::vector<Decimal>(term.groups.size()));
    for (std::size_t slot = 0; slot < term.group.size(); ++slot) {
        if (term.group[slot] < 0 || period_of[slot] < 0) continue;
        const auto period = static_cast<std::size_t>(period_of[slot]);
        const auto units = quantity[slot] * term.share;
        counted[period][static_cast<std::size_t>(term.group[slot])] += units;
        billed[period].quantity += units;
        billed[period].occurs = true;
    }
    for (std::size_t index = 0; index < term.groups.size(); ++index) {
        const auto& group = term.groups[index];
        const auto kw = group.demand < 0 ? Decimal() : demands[static_cast<std::size_t>(group.demand)];
        // Under hours of use the demand decides the price of all energy of the period, of that before the axis too;
        // such a group lies in one period.
        auto through = group.before;
        for (std::size_t period = 0; period < billed.size(); ++period) {
            if (term.by_demand && static_cast<int>(period) != group.period) continue;
            const auto before = through;
            through += counted[period][index];
            billed[period].amount += term.cost(through, kw);
            if (!term.by_demand) billed[period].amount -= term.cost(before, kw);
        }
    }
    return billed;
}

Decimal BlockTerm::cost(Decimal quantity, Decimal demand_kw) const {
    Decimal sum;
    Decimal reached;
    for (std::size_t i = 0; i < blocks.size(); ++i) {
        const auto scale = [&](const Block& block) { return by_demand ? block.from * demand_kw : block.from; };
        const auto from = scale(blocks[i]);
        if (i > 0 && quantity <= from) break;
        reached = blocks[i].price;
        const auto until = i + 1 < blocks.size() ? std::min(quantity, scale(blocks[i + 1])) : quantity;
        sum += (until - from) * blocks[i].price;
    }
    return whole ? quantity * reached : sum;
}

}  // namespace loadstar::tariff
