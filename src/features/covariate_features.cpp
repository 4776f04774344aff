#include "features/covariate_features.hpp"

#include <algorithm>
#include <limits>

#include "features/columns.hpp"

namespace loadstar::features {
namespace {

constexpr double unknown = std::numeric_limits<double>::quiet_NaN();
constexpr int hours_per_day = 24;
constexpr int alike = 3;
constexpr int week = 7;

/// Mean of what is known.
class KnownMean {
  public:
    void take(const std::optional<double>& value) {
        if (!value) return;
        sum_ += *value;
        ++count_;
    }
    [[nodiscard]] double value() const { return count_ > 0 ? sum_ / count_ : unknown; }

  private:
    double sum_ = 0;
    int count_ = 0;
};

/// One covariate as it was seen at an issue.
class View {
  public:
    View(const Seen& seen, std::size_t which) : seen_(seen), which_(which) {}

    [[nodiscard]] int slots() const { return seen_.grid().slots(); }
    [[nodiscard]] std::optional<double> at(int day, int slot) const { return seen_.covariate(which_, day, slot); }
    [[nodiscard]] double mean(int day, int from, int to) const {
        KnownMean mean;
        for (int slot = from; slot < to; ++slot) mean.take(at(day, slot));
        return mean.value();
    }
    /// Mean of the `days` before the end of what was seen.
    [[nodiscard]] double mean_of_last(int days) const {
        KnownMean mean;
        const auto end = seen_.end();
        for (int day = std::max(0, end.day - days); day <= end.day; ++day) {
            const int from = day == end.day - days ? end.slot : 0;
            const int to = day == end.day ? end.slot : slots();
            for (int slot = from; slot < to; ++slot) mean.take(at(day, slot));
        }
        return mean.value();
    }
    /// The value of each slot today, as far as it is known, and yesterday from there on.
    [[nodiscard]] Profile latest() const {
        Profile profile;
        const auto end = seen_.end();
        for (int slot = 0; slot < slots(); ++slot) {
            profile.push_back(at(slot < end.slot ? end.day : end.day - 1, slot).value_or(unknown));
        }
        return profile;
    }
    /// The last value of the day before the end; NaN when there was none.
    [[nodiscard]] double last() const {
        const auto end = seen_.end();
        for (int back = 1; back <= slots(); ++back) {
            const int slot = end.slot - back;
            const auto value = slot >= 0 ? at(end.day, slot) : at(end.day - 1, slot + slots());
            if (value) return *value;
        }
        return unknown;
    }

  private:
    const Seen& seen_;
    std::size_t which_;
};

/// Degrees above and below the base.
void add_degrees(Columns& columns, const std::string& name, const Profile& celsius) {
    Profile above;
    Profile below;
    for (const double value : celsius) {
        above.push_back(value > degree_base ? value - degree_base : 0 * value);  // NaN stays NaN
        below.push_back(value < degree_base ? degree_base - value : 0 * value);
    }
    columns.add_relative(name + " above base", std::move(above));
    columns.add_relative(name + " below base", std::move(below));
}

void add_ahead(Columns& columns, const Seen& seen, std::size_t which, int day) {
    const View view(seen, which);
    const auto& info = seen.grid().covariates()[which].info();
    const int per_hour = std::max(1, view.slots() / hours_per_day);
    Profile values;
    Profile hourly;
    for (int slot = 0; slot < view.slots(); ++slot) {
        values.push_back(view.at(day, slot).value_or(unknown));
        const int hour = slot - slot % per_hour;
        hourly.push_back(view.mean(day, hour, std::min(view.slots(), hour + per_hour)));
    }
    KnownMean usual;
    for (const int past : alike_days(seen, day, alike)) {
        for (int slot = 0; slot < view.slots(); ++slot) usual.take(view.at(past, slot));
    }
    const double mean = view.mean(day, 0, view.slots());
    if (info.kind == SeriesKind::temperature) add_degrees(columns, info.id, values);
    columns.add_relative(info.id, std::move(values));
    columns.add_relative(info.id + " hour", std::move(hourly));
    columns.add_relative(info.id + " day", mean);
    columns.add_relative(info.id + " departure", departure_from_alike(seen, which, day));
    columns.add_relative(info.id + " day departure", mean - usual.value());
}

void add_past(Columns& columns, const Seen& seen, std::size_t which) {
    const View view(seen, which);
    const auto& info = seen.grid().covariates()[which].info();
    const auto latest = view.latest();
    const double last_day = view.mean_of_last(1);
    if (info.kind == SeriesKind::temperature) add_degrees(columns, info.id, latest);
    columns.add_relative(info.id + " last", view.last());
    columns.add_relative(info.id + " latest", latest);
    columns.add_relative(info.id + " last day", last_day);
    columns.add_relative(info.id + " last day departure", last_day - view.mean_of_last(week));
}

}  // namespace

std::vector<double> departure_from_alike(const Seen& seen, std::size_t covariate, int day) {
    const View view(seen, covariate);
    const auto days = alike_days(seen, day, alike);
    Profile departure;
    for (int slot = 0; slot < view.slots(); ++slot) {
        KnownMean usual;
        for (const int past : days) usual.take(view.at(past, slot));
        departure.push_back(view.at(day, slot).value_or(unknown) - usual.value());
    }
    return departure;
}

void add_covariates(Columns& columns, const Seen& seen, int day) {
    const auto& covariates = seen.grid().covariates();
    for (std::size_t which = 0; which < covariates.size(); ++which) {
        if (covariates[which].reach() == Reach::ahead) {
            add_ahead(columns, seen, which, day);
        } else {
            add_past(columns, seen, which);
        }
    }
}

}  // namespace loadstar::features
