#include "service/what_if_sizes.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "plan/sizes.hpp"

namespace loadstar::service {
namespace {

/// Of the largest size: less than this is nothing.
constexpr double nothing = 1e-6;

std::vector<SizedPart> parts_of(const Size& size) {
    std::vector<SizedPart> parts;
    for (const auto& [key, per_unit] : size.per_unit) parts.push_back(*sized_part(key));
    return parts;
}

template <class Change>
void for_each_sized_store(Plant& plant, const Scenario& scenario, const Change& change) {
    for (std::size_t i = 0; i < scenario.sizes.size(); ++i)
        for (const auto& part : parts_of(scenario.sizes[i]))
            for (auto* stores : {&plant.batteries, &plant.stores})
                for (auto& store : *stores)
                    if (store.id == part.asset) change(store, part, i);
}

/// The plant with sizes as given, one unit of each when none are. A store of a chosen capacity is not the one whose
/// level was measured, and what it holds at the start is no gift.
Result<Plant> sized_plant(const std::filesystem::path& file, const Scenario& scenario,
                          const std::vector<double>& sizes) {
    auto written = sizes;  // a plant file knows no store of nothing
    for (std::size_t i = 0; i < sizes.size(); ++i) written[i] = std::max(sizes[i], nothing * scenario.sizes[i].most);
    LOADSTAR_TRY(auto plant, load_plant(file, scenario.changes_at(written)));
    for_each_sized_store(plant, scenario, [&](Store& store, const SizedPart& part, std::size_t size) {
        if (!sizes.empty() && sizes[size] <= nothing * scenario.sizes[size].most) store.exists = false;
        if (part.value != SizedValue::capacity) return;
        store.level_series.clear();
        if (!store.final_level) store.final_level = store.initial_level;
    });
    return plant;
}

/// Demand weighs as it does in a year: the days of a study may be few of a billing period that pays for all of it.
void weigh_demand(tariff::ChargeTerms& terms, double weight) {
    for (auto& peak : terms.peaks) {
        for (auto& segment : peak.segments) {
            segment.rate_per_kw = Decimal::from_double(weight * segment.rate_per_kw.to_double());
            segment.jump = Decimal::from_double(weight * segment.jump.to_double());
        }
    }
}

Result<plan::SizeStudy> study_of(Session& session, const Scenario& scenario, const StudiedDays& days) {
    plan::SizeStudy study;
    const double weight = days.years_of_periods / days.years_of_days;
    for (const auto& period : days.periods) {
        LOADSTAR_TRY(auto request, request_of_days(session, period));
        weigh_demand(request.terms, weight);
        for (auto& supply : request.supplies) weigh_demand(supply.terms, weight);
        study.requests.push_back(std::move(request));
    }
    for (const auto& size : scenario.sizes)
        study.sizes.push_back({.name = size.name,
                               .least = size.least,
                               .most = size.most,
                               .cost = size.yearly_cost().value() / days.years_of_days,
                               .parts = parts_of(size),
                               .multiple_of = size.multiple_of});
    return study;
}

ChosenSize describe(const Size& size, double chosen) {
    ChosenSize told{.name = size.name,
                    .size = chosen,
                    .least = size.least,
                    .most = size.most,
                    .multiple_of = size.multiple_of,
                    .values = {},
                    .investment = chosen * size.cost_per_unit,
                    .annuity = chosen * size.yearly_cost()};
    for (const auto& [key, per_unit] : size.per_unit) told.values[key] = per_unit * chosen;
    return told;
}

}  // namespace

Result<SizesOfScenario> choose_sizes(Session& session, const Scenario& scenario, const StudiedDays& days,
                                     Progress& progress) {
    const auto file = session.plant().file;
    LOADSTAR_TRY(auto of_one_unit, sized_plant(file, scenario, {}));
    session.change(std::move(of_one_unit));
    LOADSTAR_TRY(const auto study, study_of(session, scenario, days));
    auto chosen = plan::choose_sizes(study, progress);
    if (!chosen) {
        auto error = chosen.error();
        error.where = "scenario " + scenario.id;
        return error;
    }
    if (chosen->sizes.empty()) {
        return Error{.code = ErrorCode::invalid_input,
                     .message = fmt::format("there are no sizes that do: {}", chosen->explanation.en),
                     .where = "scenario " + scenario.id,
                     .hint = "let the sizes be larger or smaller"};
    }
    LOADSTAR_TRY(auto plant, sized_plant(file, scenario, chosen->sizes));
    session.change(std::move(plant));
    SizesOfScenario told{.sizes = {}, .gap = chosen->gap};
    for (std::size_t i = 0; i < scenario.sizes.size(); ++i)
        told.sizes.push_back(describe(scenario.sizes[i], chosen->sizes[i]));
    return told;
}

nlohmann::json to_json(const ChosenSize& size) {
    nlohmann::json json{{"name", size.name},
                        {"size", size.size},
                        {"min", size.least},
                        {"max", size.most},
                        {"set", size.values},
                        {"investment", size.investment.value()},
                        {"annuity_per_year", size.annuity.value()}};
    if (size.multiple_of > 0) json["multiple_of"] = size.multiple_of;
    return json;
}

}  // namespace loadstar::service
