// Photovoltaic rows: what is used lies between nothing (all of it, when it cannot be turned down) and what is
// available.

#include "plan/model.hpp"

namespace loadstar::plan {
namespace {

class PhotovoltaicAsset final : public Asset {
  public:
    PhotovoltaicAsset(const Photovoltaic& source, const PlanRequest& request)
        : source_(source), axis_(request.axis), available_(request.generation_kw.at(source.id)) {}

    [[nodiscard]] AssetPlan idle() const override {
        AssetPlan plan{.id = source_.id, .kind = "photovoltaic", .power_kw = {}};
        for (const double power : available_) plan.power_kw.push_back(-power);
        return plan;
    }

    void add_rows(Model& model) override {
        const auto* size = model.size_of({source_.id, SizedValue::photovoltaic_scale});
        const auto kind = size == nullptr ? 0 : model.problem.limit({source_.id + ": size", source_.id + "：容量"});
        for (int slot = 0; slot < axis_.slots; ++slot) {
            const Power most(available_[static_cast<std::size_t>(slot)]);
            if (source_.curtailable) {
                used_.push_back(sized_variable(model, most, EnergyPrice(0) * axis_.step_hours(), {size, {kind, slot}}));
            } else if (size == nullptr) {
                used_.push_back(model.problem.variable(most, most));
            } else {
                used_.push_back(model.problem.variable(Power(0), size->most * most));
                model.problem.require(used_.back() - most * size->column == Power(0), kind, slot);
            }
            model.site_draws().push_back({slot, {used_.back().column, -1}});
        }
    }

    [[nodiscard]] AssetPlan planned(const std::vector<double>& values) const override {
        auto plan = idle();
        plan.before_kw = plan.power_kw;
        for (std::size_t at = 0; at < used_.size(); ++at)
            plan.power_kw[at] = -values[static_cast<std::size_t>(used_[at].column)];
        return plan;
    }
    [[nodiscard]] std::vector<double> own_cost(const AssetPlan& plan) const override {
        return std::vector<double>(plan.power_kw.size(), 0.0);
    }
    [[nodiscard]] std::string own_cost_name() const override { return ""; }

  private:
    Photovoltaic source_;
    Horizon axis_;
    std::vector<double> available_;
    std::vector<PowerColumn> used_;
};

}  // namespace

std::unique_ptr<Asset> photovoltaic_asset(const Photovoltaic& source, const PlanRequest& request) {
    return std::make_unique<PhotovoltaicAsset>(source, request);
}

}  // namespace loadstar::plan
