#include "ingest/guess_stamp.hpp"

#include <algorithm>
#include <cctype>
#include <map>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "ingest/number.hpp"

namespace loadstar::ingest {
namespace {

constexpr std::int64_t day_ms = 86'400'000;
constexpr std::size_t rows_to_try = 3000;
constexpr double most_rows = 0.98;

/// Formats with day, then those of a time alone; earlier ones are preferred when the rows cannot decide.
const std::vector<std::string> day_formats{"%Y-%m-%d", "%Y/%m/%d", "%d/%m/%Y", "%m/%d/%Y",    "%d.%m.%Y",
                                           "%d-%m-%Y", "%Y%m%d",   "%d-%b-%Y", "%d-%b-%y",    "%d %b %Y",
                                           "%d/%m/%y", "%m/%d/%y", "%d.%m.%y", "%Y年%m月%d日"};
const std::vector<std::string> time_formats{"%H:%M", "%H:%M:%S", "%I:%M %p", "%I:%M:%S %p", "%H:%M:%S.%f", "%H时%M分"};
const std::vector<std::string> stamp_names{"date", "time", "stamp", "ts", "日期", "时间", "datum", "zeit", "fecha"};

using Stamps = std::vector<std::optional<Stamp>>;

struct Candidate {
    std::vector<std::size_t> columns;
    std::string format;
    double score = 0;
    Duration step{0};
};

std::string joined(const Sample& sample, const std::vector<std::size_t>& columns, std::size_t row) {
    std::string text;
    for (const auto column : columns) text += (text.empty() ? "" : " ") + sample.columns[column][row];
    return text;
}

Stamps parsed(const Sample& sample, const Candidate& candidate, std::size_t rows) {
    const auto parser = StampParser::compile(candidate.format).value();
    Stamps stamps;
    for (std::size_t row = 0; row < std::min(rows, sample.rows()); ++row)
        stamps.push_back(parser.parse(joined(sample, candidate.columns, row)));
    return stamps;
}

/// The most common distance of neighbours in time, and the share of distances that it has.
struct Regularity {
    Duration step{0};
    double share = 0;
    double distinct = 0;  ///< different stamps, as a share of all
};

Regularity regularity(const Stamps& stamps) {
    std::vector<std::int64_t> times;
    for (const auto& stamp : stamps)
        if (stamp) times.push_back(stamp->milliseconds);
    std::sort(times.begin(), times.end());
    times.erase(std::unique(times.begin(), times.end()), times.end());
    std::map<std::int64_t, std::size_t> counts;
    for (std::size_t i = 1; i < times.size(); ++i) ++counts[times[i] - times[i - 1]];
    const auto most = std::max_element(counts.begin(), counts.end(),
                                       [](const auto& a, const auto& b) { return a.second < b.second; });
    if (most == counts.end()) return {};
    return {.step = Duration(most->first),
            .share = static_cast<double>(most->second) / static_cast<double>(times.size() - 1),
            .distinct = static_cast<double>(times.size()) / static_cast<double>(stamps.size())};
}

double share_parsed(const Stamps& stamps) {
    const auto good = std::count_if(stamps.begin(), stamps.end(), [](const auto& stamp) { return stamp.has_value(); });
    return stamps.empty() ? 0 : static_cast<double>(good) / static_cast<double>(stamps.size());
}

/// Counted time is told from other numbers by its size, and by its name or its even steps.
bool plausible_count(const Sample& sample, const Candidate& candidate, const Regularity& found) {
    const bool seconds_count = candidate.format == "unix_seconds";
    const bool excel = candidate.format == "excel";
    if (!seconds_count && !excel && candidate.format != "unix_milliseconds") return true;
    const double least = seconds_count ? 9e8 : excel ? 20'000 : 9e11;
    const double most = seconds_count ? 4e9 : excel ? 80'000 : 4e12;
    const auto& cells = sample.columns[candidate.columns[0]];
    for (std::size_t row = 0; row < std::min(rows_to_try, cells.size()); ++row) {
        const auto number = parse_number(cells[row], sample.decimal_mark);
        if (!number || *number < least || *number > most) return false;
    }
    return found.share > 0.5 &&
           (candidate.columns[0] == 0 || name_has(sample.header[candidate.columns[0]], stamp_names));
}

/// Rates a way of reading stamps; score 0 = it does not fit.
void rate(const Sample& sample, Candidate& candidate) {
    if (share_parsed(parsed(sample, candidate, 20)) < 0.5) return;  // most formats fit nothing at all
    const auto stamps = parsed(sample, candidate, rows_to_try);
    const double share = share_parsed(stamps);
    if (share < most_rows) return;
    const auto found = regularity(stamps);
    if (!plausible_count(sample, candidate, found)) return;
    candidate.step = found.step;
    const bool named = name_has(sample.header[candidate.columns[0]], stamp_names);
    candidate.score = share + found.share + 0.5 * found.distinct + (named ? 0.2 : 0.0);
}

class BestCandidate {
  public:
    explicit BestCandidate(const Sample& sample) : sample_(sample) {}

