#include "ingest/guess_columns.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <map>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "ingest/number.hpp"
#include "ingest/quantity_words.hpp"

namespace loadstar::ingest {
namespace {

constexpr std::size_t most_keys = 60;
constexpr std::size_t most_codes = 20;

/// What the cells of a column are.
struct ColumnFacts {
    std::size_t numbers = 0;
    std::size_t empty = 0;
    std::map<std::string, std::size_t> texts;  ///< cells that are no numbers; no more than 100 different ones
    double least = 0;
    double most = 0;
    bool whole_numbers = true;
    double rising = 0;   ///< share of steps in time, per key, that do not fall
    double growing = 0;  ///< share that rise

    [[nodiscard]] std::size_t text_cells() const {
        std::size_t count = 0;
        for (const auto& [text, cells] : texts) count += cells;
        return count;
    }
    [[nodiscard]] bool is_numeric() const { return numbers > 0 && numbers >= 9 * text_cells(); }
};

/// Rows in the order of time, one list per key.
std::vector<std::vector<std::size_t>> runs_of(const Sample& sample, const StampGuess& stamp,
                                              const std::optional<KeyGuess>& key) {
    std::map<std::string, std::vector<std::size_t>> runs;
    for (std::size_t row = 0; row < sample.rows(); ++row)
        if (stamp.stamps[row]) runs[key ? sample.columns[key->column][row] : std::string()].push_back(row);
    std::vector<std::vector<std::size_t>> result;
    for (auto& [name, rows] : runs) {
        // A file whose midnight keeps its date is in order already; sorting would move that row.
        if (!stamp.format.midnight_keeps_date) {
            std::stable_sort(rows.begin(), rows.end(), [&](std::size_t a, std::size_t b) {
                return stamp.stamps[a]->milliseconds < stamp.stamps[b]->milliseconds;
            });
        }
        result.push_back(std::move(rows));
    }
    return result;
}

void follow_steps(const std::vector<std::optional<double>>& numbers, const std::vector<std::vector<std::size_t>>& runs,
                  ColumnFacts& facts) {
    std::size_t steps = 0;
    std::size_t rising = 0;
    std::size_t growing = 0;
    for (const auto& run : runs) {
        std::optional<double> before;
        for (const auto row : run) {
            if (!numbers[row]) continue;
            if (before) {
                ++steps;
                if (*numbers[row] >= *before) ++rising;
                if (*numbers[row] > *before) ++growing;
            }
            before = numbers[row];
        }
    }
    if (steps == 0) return;
    facts.rising = static_cast<double>(rising) / static_cast<double>(steps);
    facts.growing = static_cast<double>(growing) / static_cast<double>(steps);
}

ColumnFacts facts_of(const Sample& sample, std::size_t column, const std::vector<std::vector<std::size_t>>& runs) {
    ColumnFacts facts;
    std::vector<std::optional<double>> numbers(sample.rows());
    for (std::size_t row = 0; row < sample.rows(); ++row) {
        const auto& cell = sample.columns[column][row];
        const auto number = parse_number(cell, sample.decimal_mark);
        if (cell.empty()) {
            ++facts.empty;
        } else if (!number || !std::isfinite(*number)) {
            if (facts.texts.size() < 100 || facts.texts.contains(cell)) ++facts.texts[cell];
        } else {
            numbers[row] = number;
            facts.least = facts.numbers == 0 ? *number : std::min(facts.least, *number);
            facts.most = facts.numbers == 0 ? *number : std::max(facts.most, *number);
            facts.whole_numbers = facts.whole_numbers && *number == std::floor(*number);
            ++facts.numbers;
        }
    }
    follow_steps(numbers, runs, facts);
    return facts;
}

/// A counter never falls (but for a reset) and stands far above what it gains in a step.
bool looks_like_register(const ColumnFacts& facts) {
    return facts.numbers > 20 && facts.rising > 0.995 && facts.growing > 0.2 && facts.least >= 0 &&
           facts.most > facts.least;
}

/// A name for the series: the letters of the column's name without its unit.
std::string series_name(const std::string& column, const NamedQuantity& quantity) {
    std::string name;
    for (std::size_t i = 0; i < column.size(); ++i) {
        const auto c = static_cast<unsigned char>(column[i]);
        const bool keep = std::isalnum(c) != 0 || c >= 0x80;
        if (keep) name.push_back(static_cast<char>(std::tolower(c)));
        if (!keep && !name.empty() && name.back() != '_') name.push_back('_');
    }
    while (name.ends_with('_')) name.pop_back();
    const auto tail = "_" + quantity.word;
    if (quantity.by_unit && name.size() > tail.size() && name.ends_with(tail)) name.resize(name.size() - tail.size());
    return name.empty() || name[0] == '#' ? "value" : name;
}

class ColumnGuesser {
  public:
    ColumnGuesser(const Sample& sample, const StampGuess& stamp, const std::optional<KeyGuess>& key, MappingGuess& into)
        : sample_(sample), stamp_(stamp), key_(key), into_(into), runs_(runs_of(sample, stamp, key)) {}

