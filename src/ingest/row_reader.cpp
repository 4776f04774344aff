#include "ingest/row_reader.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "ingest/excerpt.hpp"
#include "ingest/number.hpp"

namespace loadstar::ingest {
namespace {

bool is_amount(SeriesKind kind) { return kind == SeriesKind::interval_energy || kind == SeriesKind::count; }

/// The largest number a cell may hold, in the unit of the series. A counter's standing has no limit.
double highest_of(const ColumnMapping& mapping) {
    if (!mapping.maximum || mapping.kind == SeriesKind::register_reading)
        return std::numeric_limits<double>::infinity();
    const bool is_rate = mapping.kind == SeriesKind::interval_energy;
    return is_rate ? *mapping.maximum * to_hours(mapping.step).value() : *mapping.maximum;
}

double lowest_of(const ColumnMapping& mapping) {
    return mapping.minimum.value_or(is_amount(mapping.kind) ? 0.0 : -std::numeric_limits<double>::infinity());
}

}  // namespace

std::vector<SeriesInfo> RowReader::series_of(const Source& source) {
    std::vector<SeriesInfo> result;
    for (const auto& column : source.columns) {
        const SeriesInfo info{.id = column.series, .kind = column.kind, .unit = column.unit, .step = column.step};
        if (source.key_column.empty() || !is_keyed(column)) {
            result.insert(result.end(), std::max<std::size_t>(1, source.keys.size()), info);
            continue;
        }
        for (const auto& key : source.keys) {
            result.push_back(info);
            result.back().id = series_of_key(column, key);
        }
    }
    return result;
}

Result<RowReader> RowReader::open(const Source& source, ColumnPositions positions, Instant now, Delivery& delivery) {
    LOADSTAR_TRY(auto parser, StampParser::compile(source.stamp.format));
    LOADSTAR_TRY(auto zone, TimeZone::find(source.stamp.time_zone.empty() ? "UTC" : source.stamp.time_zone));
    StampResolver resolver(std::move(zone), source.stamp, source.repeated_hour);
    return RowReader(source, std::move(positions), now, delivery, std::move(parser), std::move(resolver));
}

RowReader::RowReader(const Source& source, ColumnPositions positions, Instant now, Delivery& delivery,
                     StampParser parser, StampResolver resolver)
    : source_(&source),
      positions_(std::move(positions)),
      now_(now),
      delivery_(&delivery),
      parser_(std::move(parser)),
      resolver_(std::move(resolver)),
      decimal_mark_(source.decimal_mark == "," ? ',' : '.') {
    for (std::size_t i = 0; i < source.columns.size(); ++i) {
        const auto& mapping = source.columns[i];
        columns_.push_back({.mapping = &mapping,
                            .position = positions_.values[i],
                            .meaning = meaning_of(mapping),
                            .lowest = lowest_of(mapping),
                            .highest = highest_of(mapping),
                            .may_lie_ahead = mapping.known_ahead || mapping.kind == SeriesKind::price});
    }
    for (std::size_t i = 0; i < source.keys.size(); ++i) keys_.emplace(source.keys[i], i);
    loggers_.resize(std::max<std::size_t>(1, source.keys.size()));
    for (auto& logger : loggers_) logger.trackers.resize(meanings_.size());
    moments_.resize(meanings_.size());
    values_.resize(columns_.size());
}

std::size_t RowReader::meaning_of(const ColumnMapping& mapping) {
    const StampMeaning meaning{.step = mapping.step, .is_instant = mapping.kind == SeriesKind::register_reading};
    const auto found = std::find(meanings_.begin(), meanings_.end(), meaning);
    if (found != meanings_.end()) return static_cast<std::size_t>(found - meanings_.begin());
    meanings_.push_back(meaning);
    return meanings_.size() - 1;
}

Result<void> RowReader::tell(std::int64_t line, Reason reason, std::string text) {
    return delivery_->tell({.line = line, .reason = reason, .text = std::move(text)});
}

/// As many cells as the header has; empty ones behind do no harm. Without a header the first row sets the number.
bool RowReader::has_good_width(const Row& row) {
    if (positions_.width == 0) positions_.width = row.cells.size();
    if (row.cells.size() == positions_.width) return row.cells.size() >= positions_.needed;
    if (row.cells.size() < positions_.width) return false;
    return std::all_of(row.cells.begin() + static_cast<std::ptrdiff_t>(positions_.width), row.cells.end(),
                       [](std::string_view cell) { return cell.empty(); });
}

std::optional<std::size_t> RowReader::key_of(const Row& row) const {
    if (source_->key_column.empty()) return 0;
    const auto found = keys_.find(row.cells[positions_.key]);
    if (found == keys_.end()) return std::nullopt;
    return found->second;
}

std::string_view RowReader::stamp_text(const Row& row) {
    if (positions_.stamp.size() == 1) return row.cells[positions_.stamp[0]];
    joined_stamp_.clear();
    for (const auto position : positions_.stamp) {
        if (!joined_stamp_.empty()) joined_stamp_.push_back(' ');
        joined_stamp_.append(row.cells[position]);
    }
    return joined_stamp_;
}

/// Sets moments_. @return false when the row was refused for its stamp
Result<bool> RowReader::read_moments(const Row& row, Logger& logger) {
    const auto text = stamp_text(row);
    const auto stamp = parser_.parse(text);
    const auto refused = [&](Reason reason, const std::string& why) -> Result<bool> {
        LOADSTAR_CHECK(tell(row.line, reason, fmt::format("found \"{}\", {}", excerpt(text), why)));
        return false;
    };
    if (!stamp)
        return refused(Reason::rejected_bad_stamp, fmt::format("expected a stamp in the format {}", parser_.format()));
    bool repeated = false;
    for (std::size_t i = 0; i < meanings_.size(); ++i) {
        moments_[i] = resolver_.resolve(*stamp, meanings_[i], logger.trackers[i]);
        repeated = repeated || moments_[i].reason == Reason::repeated_hour;
        if (moments_[i].reason == Reason::rejected_skipped_hour)
            return refused(moments_[i].reason, "a local time that never was: clocks were put forward");
        if (moments_[i].reason == Reason::rejected_bad_stamp)
            return refused(moments_[i].reason, "a local time that was twice: clocks were put back (repeated_hour)");
    }
    if (repeated) {
        const auto taken = to_string(moments_[0].at);
        LOADSTAR_CHECK(tell(row.line, Reason::repeated_hour,
                            fmt::format("found \"{}\", which was twice; taken as {}", excerpt(text), taken)));
    }
    return true;
}

/// Tells of rows that go back in time or come again; they are taken all the same.
Result<void> RowReader::tell_order(const Row& row, Logger& logger) {
    const auto at = moments_[0].at;
    const auto before = logger.previous;
    logger.previous = at;
    if (logger.seen.mark(at, meanings_[0].step)) {
        return tell(
            row.line, Reason::duplicate,
            fmt::format("{} came before; equal readings count once, others leave the slot missing", to_string(at)));
    }
    if (at >= before) return {};
    return tell(row.line, Reason::out_of_order,
                fmt::format("found {} after {}; put in order", to_string(at), to_string(before)));
}

bool RowReader::is_missing(std::string_view cell) const {
    if (cell.empty()) return true;
    const auto first = cell.front();
    if (first >= '1' && first <= '9') return false;  // most cells
    return std::find(source_->missing_texts.begin(), source_->missing_texts.end(), cell) !=
           source_->missing_texts.end();
}

std::size_t RowReader::series_number(const Column& column, std::size_t key) const {
    return static_cast<std::size_t>(&column - columns_.data()) * loggers_.size() + key;
}

Result<RowReader::Cell> RowReader::refuse_cell(const Row& row, const Column& column, std::size_t key, Reason reason,
                                               const std::string& expected) {
    LOADSTAR_CHECK(delivery_->tell(
        {.line = row.line,
         .column = column.mapping->column,
         .series = delivery_->series()[series_number(column, key)].id,
         .reason = reason,
         .text = fmt::format("found \"{}\", expected {}", excerpt(row.cells[column.position]), expected)}));
    return Cell{.state = CellState::refused};
}

Result<RowReader::Cell> RowReader::read_cell(const Row& row, const Column& column, std::size_t key) {
    const auto text = row.cells[column.position];
    const auto& mapping = *column.mapping;
    if (is_missing(text)) return Cell{};
    if (!mapping.codes.empty()) {
        const auto code = mapping.codes.find(std::string(text));
        if (code != mapping.codes.end()) return Cell{.state = CellState::number, .value = code->second};
        return refuse_cell(row, column, key, Reason::rejected_unknown_key, "one of the texts in codes");
    }
    const auto number = parse_number(text, decimal_mark_);
    if (!number) {
        return refuse_cell(row, column, key, Reason::rejected_not_number,
                           fmt::format("a number with decimal_mark \"{}\"", decimal_mark_));
    }
    if (!std::isfinite(*number)) return refuse_cell(row, column, key, Reason::rejected_not_finite, "a finite number");
    const double value = *number * mapping.scale;
    if (value > column.highest) {
        return refuse_cell(row, column, key, Reason::rejected_spike,
                           fmt::format("at most {} {}", column.highest, mapping.unit));
    }
    if (value < column.lowest) {
        return refuse_cell(row, column, key, Reason::rejected_negative,
                           fmt::format("at least {} {}", column.lowest, mapping.unit));
    }
    return Cell{.state = CellState::number, .value = value};
}

/// All numbers are zero, and there is one at least; texts that stand for codes do not count.
bool RowReader::is_blank_row() const {
    bool any = false;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
        if (!columns_[i].mapping->codes.empty() || values_[i].state != CellState::number) continue;
        if (values_[i].value != 0) return false;
        any = true;
    }
    return any;
}

