// Unit commitment with known answers: the cases of PyPSA's own tests (MIT; test_lopf_unit_commitment.py and
// test_stand_by_cost.py), restated as numbers in pypsa/unit_commitment.json of the shared cases. MW and hours there are
// kW and hours here. A unit that PyPSA says nothing about was running before.
#include <gtest/gtest.h>

#include "support/hourly_site.hpp"
#include "support/shared_json.hpp"

namespace loadstar::plan {
namespace {

using nlohmann::json;
using test_support::asset_of;
using test_support::HourlySite;

class PypsaUnitCommitment : public testing::TestWithParam<const char*> {
  protected:
    void SetUp() override {
        const auto all = test_support::known_answers("pypsa/unit_commitment.json");
        if (!all) GTEST_SKIP() << "the folder of known answers is not there";
        known_ = test_support::case_of(*all, GetParam());
    }

    void add_unit(HourlySite& site, const std::string& id, const json& unit) const {
        auto& made = site.add_unit(id, unit.at("p_nom"), unit.at("p_min_pu"), unit.at("cost"));
        made.start_cost = Money(unit.value("startup", 0.0));
        made.running_cost = MoneyRate(unit.value("standby_per_h", 0.0));
        made.min_up = Hours(unit.value("min_up", 0.0));
        made.min_down = Hours(unit.value("min_down", 0.0));
        const auto start = site.request.axis.start;
        const double down = unit.value("down_before", 0.0);
        const bool off = down > 0 || unit.value("up_before", 1.0) == 0;
        if (!off) site.request.state.converters[id] = {.running = 1, .since = start - hours(1)};
        if (down > 0) site.request.state.converters[id] = {.running = 0, .since = start - hours(1)};
    }

    json known_;
};

TEST_P(PypsaUnitCommitment, ReachesTheKnownPlan) {
    const auto load = known_.at("load").get<std::vector<double>>();
    HourlySite site(load.size());
    site.request.load_kw = load;
    site.cut_off();
    for (const auto& [id, unit] : known_.at("units").items()) add_unit(site, id, unit);
    const auto plan = site.solved();
    if (known_.contains("objective")) {
        EXPECT_NEAR(plan.cost_after, known_["objective"].get<double>(), 1e-6);
    }
    for (const auto& [id, unit] : known_.at("units").items()) {
        const auto& planned = asset_of(plan, id);
        for (std::size_t at = 0; at < load.size(); ++at) {
            if (known_.contains("status")) {
                EXPECT_EQ(planned.running[at], known_["status"][id][at]) << id << at;
            }
            if (known_.contains("dispatch")) {
                EXPECT_NEAR(-planned.power_kw[at], known_["dispatch"][id][at].get<double>(), 1e-6) << id << at;
            }
        }
    }
}

INSTANTIATE_TEST_SUITE_P(Cases, PypsaUnitCommitment,
                         testing::Values("uc-basic", "uc-min-up", "uc-min-down", "uc-startup-cost", "uc-standby-cost"),
                         [](const auto& one) {
                             std::string name = one.param;
                             std::replace(name.begin(), name.end(), '-', '_');
                             return name;
                         });

}  // namespace
}  // namespace loadstar::plan
