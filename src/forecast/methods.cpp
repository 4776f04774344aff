#include "forecast/methods.hpp"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include "base/nearest.hpp"
#include "forecast/network_model.hpp"
#include "forecast/point_model.hpp"
#include "forecast/ridge.hpp"
#include "forecast/seasonal.hpp"
#include "forecast/stack_model.hpp"

namespace loadstar::forecast {
namespace {

Method seasonal(SeasonalKind kind) {
    return {.name = Seasonal(kind).name(),
            .make = [kind] { return make_point_model(std::make_unique<Seasonal>(kind)); }};
}

Method ridge(std::unique_ptr<PointMethod> (*make)(Memory)) {
    return {.name = make({})->name(), .make = [make] { return make_point_model(make({})); }};
}

Method alone(const NetworkSource& network, NetworkUse use) {
    return {.name = NetworkMember(network, use).name(),
            .make = [network, use] { return make_network_model(network, use); }};
}

}  // namespace

std::vector<Method> methods(const NetworkSource& network) {
    std::vector<Method> all{
        seasonal(SeasonalKind::day),  seasonal(SeasonalKind::week),
        seasonal(SeasonalKind::type), seasonal(SeasonalKind::mean3_type),
        ridge(make_profile_ridge),    ridge(make_hour_ridge),
        ridge(make_plan_ridge),       {.name = "stack", .make = [] { return make_stack_model({}); }}};
    if (!network) return all;
    all.push_back(alone(network, NetworkUse::as_it_comes));
    all.push_back({.name = "network_stack", .make = [network] { return make_stack_model({.network = network}); }});
    return all;
}

std::vector<Method> tuned_methods(const NetworkSource& network) {
    if (!network) return {};
    return {alone(network, NetworkUse::tuned), {.name = "network_tuned_stack", .make = [network] {
                                                    return make_stack_model({.network = network, .tune = true});
                                                }}};
}

Result<Method> find_method(const std::string& name, const NetworkSource& network) {
    std::vector<std::string> names;
    auto all = methods(network);
    std::ranges::move(tuned_methods(network), std::back_inserter(all));
    for (const auto& method : all) {
        if (method.name == name) return method;
        names.push_back(method.name);
    }
    const auto close = nearest(name, names);
    return Error{
        .code = ErrorCode::not_found,
        .message = fmt::format("there is no forecasting method {}; expected one of {}", name, fmt::join(names, ", ")),
        .hint = close.empty() ? "" : fmt::format("did you mean {}?", close)};
}

Result<QuantileRecord> roll(const Method& method, FeatureTable& table, const RollingSpan& span, Progress& progress) {
    QuantileRecord record{.from = span.from};
    for (int day = span.from; day < span.to; day += span.refit_days) {
        progress.report(method.name, day - span.from, span.to - span.from);
        if (progress.cancelled()) return Error{.code = ErrorCode::cancelled, .message = "stopped between two fits"};
        const auto model = method.make();
        LOADSTAR_CHECK(model->fit(table, std::max(0, table.rule().first_open(day)), progress));
        const DaySpan block{.from = day, .to = std::min(span.to, day + span.refit_days)};
        LOADSTAR_TRY(const auto part, model->forecast(table, block, progress));
        if (part.from > block.from || part.days.empty()) record = {.from = part.days.empty() ? block.to : part.from};
        record.days.insert(record.days.end(), part.days.begin(), part.days.end());
    }
    return record;
}

IssueRule rule_of(const IssueTime& time, const features::DayGrid& grid) {
    constexpr Duration day = hours(24);
    // Counted back from the midnight that starts the predicted day.
    const Duration before = time.days_ahead * day - minutes(time.issue_minute) + time.latency;
    const auto lead = (before + day - Duration(1)) / day;
    const Duration into_day = lead * day - before;
    return {.lead = static_cast<int>(lead), .slot = static_cast<int>(into_day / (day / grid.slots()))};
}

ModelSetting setting_of(const IssueTime& time, const features::DayGrid& grid) {
    constexpr int two_years = 730;
    return {.rule = rule_of(time, grid), .features = {.season = grid.end().day >= two_years}};
}

}  // namespace loadstar::forecast
