#pragma once
// Rows of cells into readings and rejections, by the mapping of a source. Internal to layer ingest.

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/columns.hpp"
#include "ingest/delivery.hpp"
#include "ingest/local_time.hpp"
#include "ingest/seen_instants.hpp"

namespace loadstar::ingest {

/// One data row.
struct Row {
    const std::vector<std::string_view>& cells;
    std::int64_t line = 0;
};

/// Reads the rows of one file, in their order. Every row ends as readings, as a rejection, or is empty of numbers.
class RowReader {
  public:
    /// Errors: invalid_input (an unknown stamp format), not_found (an unknown time zone).
    static Result<RowReader> open(const Source& source, ColumnPositions positions, Instant now, Delivery& delivery);

    /// Errors: those of the sink.
    Result<void> take(const Row& row);
    /// Tells that a whole row is refused, or taken with a remark; the reason decides which.
    Result<void> tell(std::int64_t line, Reason reason, std::string text);

    /// What the readings of a source belong to, in the order that the reader numbers them: column by column, key by
    /// key.
    static std::vector<SeriesInfo> series_of(const Source& source);

  private:
    /// A value column, made ready.
    struct Column {
        const ColumnMapping* mapping = nullptr;
        std::size_t position = 0;
        std::size_t meaning = 0;  ///< index into meanings_
        double lowest = 0;
        double highest = 0;
        bool may_lie_ahead = false;
    };
    /// One logger: the rows of a key, or of the whole file.
    struct Logger {
        std::vector<RepeatedHourTracker> trackers;  ///< [meaning]
        SeenInstants seen;
        Instant previous = Instant::min();
    };
    enum class CellState { number, missing, refused };
    struct Cell {
        CellState state = CellState::missing;
        double value = 0;
    };

    RowReader(const Source& source, ColumnPositions positions, Instant now, Delivery& delivery, StampParser parser,
              StampResolver resolver);
    std::size_t meaning_of(const ColumnMapping& mapping);
    bool has_good_width(const Row& row);
    [[nodiscard]] std::optional<std::size_t> key_of(const Row& row) const;
    [[nodiscard]] std::string_view stamp_text(const Row& row);
    Result<bool> read_moments(const Row& row, Logger& logger);
    Result<void> tell_order(const Row& row, Logger& logger);
    Result<void> read_cells(const Row& row, std::size_t key);
    Result<Cell> read_cell(const Row& row, const Column& column, std::size_t key);
    Result<Cell> refuse_cell(const Row& row, const Column& column, std::size_t key, Reason reason,
                             const std::string& expected);
    [[nodiscard]] bool is_missing(std::string_view cell) const;
    [[nodiscard]] bool is_blank_row() const;
    Result<void> deliver(const Row& row, std::size_t key);
    [[nodiscard]] std::size_t series_number(const Column& column, std::size_t key) const;

    const Source* source_;
    ColumnPositions positions_;
    Instant now_;
    Delivery* delivery_;
    StampParser parser_;
    StampResolver resolver_;
    char decimal_mark_;
    std::vector<Column> columns_;
    std::vector<StampMeaning> meanings_;
    std::vector<Logger> loggers_;                           ///< [key]
    std::map<std::string, std::size_t, std::less<>> keys_;  ///< text of the key -> number
    std::vector<Moment> moments_;                           ///< of the current row [meaning]
    std::vector<Cell> values_;                              ///< of the current row [column]
    std::string joined_stamp_;
};

}  // namespace loadstar::ingest
