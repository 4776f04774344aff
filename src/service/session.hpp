#pragma once
// An opened plant: what its file says, and its historian. Every use case starts here.

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/instant.hpp"
#include "base/result.hpp"
#include "features/history.hpp"
#include "historian/historian.hpp"
#include "series/series.hpp"
#include "site/plant.hpp"

namespace loadstar::service {

/// File name of the historian in the folder of a plant.
constexpr const char* historian_file = "loadstar.db";

/// The sources of a plant that fill a series.
std::vector<const Source*> sources_of(const Plant& plant, const std::string& series);
/// What a file is called in the historian: its path from the folder of the plant, so that the folder may move.
std::string name_in_historian(const Plant& plant, const std::filesystem::path& file);

/// A plant, its historian `loadstar.db` and the clock. For one thread at a time.
class Session {
  public:
    /// Errors: those of load_plant and Historian::open; with OpenMode::read and no historian yet, not_found with the
    /// hint to run `loadstar import`.
    static Result<Session> open(const std::filesystem::path& plant, historian::OpenMode mode, const Clock& clock);

    /// Goes on with a plant that differs in some values of its file.
    void change(Plant changed) { plant_ = std::make_shared<const Plant>(std::move(changed)); }

    [[nodiscard]] const Plant& plant() const { return *plant_; }
    [[nodiscard]] historian::Historian& historian() { return historian_; }
    [[nodiscard]] const Clock& clock() const { return *clock_; }

    /// The mapping that feeds a series; nullptr when no source does.
    [[nodiscard]] const ColumnMapping* mapping_of(const std::string& series) const;

    /// Slots of the plant's step from the first to past the last stored reading of a series, counted from
    /// local midnight.
    /// Errors: not_found (no such series, or no readings: the hint says how to import).
    Result<Horizon> covered(const std::string& series);
    /// A regular series on `axis` (registers differenced, kinds resampled).
    Result<Series> series(const std::string& id, const Horizon& axis);
    /// Same over all that is stored, on the plant's step.
    Result<Series> series(const std::string& id);
    /// The meter's series as mean power (kW, kvar, or units per hour, whatever the multiple it is stored in) or as
    /// energy per slot in its own unit.
    Result<Series> mean_power(const std::string& id, const Horizon& axis);
    Result<Series> interval_energy(const std::string& id, const Horizon& axis);

    /// Everything stored about a forecast target, on the plant's step, until the last reading of the target; series
    /// known ahead reach further when they are stored. Covariates as in service/drivers.hpp.
    /// Errors: not_found (not a target of the plant file).
    Result<features::TargetHistory> target_history(const std::string& series);

    /// Those of some series of which anything is stored.
    Result<std::vector<std::string>> with_readings(const std::vector<std::string>& series);

  private:
    Result<void> add_covariates(features::TargetHistory& history, const ForecastTarget& target);
    Result<bool> has_readings(const std::string& series);
    Session(std::shared_ptr<const Plant> plant, historian::Historian historian, const Clock& clock)
        : plant_(std::move(plant)), historian_(std::move(historian)), clock_(&clock) {}
    std::shared_ptr<const Plant> plant_;
    historian::Historian historian_;
    const Clock* clock_;
};

}  // namespace loadstar::service