Result<void> RowReader::read_cells(const Row& row, std::size_t key) {
    for (std::size_t i = 0; i < columns_.size(); ++i) {
        LOADSTAR_TRY(values_[i], read_cell(row, columns_[i], key));
    }
    if (source_->reject_all_zero_rows && is_blank_row()) {
        return tell(row.line, Reason::rejected_all_zero,
                    fmt::format("every number of {} is zero: a blank of the logger", excerpt(stamp_text(row))));
    }
    return deliver(row, key);
}

Result<void> RowReader::deliver(const Row& row, std::size_t key) {
    bool ahead = false;
    std::int64_t missing = 0;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
        const auto& column = columns_[i];
        const auto& moment = moments_[column.meaning];
        if (values_[i].state == CellState::missing) ++missing;
        if (values_[i].state != CellState::number) continue;
        if (moment.at > now_ && !column.may_lie_ahead) {
            ahead = true;
            continue;
        }
        delivery_->add(series_number(column, key), {.at = moment.at,
                                                    .value = values_[i].value,
                                                    .revision = static_cast<std::uint16_t>(source_->revision),
                                                    .remark = moment.reason});
    }
    if (missing > 0) delivery_->count_missing(missing);
    if (!ahead) return {};
    return tell(row.line, Reason::rejected_future,
                fmt::format("found \"{}\", expected no stamp after {}", excerpt(stamp_text(row)), to_string(now_)));
}

Result<void> RowReader::take(const Row& row) {
    if (!has_good_width(row)) {
        return tell(row.line, Reason::rejected_column_count,
                    fmt::format("found {} cells, expected {}", row.cells.size(),
                                std::max(positions_.width, positions_.needed)));
    }
    const auto key = key_of(row);
    if (!key) {
        return delivery_->tell(
            {.line = row.line,
             .column = source_->key_column,
             .reason = Reason::rejected_unknown_key,
             .text = fmt::format("found \"{}\", expected one of keys", excerpt(row.cells[positions_.key]))});
    }
    auto& logger = loggers_[*key];
    LOADSTAR_TRY(const bool stamped, read_moments(row, logger));
    if (!stamped) return {};
    LOADSTAR_CHECK(tell_order(row, logger));
    LOADSTAR_CHECK(read_cells(row, *key));
    return delivery_->row_done();
}

}  // namespace loadstar::ingest
