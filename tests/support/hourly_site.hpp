#pragma once
// A site in hours for the small cases of other tools: electricity at given prices, any converters and stores.

#include "support/plan_site.hpp"

namespace loadstar::test_support {

struct HourlySite : PlanSite {
    /// Hours from the midnight of a Monday.
    explicit HourlySite(std::size_t slots)
        : PlanSite(parse_instant("2026-03-01T16:00:00Z").value(), static_cast<int>(slots), hours(1)) {}

    void set_prices(const std::vector<double>& prices) {
        set_price([&prices](int slot) { return prices[static_cast<std::size_t>(slot)]; });
    }
    Converter& add(Converter converter) {
        plant.converters.push_back(std::move(converter));
        return plant.converters.back();
    }
    /// Power that only costs money to make, between a least share and all of its power.
    Converter& add_unit(const std::string& id, double power, double least, double cost) {
        Converter unit{.id = id, .points = {{least, {}}, {1, {{"electricity", -power}}}}};
        if (least > 0) unit.points[0].draws["electricity"] = -least * power;
        unit.full_load_cost = MoneyRate(cost * power);
        return add(std::move(unit));
    }
    /// Nothing comes from the connection unless nothing else is left.
    void cut_off() {
        set_price([](int) { return 1e4; });
    }

    /// The plan, which must be sound. Other tools know no rule to compare it with, so it may cost more than that.
    plan::Plan solved() {
        request.plant = &plant;
        NoProgress progress;
        auto made = plan::make_plan(request, progress).value();
        for (const auto& violation : plan::check_plan(made, request)) ADD_FAILURE() << violation;
        EXPECT_EQ(made.outcome, plan::Outcome::optimal);
        return made;
    }
};

}  // namespace loadstar::test_support
