#include "gift_eval/ridge_maps.hpp"

#include <algorithm>
#include <array>

namespace loadstar::gift_eval {
namespace {

using forecast::RidgePath;
using Places = std::vector<Eigen::Index>;

constexpr std::array<double, 9> shared_penalties{1e-3, 3e-3, 0.01, 0.03, 0.1, 0.3, 1, 3, 10};
constexpr std::array<double, 5> own_penalties{0.03, 0.1, 0.3, 1, 3};
constexpr std::size_t most_judged = 800;  // of a part, when penalties are compared

/// One part of time: the rows that are judged, and those that maps may learn from.
struct Fold {
    Places training;
    Places judged;
};

Places of_variate(const RidgeRows& rows, const Places& among, int variate) {
    Places found;
    for (const auto row : among) {
        if (rows.variates[static_cast<std::size_t>(row)] == variate) found.push_back(row);
    }
    return found;
}

Places all_of(const RidgeRows& rows) {
    Places all(rows.variates.size());
    for (std::size_t row = 0; row < all.size(); ++row) all[row] = static_cast<Eigen::Index>(row);
    return all;
}

/// Places spread evenly over all.
Places thinned(const Places& places) {
    Places kept;
    const double step = std::max(1.0, static_cast<double>(places.size()) / most_judged);
    for (double at = 0; at < static_cast<double>(places.size()); at += step) {
        kept.push_back(places[static_cast<std::size_t>(at)]);
    }
    return kept;
}

std::vector<Fold> folds_of(const RidgeRows& rows, int parts) {
    const int horizon = static_cast<int>(rows.outcomes.cols());
    const int first = rows.origins.front();
    const int end = rows.origins.back() + horizon;
    std::vector<Fold> folds(static_cast<std::size_t>(parts));
    for (int part = 0; part < parts; ++part) {
        const int begin_of_part = first + (end - first) * part / parts;
        const int end_of_part = first + (end - first) * (part + 1) / parts;
        auto& fold = folds[static_cast<std::size_t>(part)];
        for (std::size_t row = 0; row < rows.origins.size(); ++row) {
            const int origin = rows.origins[row];
            if (origin + horizon <= begin_of_part || origin >= end_of_part)
                fold.training.push_back(static_cast<Eigen::Index>(row));
            else if (origin >= begin_of_part && origin + horizon <= end_of_part)
                fold.judged.push_back(static_cast<Eigen::Index>(row));
        }
    }
    std::erase_if(folds, [](const Fold& fold) { return fold.training.empty() || fold.judged.empty(); });
    return folds;
}

RidgePath path_of(const Eigen::MatrixXd& inputs, const Eigen::MatrixXd& outcomes) {
    return {inputs, outcomes, Eigen::VectorXd::Ones(inputs.rows())};
}

/// Sum of absolute errors in the unit of the series.
double sum_of(const RidgeRows& rows, const Places& which, const Eigen::MatrixXd& errors) {
    return (rows.scales(which).asDiagonal() * errors).cwiseAbs().sum();
}

/// The map of one part's training rows at any penalty, and what it leaves over.
class FoldPath {
  public:
    FoldPath(const RidgeRows& rows, Fold fold)
        : rows_(&rows),
          fold_(std::move(fold)),
          path_(path_of(rows.inputs(fold_.training, Eigen::all), rows.outcomes(fold_.training, Eigen::all))) {}

    [[nodiscard]] double loss(double penalty) const {
        const auto some = thinned(fold_.judged);
        return sum_of(*rows_, some, errors(penalty, some));
    }
    [[nodiscard]] double loss_without() const {
        const auto some = thinned(fold_.judged);
        return sum_of(*rows_, some, rows_->outcomes(some, Eigen::all));
    }
    /// Outcomes less what the map says.
    [[nodiscard]] Eigen::MatrixXd errors(double penalty, const Places& which) const {
        const auto map = path_.at(penalty * static_cast<double>(fold_.training.size()));
        return rows_->outcomes(which, Eigen::all) - map.predict(rows_->inputs(which, Eigen::all));
    }
    [[nodiscard]] Eigen::MatrixXd judged_errors(double penalty) const { return errors(penalty, fold_.judged); }
    [[nodiscard]] const Fold& fold() const { return fold_; }

