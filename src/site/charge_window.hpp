#pragma once
// When a charge of a contract holds: between which days, in which months, in which bands.

#include <algorithm>
#include <optional>
#include <set>
#include <string>

#include "base/decimal.hpp"
#include "base/time_zone.hpp"

namespace loadstar {

/// Local days on which something holds; absent ends are open.
struct Validity {
    std::optional<LocalDay> from;
    std::optional<LocalDay> until;  ///< last day, included

    [[nodiscard]] bool contains(LocalDay day) const { return (!from || day >= *from) && (!until || day <= *until); }
    [[nodiscard]] bool meets(const Validity& other) const {
        return (!until || !other.from || *other.from <= *until) && (!other.until || !from || *from <= *other.until);
    }
};

/// Hours of use (yearly energy / yearly peak) for which a charge holds; the contract says how many there are.
struct UseHours {
    std::optional<Decimal> from{};
    std::optional<Decimal> below{};

    [[nodiscard]] bool contains(Decimal used) const { return (!from || used >= *from) && (!below || used < *below); }
};

/// Months and bands in which a charge counts; empty = all of them.
struct ChargeWindow {
    std::set<unsigned> months{};    ///< 1..12
    std::set<std::string> bands{};  ///< time-of-use bands of the contract

    [[nodiscard]] bool in_month(unsigned month) const { return months.empty() || months.contains(month); }
    [[nodiscard]] bool in_band(const std::string& band) const { return bands.empty() || bands.contains(band); }
    /// Whether some time may lie in both.
    [[nodiscard]] bool meets(const ChargeWindow& other) const {
        return meet(months, other.months) && meet(bands, other.bands);
    }

  private:
    template <class Set>
    static bool meet(const Set& one, const Set& other) {
        if (one.empty() || other.empty()) return true;
        return std::ranges::any_of(one, [&other](const auto& value) { return other.contains(value); });
    }
};

}  // namespace loadstar
