#include "series/series.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

namespace loadstar {
namespace {

template <class Code>
using Names = std::pair<Code, const char*>;

constexpr std::array<Names<SeriesKind>, 7> kind_names{{{SeriesKind::interval_energy, "interval_energy"},
                                                       {SeriesKind::mean_power, "mean_power"},
                                                       {SeriesKind::register_reading, "register"},
                                                       {SeriesKind::state, "state"},
                                                       {SeriesKind::count, "count"},
                                                       {SeriesKind::price, "price"},
                                                       {SeriesKind::temperature, "temperature"}}};

constexpr std::array<Names<Reason>, 27> reason_names{{
    {Reason::measured, "measured"},
    {Reason::missing, "missing"},
    {Reason::rejected_not_number, "rejected_not_number"},
    {Reason::rejected_not_finite, "rejected_not_finite"},
    {Reason::rejected_spike, "rejected_spike"},
    {Reason::rejected_future, "rejected_future"},
    {Reason::rejected_negative, "rejected_negative"},
    {Reason::rejected_bad_stamp, "rejected_bad_stamp"},
    {Reason::rejected_skipped_hour, "rejected_skipped_hour"},
    {Reason::rejected_conflict, "rejected_conflict"},
    {Reason::rejected_column_count, "rejected_column_count"},
    {Reason::rejected_encoding, "rejected_encoding"},
    {Reason::rejected_line_too_long, "rejected_line_too_long"},
    {Reason::rejected_cut_off, "rejected_cut_off"},
    {Reason::register_reset, "register_reset"},
    {Reason::register_replaced, "register_replaced"},
    {Reason::rejected_frozen, "rejected_frozen"},
    {Reason::rejected_unknown_key, "rejected_unknown_key"},
    {Reason::rejected_all_zero, "rejected_all_zero"},
    {Reason::duplicate, "duplicate"},
    {Reason::corrected, "corrected"},
    {Reason::register_rollover, "register_rollover"},
    {Reason::repeated_hour, "repeated_hour"},
    {Reason::out_of_order, "out_of_order"},
    {Reason::missing_means_zero, "missing_means_zero"},
    {Reason::filled, "filled"},
    {Reason::spread, "spread"},
}};

template <class Code, std::size_t Count>
const char* name_of(const std::array<Names<Code>, Count>& names, Code code) {
    const auto found = std::find_if(names.begin(), names.end(), [code](const auto& n) { return n.first == code; });
    return found == names.end() ? "unknown" : found->second;
}

template <class Code, std::size_t Count>
std::optional<Code> code_of(const std::array<Names<Code>, Count>& names, std::string_view text) {
    const auto found = std::find_if(names.begin(), names.end(), [text](const auto& n) { return n.second == text; });
    if (found == names.end()) return std::nullopt;
    return found->first;
}

bool is_amount(SeriesKind kind) { return kind == SeriesKind::interval_energy || kind == SeriesKind::count; }

/// Unit of an amount and of its rate per hour: kWh and kW, kvarh and kvar, m3 and m3/h.
std::string rate_unit(const std::string& amount) {
    const bool energy = amount.ends_with("Wh") || amount.ends_with("varh");
    return energy ? amount.substr(0, amount.size() - 1) : amount + "/h";
}
std::string amount_unit(const std::string& rate) {
    return rate.ends_with("/h") ? rate.substr(0, rate.size() - 2) : rate + "h";
}

Result<Series> converted(const Series& series, SeriesKind from, SeriesKind to, double factor) {
    if (series.info.kind == to) return series;
    if (series.info.kind != from) {
        return Error{.code = ErrorCode::invalid_argument,
                     .message = fmt::format("expected a series of kind {} or {}, found {}", to_string(from),
                                            to_string(to), to_string(series.info.kind)),
                     .where = series.info.id};
    }
    Series result = series;
    result.info.kind = to;
    result.info.unit = to == SeriesKind::mean_power ? rate_unit(series.info.unit) : amount_unit(series.info.unit);
    for (double& value : result.values) value *= factor;
    return result;
}

Series coarser(const Series& series, const Horizon& axis, int ratio) {
    Series result = Series::missing(series.info, axis);
    result.info.step = axis.step;
    const double weight = is_amount(series.info.kind) ? 1.0 : 1.0 / ratio;
    for (int slot = 0; slot < axis.slots; ++slot) {
        double sum = 0;
        Reason worst = Reason::measured;
        bool complete = true;
        for (int part = slot * ratio; part < (slot + 1) * ratio && complete; ++part) {
            const Reason reason = series.reasons[static_cast<std::size_t>(part)];
            complete = has_value(reason);
            if (!complete || worst == Reason::measured) worst = reason;
            sum += series.values[static_cast<std::size_t>(part)];
        }
        if (complete) {
            const bool holds = series.info.kind == SeriesKind::price;
            result.set(slot, holds ? series.values[static_cast<std::size_t>(slot * ratio)] : sum * weight, worst);
        } else {
            result.clear(slot, worst);
        }
    }
    return result;
}

Series finer(const Series& series, const Horizon& axis, int ratio) {
    Series result = Series::missing(series.info, axis);
    result.info.step = axis.step;
    const double weight = is_amount(series.info.kind) ? 1.0 / ratio : 1.0;
    for (int slot = 0; slot < axis.slots; ++slot) {
        const auto source = static_cast<std::size_t>(slot / ratio);
        result.values[static_cast<std::size_t>(slot)] = series.values[source] * weight;
        result.reasons[static_cast<std::size_t>(slot)] = series.reasons[source];
    }
    return result;
}

}  // namespace

const char* to_string(SeriesKind kind) { return name_of(kind_names, kind); }
std::optional<SeriesKind> parse_series_kind(std::string_view text) { return code_of(kind_names, text); }
const char* to_string(Reason reason) { return name_of(reason_names, reason); }
std::optional<Reason> parse_reason(std::string_view text) { return code_of(reason_names, text); }

Series Series::missing(SeriesInfo info, Horizon axis) {
    const auto count = static_cast<std::size_t>(axis.slots);
    info.step = axis.step;
    return {.info = std::move(info),
            .axis = axis,
            .values = std::vector<double>(count, 0.0),
            .reasons = std::vector<Reason>(count, Reason::missing)};
}

int Series::valid_count() const {
    return static_cast<int>(std::count_if(reasons.begin(), reasons.end(), [](Reason r) { return has_value(r); }));
}

Series Series::window(const Horizon& horizon) const {
    Series result = missing(info, horizon);
    const int shift = axis.slot_of(horizon.start);
    const int begin = std::max(0, -shift);
    const int end = std::min(horizon.slots, axis.slots - shift);
    for (int slot = begin; slot < end; ++slot) {
        result.values[static_cast<std::size_t>(slot)] = values[static_cast<std::size_t>(slot + shift)];
        result.reasons[static_cast<std::size_t>(slot)] = reasons[static_cast<std::size_t>(slot + shift)];
    }
    return result;
}

Result<Series> to_mean_power(const Series& series) {
    return converted(series, SeriesKind::interval_energy, SeriesKind::mean_power,
                     1.0 / to_hours(series.axis.step).value());
}

Result<Series> to_interval_energy(const Series& series) {
    return converted(series, SeriesKind::mean_power, SeriesKind::interval_energy, to_hours(series.axis.step).value());
}

Result<Series> resample(const Series& series, Duration step) {
    if (step == series.axis.step) return series;
    const auto fail = [&series](const std::string& message) {
        return Error{.code = ErrorCode::invalid_argument, .message = message, .where = series.info.id};
    };
    if (series.info.kind == SeriesKind::register_reading) return fail("a register must be differenced, not resampled");
    const Duration total = series.axis.step * series.axis.slots;
    if (step > series.axis.step) {
        const bool divides = step % series.axis.step == Duration(0) && total % step == Duration(0);
        if (!divides) return fail("the coarser step must be a multiple of the step and divide the axis");
        const Horizon axis{series.axis.start, step, static_cast<int>(total / step)};
        return coarser(series, axis, static_cast<int>(step / series.axis.step));
    }
    if (step <= Duration(0) || series.axis.step % step != Duration(0))
        return fail("the finer step must divide the step");
    const Horizon axis{series.axis.start, step, static_cast<int>(total / step)};
    return finer(series, axis, static_cast<int>(series.axis.step / step));
}

}  // namespace loadstar
