#pragma once
// A plant folder whose historian a test fills by itself, without going through files of readings.

#include <string>
#include <vector>

#include "historian/historian.hpp"
#include "support/temporary_folder.hpp"

namespace loadstar::test_support {

/// A folder with a plant file and readings.
class StoredPlant {
  public:
    explicit StoredPlant(std::string_view plant_toml) { folder_.write("plant.toml", plant_toml); }

    const std::filesystem::path& folder() const { return folder_.path(); }

    /// Stores readings at equal steps from `start` on; an empty optional is a reading that never came.
    void store(const SeriesInfo& info, Instant start, const std::vector<std::optional<double>>& values) {
        ReadingBatch batch{.info = info, .readings = {}};
        auto at = start;
        for (const auto& value : values) {
            if (value) batch.readings.push_back({.at = at, .value = *value});
            at += info.step;
        }
        auto historian =
            historian::Historian::open(folder_.path() / "loadstar.db", historian::OpenMode::write, at).value();
        auto import = historian.begin_import({.file = info.id, .digest = info.id, .started_at = at}).value();
        if (!import.append(std::move(batch))) throw std::runtime_error("cannot store " + info.id);
        if (!import.finish(at)) throw std::runtime_error("cannot finish " + info.id);
    }
    void store(const SeriesInfo& info, Instant start, const std::vector<double>& values) {
        store(info, start, std::vector<std::optional<double>>(values.begin(), values.end()));
    }

  private:
    TemporaryFolder folder_;
};

}  // namespace loadstar::test_support
