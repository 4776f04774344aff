#pragma once
// Trained models in the historian: bytes that say under which rule and on which days they learnt.

#include <memory>
#include <optional>
#include <string>

#include "forecast/model_forecaster.hpp"
#include "historian/models.hpp"
#include "service/session.hpp"

namespace loadstar::service {

/// The model that is in service for a target.
struct ServingModel {
    int version = 0;
    forecast::ModelSetting setting;
    std::unique_ptr<forecast::Model> model;
};

/// What the registry has for a target.
struct ServingLookup {
    std::optional<ServingModel> serving;
    Text why_not{};  ///< why the champion of the registry cannot serve; empty when it can or when there is none
};

/// Takes up the champion of a target. One that learnt from a history which begins on another day, has another step, or
/// was written by another version cannot serve. Errors: those of the historian.
Result<ServingLookup> serving_model(Session& session, const std::string& series, const features::DayGrid& grid);

/// A model to keep.
struct ModelToKeep {
    std::string series;
    const forecast::Model& model;
    forecast::ModelSetting setting;
    std::string metrics;  ///< JSON
};

/// Stores a model and makes it the champion of its target. @return its version
/// Errors: those of the historian (it must be open for writing).
Result<int> keep_champion(Session& session, const ModelToKeep& kept, const features::DayGrid& grid);

}  // namespace loadstar::service
