#pragma once
// What a network must not see before it is compared on it. Every panel is cut to the span that stands here, and the
// whole file is checked once more before it is written: by name, by span and by the values themselves.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include <fmt/format.h>

#include "pretraining_panel.hpp"

namespace loadstar::bench {

/// The span of a data set that may be learned from. The longest prefix of a panel's name counts.
struct Span {
    std::string_view prefix;
    std::string_view from;  ///< empty: from its beginning
    std::string_view until;
    std::string_view why;
};

inline constexpr std::string_view first_four_fifths = "its first 80 %";
inline constexpr std::string_view same_grid = "the German grid in 2018-2019 is one system: cut as opsd_de";

// Series that show the same system are cut at the same instant, and one that begins while another one's rest is held
// out begins after it. GEFCom2014-L is another system than E: the loads of 51,838 common hours correlate by 0.58, the
// changes of temperature from day to day by 0.34 at most. What is used of L overlaps in time with weather of other
// places only.
inline constexpr Span spans[] = {
    {"steel_works_2018/", "", "2018-08-01T00:00:00Z", "its first 58 %; docs/forecasting.md scores the rest"},
    {"pulp_mill_steam/", "", "2020-11-07T00:00:00Z", "60 % of its first 215 days"},
    {"pjm_hourly/", "", "2016-07-31T23:00:00Z", "stamped (by the end of the hour) before August 2016, all areas"},
    {"sme_machines/machine0", "", "2022-09-13T22:00:00Z", "all but its last 5 days with readings"},
    {"sme_machines/machine1", "", "2022-09-11T22:00:00Z", "all but its last 5 days"},
    {"sme_machines/machine2", "", "2022-09-16T22:00:00Z", "all but its last 5 days"},
    {"gefcom2014_l/", "", "2010-08-07T00:00:00Z", first_four_fifths},
    {"dayahead_prices/de_2016", "", "2016-08-08T00:00:00Z", "up to the held-out rest of the French neighbour"},
    {"dayahead_prices/de_2017", "2017-01-01T00:00:00Z", "2017-08-08T00:00:00Z", first_four_fifths},
    {"dayahead_prices/fr", "", "2016-08-08T00:00:00Z", first_four_fifths},
    {"opsd_de/", "", "2019-08-08T00:00:00Z", first_four_fifths},
    {"generation_mix_de_2019/", "", "2019-08-08T00:00:00Z", same_grid},
    {"irradiance_15min/", "", "2019-08-08T00:00:00Z", same_grid},
    {"carbon_intensity_de/", "2020-01-01T00:00:00Z", "2020-10-24T00:00:00Z", first_four_fifths},
    {"price_carbon_weather/de", "2021-01-10T00:00:00Z", "2023-05-27T00:00:00Z", first_four_fifths},
    {"price_carbon_weather/kr", "", "2023-05-27T00:00:00Z", first_four_fifths},
    {"icon_price_aware/", "", "2013-07-26T00:00:00Z", first_four_fifths},
    {"citylearn_2022/", "", "2017-05-19T00:00:00Z", first_four_fifths},
    {"meters_with_temperature/uk", "", "2022-05-24T00:00:00Z", first_four_fifths},
    {"pv_load_15min/", "", "2014-10-20T00:00:00Z", first_four_fifths},
    {"tennessee_eastman/d00", "", "1970-01-01T20:00:00Z", first_four_fifths},
    {"tennessee_eastman/d00_te", "", "1970-01-02T14:24:00Z", first_four_fifths},
    {"nab/ambient_temperature", "", "2014-03-23T00:00:00Z", first_four_fifths},
    {"nab/cpu_utilization", "", "2014-07-03T00:00:00Z", first_four_fifths},
    {"nab/request_latency", "", "2014-03-18T00:00:00Z", first_four_fifths},
    {"nab/machine_temperature", "", "2014-02-03T00:00:00Z", first_four_fifths},
    {"nab/taxi", "", "2014-12-19T00:00:00Z", first_four_fifths},
    {"nab/key_updown", "", "2014-07-21T00:00:00Z", first_four_fifths},
};

/// Names that no tensor may carry: these data sets are for comparisons only.
inline constexpr std::string_view never[] = {"ett", "ficus", "iron", "carbon_elec", "gefcom2014_e", "gefcom2014/"};

inline const Span& span_of(const std::string& name) {
    const Span* longest = nullptr;
    for (const auto& span : spans)
        if (name.starts_with(span.prefix) && (longest == nullptr || span.prefix.size() > longest->prefix.size()))
            longest = &span;
    if (longest == nullptr) throw std::runtime_error("nobody said what may be learned of " + name);
    return *longest;
}

/// The part of a panel that may be learned from.
inline Panel learnable(const Panel& whole) {
    const auto& span = span_of(whole.name);
    const auto from = span.from.empty() ? whole.axis.start : parse_instant(span.from).value();
    return part_of(whole, from, parse_instant(span.until).value());
}

/// Finds values that are held out, at any scale and offset.
class HeldOutValues {
  public:
    explicit HeldOutValues(const std::vector<Row>& rows) {
        for (const auto& row : rows) {
            for (std::size_t at = 0; at + length <= row.size(); ++at)
                if (const auto shape = shape_of(row.data() + at); can_be_told(shape)) prints_.insert(print_of(shape));
        }
    }

