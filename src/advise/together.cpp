#include "advise/together.hpp"

#include <algorithm>

#include "advise/pricing.hpp"
#include "advise/topics.hpp"
#include "series/units.hpp"

namespace loadstar::advise {
namespace {

/// Waste first, then when to draw, then what the rest is billed by. A battery comes last: it is planned on what is
/// left.
const std::vector<std::string>& order_of_following() {
    static const std::vector<std::string> order{"idle_machines", "base_load",       "coincident_peaks", "load_shift",
                                                "power_factor",  "contract_demand", "battery"};
    return order;
}

/// Adds to `sum` what `followed` changed against `before`.
void add_change(Series& sum, const Series& before, const Series& followed) {
    for (std::size_t slot = 0; slot < sum.values.size(); ++slot)
        sum.values[slot] = std::max(0.0, sum.values[slot] + followed.values[slot] - before.values[slot]);
}

void add_change(std::optional<Series>& sum, const std::optional<Series>& before,
                const std::optional<Series>& followed) {
    if (sum && before && followed) add_change(*sum, *before, *followed);
}

double worth(const Advice& advice) {
    return advice.investment ? advice.investment->net_present_value.value_or(Money(0)).value() : 0;
}

/// All advice of one topic followed at once; of batteries only the best, because several are alternatives.
BilledHistory all_followed(const BilledHistory& before, const Finding& finding) {
    if (finding.advice.front().investment) return *std::ranges::max_element(finding.advice, {}, worth)->followed;
    auto sum = *finding.advice.front().followed;
    for (std::size_t i = 1; i < finding.advice.size(); ++i) {
        for (std::size_t period = 0; period < sum.periods.size(); ++period) {
            auto& to = sum.periods[period].metered;
            const auto& from = before.periods[period].metered;
            const auto& then = finding.advice[i].followed->periods[period].metered;
            add_change(to.imported, from.imported, then.imported);
            add_change(to.reactive_lagging, from.reactive_lagging, then.reactive_lagging);
            add_change(to.reactive_leading, from.reactive_leading, then.reactive_leading);
        }
    }
    return sum;
}

/// The power of the site as the followed periods have it.
void follow_site(Evidence& evidence) {
    if (!evidence.site) return;
    auto& power = evidence.site->power;
    for (const auto& period : evidence.billed->periods) {
        const auto& imported = period.metered.imported;
        const double kw_per_unit = kwh_per(imported.info.unit).value_or(1) / imported.axis.step_hours().value();
        for (int slot = 0; slot < imported.size(); ++slot) {
            const int at = power.axis.slot_of(imported.axis.slot_start(slot));
            if (at < 0 || at >= power.size() || !power.has(at) || !imported.has(slot)) continue;
            power.set(at, imported.values[static_cast<std::size_t>(slot)] * kw_per_unit);
        }
    }
}

/// Follows topic after topic.
class Following {
  public:
    explicit Following(const Evidence& evidence) : evidence_(evidence) {}

    /// @param alone  what the topic found with nothing else followed
    Result<void> follow(const Topic& topic, const Finding& alone, Progress& progress) {
        LOADSTAR_TRY(const auto finding, topic.examine(evidence_, progress));
        note_dropped(alone, finding);
        if (finding.verdict != Verdict::advised) return {};
        Advice step{.share_told = finding.advice.front().share_told};
        LOADSTAR_TRY(step, priced(evidence_, std::move(step), all_followed(*evidence_.billed, finding)));
        energy_ += *step.saving.energy;
        cost_ += *step.saving.cost;
        evidence_.billed = std::move(step.followed);
        LOADSTAR_TRY(evidence_.bills, bills_of(*evidence_.billed));
        follow_site(evidence_);
        return {};
    }

    [[nodiscard]] Together together() const {
        return {.saving = {.energy = energy_, .cost = cost_, .carbon = carbon_of(evidence_, energy_)},
                .no_longer_worth_it = dropped_};
    }

  private:
    void note_dropped(const Finding& alone, const Finding& now) {
        for (const auto& advice : alone.advice)
            if (std::ranges::find(now.advice, advice.id, &Advice::id) == now.advice.end())
                dropped_.push_back(advice.title);
    }

    Evidence evidence_;
    Energy energy_;
    Money cost_;
    std::vector<Text> dropped_;
};

}  // namespace

Result<std::optional<Together>> followed_together(const Evidence& evidence, const std::vector<Finding>& findings,
                                                  Progress& progress) {
    std::size_t pieces = 0;
    for (const auto& finding : findings) pieces += finding.advice.size();
    if (!evidence.billed || pieces < 2) return std::optional<Together>();
    Following following(evidence);
    for (const auto& id : order_of_following()) {
        if (progress.cancelled()) return Error{.code = ErrorCode::cancelled, .message = "stopped"};
        const auto topic = std::ranges::find(topics(), id, &Topic::id);
        const auto alone = std::ranges::find(findings, id, &Finding::topic);
        if (alone->verdict == Verdict::advised) LOADSTAR_CHECK(following.follow(*topic, *alone, progress));
    }
    return std::optional(following.together());
}

}  // namespace loadstar::advise
