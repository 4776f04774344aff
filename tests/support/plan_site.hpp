#pragma once
// A small site whose plans can be checked by hand: a flat load, one price per slot, one demand charge.

#include <gtest/gtest.h>

#include "plan/plan.hpp"

namespace loadstar::test_support {

struct PlanSite {
    Plant plant{TimeZone::find("Asia/Shanghai").value()};
    plan::PlanRequest request;

    /// Quarter-hours from local midnight of Monday, 2026-03-02; 100 kW, 1 per kWh.
    explicit PlanSite(int slots) : PlanSite(parse_instant("2026-03-01T16:00:00Z").value(), slots) {}
    PlanSite(Instant start, int slots, Duration step = minutes(15)) {
        plant.carriers = {{.id = "electricity"}};
        plant.grids = {{.id = "main", .carrier = "electricity"}};
        request.grid = "main";
        request.axis = {start, step, slots};
        request.state.at = start;
        request.load_kw.assign(static_cast<std::size_t>(slots), 100.0);
        auto& terms = request.terms;
        terms.axis = request.axis;
        terms.bands.assign(static_cast<std::size_t>(slots), "");
        terms.periods = {{"2026-03", start, request.axis.end(), {}}};
        terms.energy = {{.line = "energy", .price = {}, .applies = all()}};
        set_price([](int) { return 1.0; });
    }
    PlanSite(const PlanSite&) = delete;
    PlanSite(PlanSite&&) = default;  // the request points to the plant only while it is planned

    [[nodiscard]] std::vector<bool> all() const {
        return std::vector<bool>(static_cast<std::size_t>(request.axis.slots), true);
    }
    /// @param price_of  slot -> money per kWh
    template <class PriceOf>
    void set_price(PriceOf price_of) {
        auto& price = request.terms.energy[0].price;
        price.clear();
        for (int slot = 0; slot < request.axis.slots; ++slot) price.push_back(Decimal::from_double(price_of(slot)));
    }
    void add_demand_charge(double rate_per_kw) {
        tariff::PeakTerm peak{.line = "demand", .applies = all()};
        peak.segments = {{Decimal(0), Decimal::from_double(rate_per_kw), {}}};
        request.terms.peaks.push_back(peak);
    }
    void add_battery(Store battery) { plant.batteries.push_back(std::move(battery)); }
    /// Any of `machines`, due at the end of the horizon.
    BatchJob& add_job(const std::string& id, std::vector<std::string> machines, std::vector<Power> profile) {
        plant.jobs.push_back({.id = id,
                              .machines = std::move(machines),
                              .profile = std::move(profile),
                              .release = request.axis.start,
                              .due = request.axis.end()});
        return plant.jobs.back();
    }

    /// The plan, which must be sound.
    plan::Plan plan() {
        request.plant = &plant;
        NoProgress progress;
        auto made = plan::make_plan(request, progress).value();
        for (const auto& violation : plan::check_plan(made, request)) ADD_FAILURE() << violation;
        EXPECT_LE(made.cost_after, made.cost_before + 1e-6);
        return made;
    }
    [[nodiscard]] int slot_of(const std::optional<Instant>& at) const { return at ? request.axis.slot_of(*at) : -1; }
};

/// The plan of one asset.
inline const plan::AssetPlan& asset_of(const plan::Plan& plan, const std::string& id) {
    for (const auto& asset : plan.assets)
        if (asset.id == id) return asset;
    throw std::out_of_range("no asset " + id);
}

}  // namespace loadstar::test_support
