#include "forecast/stack_model.hpp"

#include <algorithm>
#include <array>
#include <exception>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "forecast/blend.hpp"
#include "forecast/network_member.hpp"
#include "forecast/recalibration.hpp"
#include "forecast/residual_bands.hpp"
#include "forecast/ridge.hpp"
#include "forecast/seasonal.hpp"
#include "forecast/tree_quantiles.hpp"

namespace loadstar::forecast {
namespace {

constexpr int stored_format = 3;
constexpr int fewest_trial_days = 21;
constexpr int most_trial_days = 60;
constexpr int fewest_days_before_trial = 28;  // with features
constexpr int kept_days = 56;                 // of past forecasts: what bands and recalibration look back on

/// A method that predicts points, and what it predicted before the end of the fit.
struct PointMember {
    std::unique_ptr<PointMethod> method;
    bool blended = false;  ///< with bands, a member of the blend; otherwise only a base for trees
    bool usable = false;   ///< had enough history
    PointRecord record{};
};

struct TreeMember {
    std::string name;
    std::size_t base = 0;  ///< whose departures are predicted: a point member by its index, or the first network
    TreeQuantiles trees;
};

/// What the members said of some days.
struct Said {
    std::vector<PointRecord> points;  ///< by point member, then the medians of the first network
    std::vector<QuantileRecord> networks{};
};

std::vector<PointMember> make_points() {
    std::vector<PointMember> points;
    points.push_back({.method = std::make_unique<Seasonal>(SeasonalKind::mean7)});
    points.push_back({.method = make_profile_ridge({}), .blended = true});
    points.push_back({.method = make_hour_ridge({}), .blended = true});
    return points;
}

/// The latest days of a record.
template <class Day>
Record<Day> latest(Record<Day> record) {
    const auto surplus = std::max<std::ptrdiff_t>(0, static_cast<std::ptrdiff_t>(record.days.size()) - kept_days);
    record.days.erase(record.days.begin(), record.days.begin() + surplus);
    record.from += static_cast<int>(surplus);
    return record;
}

template <class Day>
nlohmann::json stored(const Record<Day>& record) {
    return {{"from", record.from}, {"days", record.days}};
}

template <class Day>
void restore_record(Record<Day>& record, const nlohmann::json& stored) {
    record = {.from = stored.at("from"), .days = stored.at("days")};
}

class StackModel final : public Model {
  public:
    explicit StackModel(const StackSettings& settings);
    [[nodiscard]] std::string method() const override {
        constexpr std::array<const char*, 3> by_networks{"stack", "network_stack", "network_tuned_stack"};
        return by_networks.at(networks_.size());
    }
    Result<void> fit(FeatureTable& table, int end, Progress& progress) override;
    [[nodiscard]] Result<QuantileRecord> forecast(FeatureTable& table, DaySpan days, Progress& progress) const override;
    [[nodiscard]] std::string save() const override;
    Result<void> restore(const std::string& bytes) override;

  private:
    Result<void> try_members(FeatureTable& table, DaySpan trial, Progress& progress);
    Result<void> fit_members(FeatureTable& table, int end, Progress& progress);
    [[nodiscard]] std::vector<Member> members_on(FeatureTable& table, const Said& said, DaySpan days) const;
    [[nodiscard]] Result<Said> said_until(FeatureTable& table, int to, Progress& progress) const;
    [[nodiscard]] bool usable(std::size_t base) const { return base >= points_.size() || points_[base].usable; }
    [[nodiscard]] nlohmann::json state() const;
    void restore_state(const nlohmann::json& state);

