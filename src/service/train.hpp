#pragma once
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "base/progress.hpp"
#include "base/result.hpp"
#include "base/text.hpp"
#include "forecast/contest.hpp"
#include "historian/models.hpp"
#include "service/session.hpp"

namespace loadstar::service {

struct TrainChoice {
    std::vector<std::string> series{};  ///< empty = every target of the plant file
    std::string method = forecast::usual_challenger;
    int weeks = 4;  ///< the latest ones, on which challenger and champion are compared
};

/// One side of the comparison.
struct TrainedSide {
    std::string method;
    std::optional<int> version{};            ///< of the registry; absent: not stored
    std::optional<forecast::Score> score{};  ///< absent: could not forecast the weeks
};

/// The days of a training.
struct TrainingDays {
    LocalDay learnt_from;
    LocalDay learnt_to;  ///< included
    LocalDay first;      ///< of the weeks of the comparison
    LocalDay last;       ///< included
};

/// What training did for one target.
struct TrainedTarget {
    std::string series;
    std::optional<TrainingDays> days{};  ///< absent: less history than the weeks to compare on, nothing was trained
    TrainedSide champion;
    TrainedSide challenger;
    bool kept = false;  ///< the challenger won, was stored and is in service now
    Text verdict;
    Text remark{};  ///< why the champion of the registry was not the one it was compared to; usually empty
};

struct TrainReport {
    std::string plant;
    std::vector<TrainedTarget> targets;
};

/// Trains a model for each target on what is stored before the latest weeks, lets it and the champion forecast these
/// weeks, and keeps it only if it wins; the winner goes into service as it was tested. Where there is no champion yet,
/// the mean of three like days is to be beaten.
/// Errors: not_found (method, target), cancelled, those of the historian.
Result<TrainReport> train(Session& session, const TrainChoice& choice, Progress& progress);

/// Versions of the registry.
struct ModelList {
    std::string plant;
    TimeZone zone;
    std::vector<historian::ModelVersion> versions;
};
Result<ModelList> list_models(Session& session);

/// Shape loadstar.train/1.
nlohmann::json to_json(const TrainReport& report);
/// Shape loadstar.models/1.
nlohmann::json to_json(const ModelList& list);

}  // namespace loadstar::service
