#include "forecast/network_member.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace loadstar::forecast {
namespace {

neural::TuningOptions tuning_of(const FeatureTable& table, DaySpan trial) {
    const auto& grid = table.grid();
    const auto issue = table.seen(trial.from).end();
    return {.horizon = grid.slots_between(issue, {.day = trial.from + 1, .slot = 0}),
            .step = grid.slots(),
            .trial_share = static_cast<double>(trial.to - trial.from) / trial.to};
}

void append(QuantileRecord& record, QuantileRecord&& later) {
    if (record.days.empty()) {
        record = std::move(later);
        return;
    }
    record.days.insert(record.days.end(), later.days.begin(), later.days.end());
}

}  // namespace

std::string NetworkMember::name() const { return use_ == NetworkUse::tuned ? "network_tuned" : "network"; }

Result<void> NetworkMember::fit(FeatureTable& table, DaySpan trial, Progress& progress) {
    LOADSTAR_TRY(const auto network, source_());
    network_name_ = network->name();
    weights_.clear();
    tuned_.reset();
    if (use_ == NetworkUse::tuned) return learn(table, trial, progress);
    LOADSTAR_TRY(record_, network_days(*network, table,
                                       {.from = std::min(table.first_day(), trial.from), .to = trial.to}, progress));
    return {};
}

Result<void> NetworkMember::learn(FeatureTable& table, DaySpan trial, Progress& progress) {
    LOADSTAR_TRY(const auto network, source_());
    const auto past = network_past(table, trial.to);
    LOADSTAR_TRY(auto tuned, network->tuned(past, tuning_of(table, trial), progress));
    LOADSTAR_TRY(record_, network_days(*tuned.before_trial, table, trial, progress));
    // Served are the weights as they are stored, so that a model forecasts the same before and after.
    if (tuned.report.chosen) weights_ = tuned.network->weights();
    return {};
}

Result<SharedNetwork> NetworkMember::serving() const {
    LOADSTAR_TRY(const auto network, source_());
    if (network->name() != network_name_)
        return Error{.code = ErrorCode::unsupported_version,
                     .message = fmt::format("the model was made with the network {}, here is {}", network_name_,
                                            network->name()),
                     .hint = "train it anew"};
    if (weights_.empty()) return network;
    if (tuned_) return tuned_;
    LOADSTAR_TRY(tuned_, network->with_weights(weights_));
    return tuned_;
}

Result<QuantileRecord> NetworkMember::until(FeatureTable& table, int to, Progress& progress) const {
    auto record = record_;
    if (record.to() >= to) return record;
    LOADSTAR_TRY(const auto network, serving());
    LOADSTAR_TRY(auto coming, network_days(*network, table, {.from = record.to(), .to = to}, progress));
    append(record, std::move(coming));
    return record;
}

void NetworkMember::keep_latest(int days) {
    const auto surplus = std::max<std::ptrdiff_t>(0, static_cast<std::ptrdiff_t>(record_.days.size()) - days);
    record_.days.erase(record_.days.begin(), record_.days.begin() + surplus);
    record_.from += static_cast<int>(surplus);
}

nlohmann::json NetworkMember::state() const {
    return {{"network", network_name_},
            {"weights", nlohmann::json::binary({weights_.begin(), weights_.end()})},
            {"from", record_.from},
            {"days", record_.days}};
}

void NetworkMember::restore(const nlohmann::json& state) {
    network_name_ = state.at("network");
    const auto& bytes = state.at("weights").get_binary();
    weights_.assign(bytes.begin(), bytes.end());
    tuned_.reset();
    record_ = {.from = state.at("from"), .days = state.at("days")};
}

}  // namespace loadstar::forecast