    std::vector<PointMember> points_ = make_points();
    std::vector<NetworkMember> networks_;
    std::vector<TreeMember> trees_;
    int end_ = 0;  ///< first day that was not learnt from; 0 = nothing was learnt
    BlendWeights weights_;
    QuantileRecord past_;  ///< the blend's latest forecasts before that day
};

StackModel::StackModel(const StackSettings& settings) {
    if (settings.network) networks_.emplace_back(settings.network, NetworkUse::as_it_comes);
    if (settings.network && settings.tune) networks_.emplace_back(settings.network, NetworkUse::tuned);
    for (std::size_t base = 0; base < points_.size() + std::min<std::size_t>(1, networks_.size()); ++base) {
        const auto name = base < points_.size() ? points_[base].method->name() : networks_.front().name();
        trees_.push_back({.name = "trees on " + name, .base = base, .trees = TreeQuantiles(settings.trees)});
    }
}

Error cancelled_between_members() {
    return {.code = ErrorCode::cancelled, .message = "stopped between two members of the stack"};
}

Result<void> StackModel::fit(FeatureTable& table, int end, Progress& progress) {
    end_ = 0;
    if (progress.cancelled()) return cancelled_between_members();
    const DaySpan trial{.from = end - std::clamp(end / 5, fewest_trial_days, most_trial_days), .to = end};
    if (trial.from - table.first_day() < fewest_days_before_trial) return {};
    LOADSTAR_CHECK(try_members(table, trial, progress));
    LOADSTAR_CHECK(fit_members(table, end, progress));
    end_ = end;
    return {};
}

/// Fits trees without the days of the trial, then weighs all members by what they say of these.
Result<void> StackModel::try_members(FeatureTable& table, DaySpan trial, Progress& progress) {
    Said said;
    for (auto& point : points_) {
        if (progress.cancelled()) return cancelled_between_members();
        said.points.push_back(roll(*point.method, table, {.from = 0, .to = trial.to}));
        point.usable = said.points.back().holds(trial.from);
    }
    for (auto& network : networks_) {
        LOADSTAR_CHECK(network.fit(table, trial, progress));
        said.networks.push_back(network.record());
    }
    if (!networks_.empty()) said.points.push_back(medians(said.networks.front()));
    for (auto& tree : trees_) {
        progress.report("train", &tree - trees_.data(), 2 * static_cast<std::int64_t>(trees_.size()));
        if (progress.cancelled()) return cancelled_between_members();
        if (usable(tree.base)) LOADSTAR_CHECK(tree.trees.fit(table, &said.points[tree.base], trial.from));
    }
    const auto members = members_on(table, said, trial);
    weights_ = fit_blend(members, table.grid(), trial);
    past_ = {.from = trial.from};
    for (int day = trial.from; day < trial.to; ++day) past_.days.push_back(blend(members, weights_, day));
    past_ = latest(std::move(past_));
    for (std::size_t at = 0; at < points_.size(); ++at) points_[at].record = std::move(said.points[at]);
    return {};
}

/// Fits everything that was usable in the trial on all days.
Result<void> StackModel::fit_members(FeatureTable& table, int end, Progress& progress) {
    const auto network = networks_.empty() ? PointRecord{} : medians(networks_.front().record());
    for (auto& tree : trees_) {
        const auto count = static_cast<std::int64_t>(trees_.size());
        progress.report("train", count + (&tree - trees_.data()), 2 * count);
        if (progress.cancelled()) return cancelled_between_members();
        const auto& base = tree.base < points_.size() ? points_[tree.base].record : network;
        if (tree.trees.ready()) LOADSTAR_CHECK(tree.trees.fit(table, &base, end));
    }
    for (auto& point : points_) {
        if (point.usable) point.method->fit(table, end);
        point.record = latest(std::move(point.record));
    }
    for (auto& one : networks_) one.keep_latest(kept_days);
    return {};
}

std::vector<Member> StackModel::members_on(FeatureTable& table, const Said& said, DaySpan days) const {
    const auto& points = said.points;
    std::vector<Member> members;
    for (std::size_t at = 0; at < points_.size(); ++at) {
        if (!points_[at].usable || !points_[at].blended) continue;
        Member member{.name = points_[at].method->name(), .record = {.from = days.from}};
        for (int day = days.from; day < days.to; ++day) {
            member.record.days.push_back(with_residual_bands(points[at].at(day), points[at], table.seen(day), day));
        }
        members.push_back(std::move(member));
    }
    for (const auto& tree : trees_) {
        if (!usable(tree.base) || !tree.trees.ready()) continue;
        members.push_back({.name = tree.name, .record = tree.trees.predict(table, &points[tree.base], days)});
    }
    // A network knows other plants and errs unlike the rest: together they begin with half of the weight.
    const auto rest = static_cast<double>(members.size());
    for (std::size_t at = 0; at < networks_.size(); ++at)
        members.push_back({.name = networks_[at].name(),
                           .record = said.networks[at],
                           .share = rest / static_cast<double>(networks_.size())});
    return members;
}

/// The members' records, extended to `to`.
Result<Said> StackModel::said_until(FeatureTable& table, int to, Progress& progress) const {
    Said said;
    for (const auto& point : points_) {
        auto record = point.record;
        for (int day = record.to(); point.usable && day < to; ++day) {
            record.days.push_back(point.method->predict(table, day));
        }
        said.points.push_back(std::move(record));
    }
    for (const auto& network : networks_) {
        LOADSTAR_TRY(auto record, network.until(table, to, progress));
        said.networks.push_back(std::move(record));
    }
    if (!networks_.empty()) said.points.push_back(medians(said.networks.front()));
    return said;
}

Result<QuantileRecord> StackModel::forecast(FeatureTable& table, DaySpan days, Progress& progress) const {
    if (end_ == 0) return QuantileRecord{.from = days.to};
    const int to = std::max(end_, days.to);
    LOADSTAR_TRY(const auto said, said_until(table, to, progress));
    const auto members = members_on(table, said, {.from = end_, .to = to});
    auto blended = past_;
    for (int day = end_; day < to; ++day) {
        progress.report("forecast stack", day - end_, to - end_);
        if (progress.cancelled()) return Error{.code = ErrorCode::cancelled, .message = "stopped between two days"};
        blended.days.push_back(blend(members, weights_, day));
    }
    const auto all = recalibrated(blended, table.grid(), table.rule());
    QuantileRecord record{.from = std::max(days.from, all.from)};
    for (int day = record.from; day < days.to; ++day) record.days.push_back(all.at(day));
    return record;
}

nlohmann::json StackModel::state() const {
    nlohmann::json state{{"format", stored_format},
                         {"end", end_},
                         {"weights", weights_.by_bucket},
                         {"past", stored(past_)},
                         {"points", nlohmann::json::array()},
                         {"trees", nlohmann::json::array()},
                         {"networks", nlohmann::json::array()}};
    for (const auto& point : points_) {
        state["points"].push_back(
            {{"usable", point.usable}, {"state", point.method->state()}, {"record", stored(point.record)}});
    }
    for (const auto& tree : trees_) state["trees"].push_back(tree.trees.state());
    for (const auto& network : networks_) state["networks"].push_back(network.state());
    return state;
}

void StackModel::restore_state(const nlohmann::json& state) {
    weights_.by_bucket = state.at("weights");
    restore_record(past_, state.at("past"));
    for (std::size_t at = 0; at < points_.size(); ++at) {
        const auto& point = state.at("points").at(at);
        points_[at].usable = point.at("usable");
        points_[at].method->restore(point.at("state"));
        restore_record(points_[at].record, point.at("record"));
    }
    for (std::size_t at = 0; at < trees_.size(); ++at) trees_[at].trees.restore(state.at("trees").at(at));
    for (std::size_t at = 0; at < networks_.size(); ++at) networks_[at].restore(state.at("networks").at(at));
    end_ = state.at("end");
}

std::string StackModel::save() const {
    std::string bytes;
    nlohmann::json::to_cbor(state(), bytes);
    return bytes;
}

Result<void> StackModel::restore(const std::string& bytes) {
    try {
        const auto state = nlohmann::json::from_cbor(bytes);
        if (const int format = state.at("format"); format != stored_format) {
            return Error{.code = ErrorCode::unsupported_version,
                         .message = fmt::format("the stored stack has format {}, expected {}", format, stored_format),
                         .hint = "train it anew"};
        }
        restore_state(state);
    } catch (const std::exception& refused) {
        end_ = 0;
        return Error{.code = ErrorCode::invalid_input,
                     .message = fmt::format("these bytes are no stored stack: {}", refused.what()),
                     .hint = "train it anew"};
    }
    return {};
}

}  // namespace

std::unique_ptr<Model> make_stack_model(const StackSettings& settings) {
    return std::make_unique<StackModel>(settings);
}

}  // namespace loadstar::forecast