    /// Points of a row at which a held-out stretch begins.
    [[nodiscard]] int count_in(const Row& row) const {
        int found = 0;
        for (std::size_t at = 0; at + length <= row.size(); ++at)
            if (prints_.contains(print_of(shape_of(row.data() + at)))) ++found;
        return found;
    }
    [[nodiscard]] std::size_t size() const { return prints_.size(); }

  private:
    static constexpr std::size_t length = 48;
    using Shape = std::array<std::int16_t, length>;

    /// Thousandths of the way from the least to the greatest value; all 0 where there are gaps or no differences.
    static Shape shape_of(const float* values) {
        constexpr float levels = 1000;
        float low = values[0];
        float high = values[0];
        bool whole = true;
        for (std::size_t at = 0; at < length; ++at) {
            whole = whole && std::isfinite(values[at]);
            low = std::min(low, values[at]);
            high = std::max(high, values[at]);
        }
        Shape shape{};
        if (!whole || high <= low) return shape;
        for (std::size_t at = 0; at < length; ++at)
            shape[at] = static_cast<std::int16_t>(levels * (values[at] - low) / (high - low) + 0.5F);
        return shape;
    }
    /// A stretch of few levels looks like many others.
    static bool can_be_told(Shape shape) {
        constexpr int distinct = 20;
        std::ranges::sort(shape);
        return std::unique(shape.begin(), shape.end()) - shape.begin() >= distinct;
    }
    static std::uint64_t print_of(const Shape& shape) {
        std::uint64_t print = 14695981039346656037ULL;  // FNV-1a
        for (const auto level : shape) print = (print ^ static_cast<std::uint16_t>(level)) * 1099511628211ULL;
        return print;
    }

    std::unordered_set<std::uint64_t> prints_;
};

/// Throws, naming all of them, when panels have names, spans or values that are held out.
inline void check_nothing_held_out(const std::vector<Panel>& panels, const HeldOutValues& values) {
    std::string found;
    for (const auto& panel : panels) {
        for (const auto name : never)
            if (panel.name.starts_with(name)) found += fmt::format("\n  {}: the whole data set", panel.name);
        const auto& span = span_of(panel.name);
        const bool early = !span.from.empty() && panel.axis.start < parse_instant(span.from).value();
        if (early || panel.axis.end() > parse_instant(span.until).value())
            found += fmt::format("\n  {}: its span", panel.name);
        for (std::size_t at = 0; at < panel.variates.size(); ++at)
            if (const int stretches = values.count_in(panel.variates[at].values); stretches > 0)
                found += fmt::format("\n  {}, variate {}: the values of {} stretches", panel.name, at, stretches);
    }
    if (!found.empty()) throw std::runtime_error("held out, and yet in the file:" + found);
}

}  // namespace loadstar::bench