    void guess() {
        std::vector<std::size_t> unnamed;
        for (std::size_t column = 0; column < sample_.header.size(); ++column) {
            if (is_taken(column)) continue;
            if (!guess_named(column)) unnamed.push_back(column);
        }
        const bool nothing = into_.source.columns.empty();
        for (const auto column : unnamed) guess_unnamed(column, nothing);
        look_for_blank_rows();
    }

  private:
    [[nodiscard]] bool is_taken(std::size_t column) const {
        return (key_ && key_->column == column) ||
               std::find(stamp_.columns.begin(), stamp_.columns.end(), column) != stamp_.columns.end();
    }

    void leave_out(std::size_t column, Text because) {
        into_.guesses.push_back({sample_.header[column], "", Certainty::likely, std::move(because)});
    }

    /// @return false when neither name nor cells tell what the column is
    bool guess_named(std::size_t column) {
        const auto& name = sample_.header[column];
        const auto facts = facts_of(sample_, column, runs_);
        if (facts.numbers + facts.text_cells() == 0) {
            leave_out(column, {"left out: every cell is empty", "不导入：全部为空"});
            return true;
        }
        if (is_derived_name(name)) {
            leave_out(column,
                      {"left out: it follows from other columns or from the date", "不导入：可由其他列或日期推算"});
            return true;
        }
        if (!facts.is_numeric()) return guess_text(column, facts);
        const auto quantity = quantity_named(name);
        if (!quantity) return false;
        propose(column, facts, *quantity,
                {fmt::format("\"{}\" in the name", quantity->word), fmt::format("列名含“{}”", quantity->word)},
                quantity->by_unit ? Certainty::sure : Certainty::likely);
        return true;
    }

    bool guess_text(std::size_t column, const ColumnFacts& facts) {
        const auto& name = sample_.header[column];
        const bool state_like =
            name_has(name, {"state", "status", "mode", "type", "band", "tariff", "状态", "时段", "费率"});
        if (!state_like || facts.texts.size() > most_codes) {
            leave_out(column, {fmt::format("left out: text with {} different values", facts.texts.size()),
                               fmt::format("不导入：文本，共 {} 种取值", facts.texts.size())});
            return true;
        }
        ColumnMapping mapping{.column = name, .kind = SeriesKind::state, .unit = "1", .step = stamp_.step};
        mapping.series = keyed(series_name(name, {}));
        for (const auto& [text, cells] : facts.texts)
            mapping.codes.emplace(text, static_cast<double>(mapping.codes.size()));
        into_.source.columns.push_back(mapping);
        into_.guesses.push_back(
            {name,
             fmt::format("{}: state", mapping.series),
             Certainty::likely,
             {fmt::format("text with {} values; the numbers of the codes are yours to choose", facts.texts.size()),
              fmt::format("文本，共 {} 种取值；编码数字可自行修改", facts.texts.size())}});
        return true;
    }

