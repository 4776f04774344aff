#pragma once
// Boosted trees as members: on the load itself, or on what the usual load or the ridge leave over.

#include <functional>
#include <string>
#include <vector>

#include "forecast/boosted_trees.hpp"
#include "gefcom_week_ridge.hpp"

namespace loadstar::bench::gefcom {

/// From what trees predict a departure.
enum class TreeBase { none, usual, ridge };

/// What a kind of trees looks at and predicts.
struct TreeKind {
    std::string name;
    void (*append_row)(std::vector<double>&, const Knowledge&, const Wanted&) = nullptr;
    TreeBase base = TreeBase::none;
    int first_day = 0;   ///< of training
    int stride = 1;      ///< every so many hours of an issue are learnt from
    int issue_days = 1;  ///< days between the issues that are learnt from
    int seeds = 1;       ///< models that are averaged
    forecast::TreeSettings settings{};
};

/// Trees for every level.
class WeekTrees {
  public:
    /// @param ridge  fitted on no later window than the trees will be
    WeekTrees(TreeKind kind, const WeekRidge& ridge) : kind_(std::move(kind)), ridge_(&ridge) {}

    /// Learns from windows that end at or before `end`.
    Result<void> fit(const Knowledge& knowledge, int end) {
        std::vector<double> values;
        std::vector<double> targets;
        for (int issue = kind_.first_day * day_hours; issue + week_hours <= end;
             issue += kind_.issue_days * day_hours) {
            const int offset = issue / day_hours * 7 % kind_.stride;
            for (int lead = offset; lead < week_hours; lead += kind_.stride) {
                const Wanted wanted{.issue = issue, .hour = issue + lead};
                kind_.append_row(values, knowledge, wanted);
                targets.push_back(knowledge.series().at(wanted.hour) - base(knowledge, wanted));
            }
        }
        columns_ = values.size() / targets.size();
        LOADSTAR_TRY(const auto data, forecast::TreeData::make(values, columns_));
        for (int seed = 1; seed <= kind_.seeds; ++seed) {
            auto settings = kind_.settings;
            settings.seed = seed;
            for (const double level : forecast::levels) {
                LOADSTAR_TRY(auto model, forecast::BoostedTrees::fit(data, targets, {.level = level}, settings));
                models_.push_back(std::move(model));
            }
        }
        return {};
    }

    [[nodiscard]] WeekQuantiles predict(const Knowledge& knowledge, int issue) const {
        std::vector<double> values;
        WeekQuantiles week(week_hours);
        for (int lead = 0; lead < week_hours; ++lead) {
            kind_.append_row(values, knowledge, {.issue = issue, .hour = issue + lead});
            week[static_cast<std::size_t>(lead)].fill(base(knowledge, {.issue = issue, .hour = issue + lead}));
        }
        for (std::size_t model = 0; model < models_.size(); ++model) {
            const auto predicted = models_[model].predict(values, columns_);
            const auto level = model % forecast::level_count;
            for (std::size_t lead = 0; lead < week.size(); ++lead) week[lead][level] += predicted[lead] / kind_.seeds;
        }
        for (auto& quantiles : week) std::sort(quantiles.begin(), quantiles.end());
        return week;
    }

  private:
    [[nodiscard]] double base(const Knowledge& knowledge, const Wanted& wanted) const {
        if (kind_.base == TreeBase::none) return 0;
        const double departure = kind_.base == TreeBase::ridge ? ridge_->departure(knowledge, wanted) : 0;
        return knowledge.usual_load(wanted.hour) * std::exp(departure);
    }
    TreeKind kind_;
    const WeekRidge* ridge_;
    std::size_t columns_ = 0;
    std::vector<forecast::BoostedTrees> models_{};  ///< [seed][level]
};

/// Fits trees on what was known at the first window and predicts them all.
inline Result<Member> tree_member(const Knowledge& knowledge, const Windows& windows, const TreeKind& kind,
                                  const WeekRidge& ridge) {
    WeekTrees trees(kind, ridge);
    LOADSTAR_CHECK(trees.fit(knowledge, windows.first));
    Member member{.name = kind.name, .weeks = {}};
    for (int window = 0; window < windows.count; ++window) {
        member.weeks.push_back(trees.predict(knowledge, windows.start(window)));
    }
    return member;
}

}  // namespace loadstar::bench::gefcom