  private:
    const RidgeRows* rows_;
    Fold fold_;
    RidgePath path_;
};

/// The penalty with the least loss over all parts; `without` is the loss of doing nothing.
template <std::size_t count>
double best_of(const std::array<double, count>& penalties, const std::vector<FoldPath>& paths, double without) {
    double best = no_correction;
    double least = without;
    for (const double penalty : penalties) {
        double loss = 0;
        for (const auto& path : paths) loss += path.loss(penalty);
        if (loss >= least) continue;
        least = loss;
        best = penalty;
    }
    return best;
}

/// Chooses the correction of one variate, and takes what it says from `left`.
double correct(const RidgeRows& rows, const std::vector<FoldPath>& shared, double penalty, int variate,
               Eigen::MatrixXd& left) {
    std::vector<RidgeRows> own(shared.size());
    std::vector<FoldPath> paths;
    double without = 0;
    for (std::size_t part = 0; part < shared.size(); ++part) {
        auto which = of_variate(rows, shared[part].fold().training, variate);
        const auto learnt = which.size();
        const auto judged = of_variate(rows, shared[part].fold().judged, variate);
        which.insert(which.end(), judged.begin(), judged.end());
        own[part] = chosen(rows, which);
        own[part].outcomes = shared[part].errors(penalty, which);
        auto everything = all_of(own[part]);
        const auto border = everything.begin() + static_cast<std::ptrdiff_t>(learnt);
        paths.emplace_back(own[part],
                           Fold{.training = {everything.begin(), border}, .judged = {border, everything.end()}});
        without += paths.back().loss_without();
    }
    const double best = best_of(own_penalties, paths, without);
    if (best == no_correction) return best;
    for (std::size_t part = 0; part < shared.size(); ++part) {
        left(of_variate(rows, shared[part].fold().judged, variate), Eigen::all) = paths[part].judged_errors(best);
    }
    return best;
}

}  // namespace

Eigen::MatrixXd RidgeMaps::points(const std::vector<int>& variates, const Eigen::MatrixXd& inputs) const {
    Eigen::MatrixXd points = shared.predict(inputs);
    for (Eigen::Index row = 0; row < points.rows(); ++row) {
        const auto& correction = own[static_cast<std::size_t>(variates[static_cast<std::size_t>(row)])];
        if (correction) points.row(row) += correction->predict(inputs.row(row));
    }
    return points;
}

RidgeMaps fit_maps(const RidgeRows& rows, const RidgePenalties& penalties) {
    const auto everything = all_of(rows);
    RidgeMaps maps{.own = std::vector<std::optional<forecast::LinearModel>>(penalties.own.size())};
    maps.shared = path_of(rows.inputs, rows.outcomes).at(penalties.shared * static_cast<double>(everything.size()));
    for (std::size_t variate = 0; variate < maps.own.size(); ++variate) {
        if (penalties.own[variate] == no_correction) continue;
        const auto which = of_variate(rows, everything, static_cast<int>(variate));
        const Eigen::MatrixXd inputs = rows.inputs(which, Eigen::all);
        const auto path = path_of(inputs, rows.outcomes(which, Eigen::all) - maps.shared.predict(inputs));
        maps.own[variate] = path.at(penalties.own[variate] * static_cast<double>(which.size()));
    }
    return maps;
}

CrossFit cross_fit(const RidgeRows& rows, int variates, int parts) {
    std::vector<FoldPath> paths;
    CrossFit fit;
    for (auto& fold : folds_of(rows, parts)) {
        fit.which.insert(fit.which.end(), fold.judged.begin(), fold.judged.end());
        paths.emplace_back(rows, std::move(fold));
    }
    if (paths.empty()) return fit;
    fit.penalties.shared = best_of(shared_penalties, paths, no_correction);
    Eigen::MatrixXd left = rows.outcomes;
    for (const auto& path : paths) left(path.fold().judged, Eigen::all) = path.judged_errors(fit.penalties.shared);
    for (int variate = 0; variate < variates; ++variate) {
        fit.penalties.own.push_back(correct(rows, paths, fit.penalties.shared, variate, left));
    }
    fit.errors = left(fit.which, Eigen::all);
    return fit;
}

}  // namespace loadstar::gift_eval