    [[nodiscard]] std::string keyed(const std::string& name) const { return key_ ? "{key}." + name : name; }

    void propose(std::size_t column, const ColumnFacts& facts, const NamedQuantity& quantity, Text because,
                 Certainty certainty) {
        const auto& name = sample_.header[column];
        ColumnMapping mapping{
            .column = name, .kind = quantity.kind, .unit = quantity.unit, .step = stamp_.step, .scale = quantity.scale};
        mapping.series = unique_series(keyed(series_name(name, quantity)));
        if (mapping.kind == SeriesKind::interval_energy && looks_like_register(facts)) {
            mapping.kind = SeriesKind::register_reading;
            because.en += fmt::format("; never falls, from {:g} to {:g}: a counter", facts.least, facts.most);
            because.zh += fmt::format("；从 {:g} 到 {:g} 只升不降：累计示数", facts.least, facts.most);
        }
        if (mapping.kind == SeriesKind::register_reading) mapping.counter = RegisterRules{};
        allow_negative(facts, mapping, because, certainty);
        note_missing_texts(facts, because);
        into_.guesses.push_back({name,
                                 fmt::format("{}: {}{}{}", mapping.series, to_string(mapping.kind),
                                             mapping.unit.empty() ? "" : " in ", mapping.unit),
                                 certainty, because});
        into_.source.columns.push_back(std::move(mapping));
    }

    static void allow_negative(const ColumnFacts& facts, ColumnMapping& mapping, Text& because, Certainty& certainty) {
        const bool amount = mapping.kind == SeriesKind::interval_energy || mapping.kind == SeriesKind::count;
        if (!amount || facts.least >= 0) return;
        mapping.minimum = std::floor(2 * facts.least * mapping.scale);
        certainty = Certainty::unsure;
        because.en +=
            fmt::format("; found {:g}: negative numbers are let in as feed-in, else remove minimum", facts.least);
        because.zh += fmt::format("；出现 {:g}：按反送电允许负数，否则请删除 minimum", facts.least);
    }

    /// Texts in a column of numbers that come again and again mean that there is no reading.
    void note_missing_texts(const ColumnFacts& facts, Text& because) {
        auto& known = into_.source.missing_texts;
        for (const auto& [text, cells] : facts.texts) {
            if (cells < 2 || std::find(known.begin(), known.end(), text) != known.end()) continue;
            known.push_back(text);
            because.en += fmt::format("; \"{}\" is taken for no reading", text);
            because.zh += fmt::format("；“{}”视为无读数", text);
        }
    }

    [[nodiscard]] std::string unique_series(const std::string& wanted) const {
        const auto taken = [&](const std::string& name) {
            return std::any_of(into_.source.columns.begin(), into_.source.columns.end(),
                               [&](const auto& column) { return column.series == name; });
        };
        auto name = wanted;
        for (int i = 2; taken(name); ++i) name = fmt::format("{}_{}", wanted, i);
        return name;
    }

    void guess_unnamed(std::size_t column, bool nothing_named) {
        const auto facts = facts_of(sample_, column, runs_);
        if (!nothing_named || is_clock(column, facts)) {
            leave_out(column, {"left out: neither name nor numbers say what it is; add it by hand when you need it",
                               "不导入：列名与数值都看不出含义；需要时请手工添加"});
            return;
        }
        propose(column, facts, {.kind = SeriesKind::interval_energy, .unit = "kWh"},
                {"nothing tells what the numbers are: check kind and unit", "看不出数值含义：请核对 kind 与 unit"},
                Certainty::unsure);
    }