    void consider(std::vector<std::size_t> columns, const std::string& format) {
        Candidate candidate{.columns = std::move(columns), .format = format};
        rate(sample_, candidate);
        if (candidate.score > best_.score + 1e-9) {
            rival_.clear();
            best_ = candidate;
        } else if (candidate.score > 0 && candidate.score > best_.score - 1e-9 && candidate.columns == best_.columns &&
                   !same_times(candidate, best_)) {
            rival_ = format;
        }
    }
    [[nodiscard]] const Candidate& best() const { return best_; }
    /// Another format that fits as well; "" = none.
    [[nodiscard]] const std::string& rival() const { return rival_; }

  private:
    [[nodiscard]] bool same_times(const Candidate& a, const Candidate& b) const {
        const auto equal = [](const auto& x, const auto& y) {
            return x.has_value() == y.has_value() && (!x || x->milliseconds == y->milliseconds);
        };
        const auto left = parsed(sample_, a, rows_to_try);
        const auto right = parsed(sample_, b, rows_to_try);
        return std::equal(left.begin(), left.end(), right.begin(), right.end(), equal);
    }

    const Sample& sample_;
    Candidate best_;
    std::string rival_;
};

void consider_column(const Sample& sample, std::size_t column, BestCandidate& best) {
    for (const auto* format : {"iso8601", "unix_seconds", "unix_milliseconds", "excel"})
        best.consider({column}, format);
    for (const auto& day : day_formats) {
        Candidate alone{.columns = {column}, .format = day};
        for (const auto& time : time_formats) best.consider({column}, day + " " + time);
        rate(sample, alone);
        if (alone.score == 0) continue;
        best.consider({column}, day);
        for (std::size_t other = 0; other < sample.header.size(); ++other) {
            if (other == column) continue;
            for (const auto& time : time_formats) best.consider({column, other}, day + " " + time);
            if (name_has(sample.header[other], {"hour", "stunde", "小时"})) best.consider({column, other}, day + " %H");
        }
    }
    best.consider({column}, "%Y%m%d%H%M");
    best.consider({column}, "%Y%m%d%H%M%S");
}

/// Year, month, day, hour and minute in columns of their own.
void consider_parts(const Sample& sample, BestCandidate& best) {
    std::vector<std::size_t> columns;
    std::string format;
    for (const auto& [name, directive] : {std::pair<std::string, std::string>{"year", "%Y"},
                                          {"month", "%m"},
                                          {"day", "%d"},
                                          {"hour", "%H"},
                                          {"minute", "%M"}}) {
        const auto found = std::find_if(sample.header.begin(), sample.header.end(), [&](const std::string& header) {
            return header.size() == name.size() && name_has(header, {name});
        });
        if (found == sample.header.end()) break;
        columns.push_back(static_cast<std::size_t>(found - sample.header.begin()));
        format += (format.empty() ? "" : " ") + directive;
    }
    if (columns.size() >= 3) best.consider(columns, format);
}

/// Which end of the interval the stamps mark, as the rows around midnight tell.
struct MidnightEvidence {
    int keeps_date = 0;  ///< 00:00 follows 23:45 of the same date
    int next_date = 0;   ///< 00:00 follows 23:45 of the day before
    int hour_24 = 0;
    std::int64_t first_of_day = 0;  ///< time of day of the first row
};

MidnightEvidence midnight_evidence(const StampGuess& guess) {
    MidnightEvidence result;
    const Stamp* previous = nullptr;
    for (const auto& stamp : guess.stamps) {
        if (!stamp) continue;
        if (previous == nullptr) result.first_of_day = stamp->milliseconds % day_ms;
        if (stamp->hour_24) ++result.hour_24;
        if (previous != nullptr && !stamp->hour_24 && stamp->milliseconds % day_ms == 0) {
            const auto jump = previous->milliseconds - stamp->milliseconds;
            if (jump == day_ms - guess.step.count()) ++result.keeps_date;
            if (jump == -guess.step.count()) ++result.next_date;
        }
        previous = &*stamp;
    }
    return result;
}

void guess_convention(const Sample& sample, StampGuess& guess) {
    const auto evidence = midnight_evidence(guess);
    auto& format = guess.format;
    const auto conclude = [&](StampConvention convention, Certainty certainty, Text because) {
        format.convention = convention;
        const bool ends = convention == StampConvention::interval_end;
        guess.guesses.push_back({"stamp.marks", ends ? "end" : "start", certainty, std::move(because)});
    };
    const auto& name = sample.header[guess.columns[0]];
    if (evidence.keeps_date > 0 && evidence.keeps_date >= evidence.next_date) {
        format.midnight_keeps_date = true;
        conclude(
            StampConvention::interval_end, Certainty::sure,
            {fmt::format("the row of 00:00 follows the last row of the same date, {} times: it ends that day "
                         "(midnight_keeps_date); sorting by stamp would move it to the day's beginning",
                         evidence.keeps_date),
             fmt::format("00:00 的行 {} 次排在同一日期最后一行之后：它是当天的最后一个区间（midnight_keeps_date），"
                         "按时间戳排序会把它错移到当天开头",
                         evidence.keeps_date)});
    } else if (evidence.hour_24 > 0) {
        conclude(StampConvention::interval_end, Certainty::sure,
                 {"a day ends at 24:00, so stamps mark the end", "一天以 24:00 结束，时间戳是区间终点"});
    } else if (name_has(name, {"end", "until", "bis", "结束", "截止"})) {
        conclude(StampConvention::interval_end, Certainty::likely, {"the column is named so", "列名如此"});
    } else if (name_has(name, {"start", "from", "begin", "von", "开始", "起始"})) {
        conclude(StampConvention::interval_start, Certainty::likely, {"the column is named so", "列名如此"});
    } else if (evidence.first_of_day == guess.step.count() && guess.step < hours(24)) {
        conclude(StampConvention::interval_end, Certainty::likely,
                 {"the first row is stamped one step after midnight", "首行在零点之后一个步长"});
    } else if (evidence.first_of_day == 0) {
        conclude(StampConvention::interval_start, Certainty::likely,
                 {"the first row is stamped at midnight", "首行在零点"});
    } else {
        conclude(StampConvention::interval_start, Certainty::unsure,
                 {"nothing in the file tells; ask who set up the logger", "文件中看不出，请询问采集系统的管理者"});
    }
}

void explain_zone(const Sample& sample, StampGuess& guess) {
    const bool absolute = std::any_of(guess.stamps.begin(), guess.stamps.end(),
                                      [](const auto& stamp) { return stamp && stamp->absolute; });
    const auto& name = sample.header[guess.columns[0]];
    if (absolute) {
        guess.guesses.push_back(
            {"time_zone", "", Certainty::sure, {"stamps carry their offset", "时间戳自带时区偏移"}});
    } else if (name_has(name, {"utc", "gmt"})) {
        guess.format.time_zone = "UTC";
        guess.guesses.push_back({"time_zone", "UTC", Certainty::likely, {"the column is named so", "列名如此"}});
    } else {
        guess.guesses.push_back({"time_zone",
                                 "",
                                 Certainty::unsure,
                                 {"stamps carry no offset: the zone of the site is taken; write time_zone when the "
                                  "logger runs in another, such as UTC",
                                  "时间戳无时区：按厂区时区处理；若采集系统用其他时区（如 UTC），请写 time_zone"}});
    }
}

void explain_format(const Sample& sample, const BestCandidate& best, StampGuess& guess) {
    const auto& rival = best.rival();
    const auto share = share_parsed(guess.stamps) * 100;
    const auto example = joined(sample, guess.columns, 0);
    Text because{fmt::format("\"{}\" and {:.1f} % of all rows read so", example, share),
                 fmt::format("“{}”以及 {:.1f} % 的行符合", example, share)};
    if (!rival.empty()) {
        because.en += fmt::format("; {} would fit as well", rival);
        because.zh += fmt::format("；{} 同样符合", rival);
    }
    std::vector<std::string> names;
    for (const auto column : guess.columns) names.push_back(sample.header[column]);
    guess.guesses.push_back({"stamp", fmt::format("{}: {}", fmt::join(names, " + "), guess.format.format),
                             rival.empty() ? Certainty::sure : Certainty::unsure, because});
    const auto found = regularity(guess.stamps);
    guess.guesses.push_back({"step_minutes",
                             fmt::format("{:g}", static_cast<double>(guess.step.count()) / 60'000.0),
                             found.share > 0.9   ? Certainty::sure
                             : found.share > 0.5 ? Certainty::likely
                                                 : Certainty::unsure,
                             {fmt::format("{:.1f} % of neighbouring stamps are that far apart", found.share * 100),
                              fmt::format("{:.1f} % 的相邻时间戳间隔如此", found.share * 100)}});
}

}  // namespace

bool name_has(const std::string& name, const std::vector<std::string>& words) {
    std::string lower = name;
    std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) { return std::tolower(c); });
    return std::any_of(words.begin(), words.end(),
                       [&](const std::string& word) { return lower.find(word) != std::string::npos; });
}

Result<StampGuess> guess_stamp(const Sample& sample, const std::string& where) {
    BestCandidate best(sample);
    for (std::size_t column = 0; column < sample.header.size(); ++column) consider_column(sample, column, best);
    consider_parts(sample, best);
    const auto& found = best.best();
    if (found.score == 0) {
        return Error{
            .code = ErrorCode::invalid_input,
            .message = fmt::format("no column holds stamps; the columns are: {}", fmt::join(sample.header, ", ")),
            .where = where,
            .hint = "write the mapping by hand (docs/importing.md) with stamp.format as a pattern of %Y %m %d %H %M"};
    }
    StampGuess guess{.columns = found.columns};
    guess.format.format = found.format;
    for (const auto column : found.columns) guess.format.columns.push_back(sample.header[column]);
    guess.stamps = parsed(sample, found, sample.rows());
    if (const auto step = regularity(guess.stamps).step; step > Duration(0)) guess.step = step;
    explain_format(sample, best, guess);
    guess_convention(sample, guess);
    explain_zone(sample, guess);
    return guess;
}

}  // namespace loadstar::ingest
