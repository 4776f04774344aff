#pragma once
// Reads text through layer ingest and keeps everything that comes out.

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "ingest/reader.hpp"
#include "support/temporary_folder.hpp"

namespace loadstar::test_support {

/// Keeps readings per series and all rejections.
class KeepingSink final : public ingest::Sink {
  public:
    Result<void> take(ReadingBatch&& batch) override {
        auto& kept = readings[batch.info.id];
        kept.insert(kept.end(), batch.readings.begin(), batch.readings.end());
        return {};
    }
    Result<void> reject(Rejection&& rejection) override {
        rejections.push_back(std::move(rejection));
        return {};
    }
    [[nodiscard]] std::int64_t count(Reason reason) const {
        return std::count_if(rejections.begin(), rejections.end(), [&](const auto& r) { return r.reason == reason; });
    }

    std::map<std::string, std::vector<Reading>> readings;
    std::vector<Rejection> rejections;
};

/// What became of one file.
struct Outcome {
    KeepingSink sink;
    Result<ingest::FileReport> report = Error{};

    [[nodiscard]] std::vector<double> values(const std::string& series) const {
        std::vector<double> result;
        if (!sink.readings.contains(series)) return result;
        for (const auto& reading : sink.readings.at(series)) result.push_back(reading.value);
        return result;
    }
    [[nodiscard]] std::vector<std::string> instants(const std::string& series) const {
        std::vector<std::string> result;
        if (!sink.readings.contains(series)) return result;
        for (const auto& reading : sink.readings.at(series)) result.push_back(to_string(reading.at));
        return result;
    }
    /// "line column reason" of each rejection.
    [[nodiscard]] std::vector<std::string> told() const {
        std::vector<std::string> result;
        for (const auto& r : sink.rejections)
            result.push_back(std::to_string(r.line) + " " + (r.column.empty() ? "row" : r.column) + " " +
                             to_string(r.reason));
        return result;
    }
};

/// Far in the future of all test data.
inline Instant end_of_tests() { return parse_instant("2030-01-01T00:00:00Z").value(); }

inline Outcome read(const Source& source, const std::filesystem::path& file, Instant now = end_of_tests()) {
    Outcome outcome;
    NoProgress progress;
    outcome.report = ingest::read_file(source, file, {.now = now}, outcome.sink, progress);
    return outcome;
}

inline Outcome read_text(const Source& source, std::string_view text, const std::string& name = "meter.csv") {
    const TemporaryFolder folder;
    return read(source, folder.write(name, text));
}

/// A quarter-hourly kWh column "kWh" into series "load", stamped in column "time" in UTC.
inline Source meter_source() {
    return {.id = "meter",
            .stamp = {.columns = {"time"}, .format = "%Y-%m-%d %H:%M", .time_zone = "UTC"},
            .columns = {{.column = "kWh", .series = "load", .unit = "kWh"}}};
}

}  // namespace loadstar::test_support