    /// The same number at the same time of every day: seconds since midnight and the like.
    [[nodiscard]] bool is_clock(std::size_t column, const ColumnFacts& facts) const {
        std::map<std::int64_t, std::string> by_time;
        for (std::size_t row = 0; row < sample_.rows(); ++row) {
            if (!stamp_.stamps[row]) continue;
            const auto time = stamp_.stamps[row]->milliseconds % 86'400'000;
            const auto [found, fresh] = by_time.emplace(time, sample_.columns[column][row]);
            if (!fresh && found->second != sample_.columns[column][row]) return false;
        }
        return facts.most > facts.least && by_time.size() * 3 < sample_.rows();
    }

    void look_for_blank_rows() {
        std::size_t blank = 0;
        for (std::size_t row = 0; row < sample_.rows(); ++row) {
            bool any = false;
            bool zero = true;
            for (const auto& mapping : into_.source.columns) {
                if (!mapping.codes.empty()) continue;
                const auto column = std::find(sample_.header.begin(), sample_.header.end(), mapping.column);
                const auto& cell = sample_.columns[static_cast<std::size_t>(column - sample_.header.begin())][row];
                any = true;
                zero = zero && parse_number(cell, sample_.decimal_mark) == 0.0;
            }
            if (any && zero) ++blank;
        }
        const bool rare = blank > 0 && blank * 100 < sample_.rows();
        if (!rare || into_.source.columns.size() < 2) return;
        into_.source.reject_all_zero_rows = true;
        into_.guesses.push_back(
            {"reject_all_zero_rows",
             "true",
             Certainty::likely,
             {fmt::format("{} of {} rows hold zeros only: blanks of the logger", blank, sample_.rows()),
              fmt::format("{} 行（共 {} 行）全为零：采集空白", blank, sample_.rows())}});
    }

    const Sample& sample_;
    const StampGuess& stamp_;
    const std::optional<KeyGuess>& key_;
    MappingGuess& into_;
    std::vector<std::vector<std::size_t>> runs_;
};

}  // namespace

std::optional<KeyGuess> guess_key(const Sample& sample, const StampGuess& stamp) {
    std::map<std::int64_t, std::size_t> rows_per_stamp;
    for (const auto& found : stamp.stamps)
        if (found) ++rows_per_stamp[found->milliseconds];
    const auto several =
        std::count_if(rows_per_stamp.begin(), rows_per_stamp.end(), [](const auto& entry) { return entry.second > 1; });
    if (static_cast<std::size_t>(several) * 3 < rows_per_stamp.size()) return std::nullopt;
    std::optional<KeyGuess> best;
    double best_score = 0;
    for (std::size_t column = 0; column < sample.header.size(); ++column) {
        if (std::find(stamp.columns.begin(), stamp.columns.end(), column) != stamp.columns.end()) continue;
        KeyGuess guess{.column = column};
        std::set<std::string> known;
        std::set<std::pair<std::int64_t, std::string>> pairs;
        std::size_t repeated = 0;
        for (std::size_t row = 0; row < sample.rows() && known.size() <= most_keys; ++row) {
            const auto& cell = sample.columns[column][row];
            if (known.insert(cell).second) guess.keys.push_back(cell);
            if (stamp.stamps[row] && !pairs.emplace(stamp.stamps[row]->milliseconds, cell).second) ++repeated;
        }
        if (known.size() > most_keys || known.size() < 2 || known.contains("")) continue;
        const double alone = 1 - static_cast<double>(repeated) / static_cast<double>(sample.rows());
        const bool named = name_has(sample.header[column], {"machine", "asset", "meter", "device", "station", "unit",
                                                            "line", "maschine", "设备", "表号", "机", "户号", "测点"});
        const double score = alone + (named ? 0.2 : 0.0);
        if (alone < 0.95 || score <= best_score + 1e-9) continue;
        best_score = score;
        best = guess;
    }
    return best;
}

void guess_columns(const Sample& sample, const StampGuess& stamp, const std::optional<KeyGuess>& key,
                   MappingGuess& into) {
    ColumnGuesser(sample, stamp, key, into).guess();
}

}  // namespace loadstar::ingest
