#pragma once
// What a file yields on its way to the sink: gathered per series, counted. Internal to layer ingest.

#include <vector>

#include "ingest/reader.hpp"

namespace loadstar::ingest {

/// Gathers readings into batches of bounded size and counts what happens.
class Delivery {
  public:
    /// @param series  what the readings of each number belong to
    Delivery(Sink& sink, FileReport& report, std::vector<SeriesInfo> series);

    [[nodiscard]] const std::vector<SeriesInfo>& series() const { return series_; }
    void add(std::size_t series, const Reading& reading) {
        pending_[series].push_back(reading);
        ++waiting_;
        ++report_.readings;
    }
    /// Hands over when enough has come together; call it once per row.
    Result<void> row_done() { return waiting_ < readings_per_delivery ? Result<void>() : flush(); }
    Result<void> flush();
    /// Tells of a refused or repaired row or cell; the reason decides which.
    Result<void> tell(Rejection&& rejection);
    /// Counts cells that say there is no reading.
    void count_missing(std::int64_t cells) { missing_ += cells; }
    [[nodiscard]] FileReport& report() { return report_; }

  private:
    static constexpr std::size_t readings_per_delivery = 65'536;
    Sink& sink_;
    FileReport& report_;
    std::vector<SeriesInfo> series_;
    std::vector<std::vector<Reading>> pending_;  ///< [series]
    std::size_t waiting_ = 0;
    std::int64_t missing_ = 0;
};

}  // namespace loadstar::ingest
