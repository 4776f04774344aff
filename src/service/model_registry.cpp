#include "service/model_registry.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "forecast/methods.hpp"
#include "service/networks.hpp"

namespace loadstar::service {
namespace {

constexpr int format = 2;

/// Names of the series whose values are features beside the target's own.
std::vector<std::string> covariates_of(const features::DayGrid& grid) {
    std::vector<std::string> names;
    for (const auto& covariate : grid.covariates()) names.push_back(covariate.info().id);
    return names;
}

std::string bytes_of(const ModelToKeep& kept, const features::DayGrid& grid) {
    const auto model = kept.model.save();
    const auto cbor = nlohmann::json::to_cbor({{"format", format},
                                               {"lead", kept.setting.rule.lead},
                                               {"slot", kept.setting.rule.slot},
                                               {"season", kept.setting.features.season},
                                               {"slots", grid.slots()},
                                               {"first_day", to_string(grid.day(0))},
                                               {"learnt_to", kept.setting.learnt_to},
                                               {"covariates", covariates_of(grid)},
                                               {"model", nlohmann::json::binary({model.begin(), model.end()})}});
    return {cbor.begin(), cbor.end()};
}

Text not_of_this_history(const std::string& first_day, const features::DayGrid& grid) {
    const auto now = to_string(grid.day(0));
    return {.en = fmt::format("the trained model learnt from a history that began on {}, now it begins on {}; run "
                              "`loadstar train`",
                              first_day, now),
            .zh = fmt::format("已训练的模型所用历史始于 {}，现在始于 {}；请运行 `loadstar train`", first_day, now)};
}

Text not_of_these_covariates(const std::vector<std::string>& learnt, const std::vector<std::string>& now) {
    const auto named = [](const std::vector<std::string>& names, const char* none) {
        return names.empty() ? std::string(none) : fmt::format("{}", fmt::join(names, ", "));
    };
    return {.en = fmt::format("the trained model learnt with the covariates {}, now the plant file gives {}; run "
                              "`loadstar train`",
                              named(learnt, "none"), named(now, "none")),
            .zh = fmt::format("已训练的模型所用协变量为 {}，现在为 {}；请运行 `loadstar train`", named(learnt, "无"),
                              named(now, "无"))};
}

Text not_readable(const Error& error) {
    return {.en = fmt::format("the trained model cannot be read ({}); run `loadstar train`", error.message),
            .zh = fmt::format("已训练的模型无法读取（{}）；请运行 `loadstar train`", error.message)};
}

/// Throws std::exception on bytes that bytes_of() never wrote.
Result<ServingModel> read_model(const std::string& method, const nlohmann::json& json) {
    if (json.at("format") != format) {
        return Error{.code = ErrorCode::unsupported_version,
                     .message = fmt::format("format {}, expected {}", json.at("format").dump(), format)};
    }
    LOADSTAR_TRY(const auto known, forecast::find_method(method, shipped_network()));
    ServingModel serving{.setting = {.rule = {.lead = json.at("lead"), .slot = json.at("slot")},
                                     .features = {.season = json.at("season")},
                                     .learnt_to = json.at("learnt_to")},
                         .model = known.make()};
    const auto& bytes = json.at("model").get_binary();
    LOADSTAR_CHECK(serving.model->restore({bytes.begin(), bytes.end()}));
    return serving;
}

ServingLookup lookup_in(const std::string& method, const std::string& bytes, const features::DayGrid& grid) {
    try {
        const auto json = nlohmann::json::from_cbor(bytes);
        const std::string first_day = json.at("first_day");
        if (first_day != to_string(grid.day(0)) || json.at("slots") != grid.slots()) {
            return {.serving = {}, .why_not = not_of_this_history(first_day, grid)};
        }
        auto serving = read_model(method, json);
        if (!serving) return {.serving = {}, .why_not = not_readable(serving.error())};
        const std::vector<std::string> learnt = json.at("covariates");
        if (learnt != covariates_of(grid)) {
            return {.serving = {}, .why_not = not_of_these_covariates(learnt, covariates_of(grid))};
        }
        return {.serving = std::move(*serving)};
    } catch (const std::exception& problem) {
        return {.serving = {}, .why_not = not_readable({.message = problem.what()})};
    }
}

}  // namespace

Result<ServingLookup> serving_model(Session& session, const std::string& series, const features::DayGrid& grid) {
    LOADSTAR_TRY(const auto champion, historian::champion(session.historian(), series));
    if (!champion) return ServingLookup{};
    LOADSTAR_TRY(const auto bytes, historian::model_data(session.historian(), series, champion->version));
    auto lookup = lookup_in(champion->method, bytes, grid);
    if (lookup.serving) lookup.serving->version = champion->version;
    return lookup;
}

Result<int> keep_champion(Session& session, const ModelToKeep& kept, const features::DayGrid& grid) {
    LOADSTAR_TRY(const auto version, historian::put_model(session.historian(), {.target = kept.series,
                                                                                .method = kept.model.method(),
                                                                                .created_at = session.clock().now(),
                                                                                .metrics = kept.metrics,
                                                                                .data = bytes_of(kept, grid)}));
    LOADSTAR_CHECK(historian::set_champion(session.historian(), kept.series, version));
    return version;
}

}  // namespace loadstar::service
