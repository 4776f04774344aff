#include "tariff/read_price_curves.hpp"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "tariff/csv_table.hpp"

namespace loadstar::tariff {
namespace {

const std::vector<std::string> from_words{"from", "valid_from", "date", "day", "起始日期", "开始日期", "日期"};
const std::vector<std::string> until_words{"until", "to", "valid_until", "结束日期", "截止日期"};
const std::vector<std::string> unit_words{"unit", "单位"};
constexpr const char* expected_points = "expected 24, 48 or 96 columns of prices";

/// The column that has one of some names; "" when none has.
std::string column_among(const std::vector<std::string>& columns, const std::vector<std::string>& words) {
    const auto found = std::ranges::find_if(
        columns, [&words](const auto& column) { return std::ranges::find(words, column) != words.end(); });
    return found == columns.end() ? "" : *found;
}

/// One row: a curve and its days.
struct Curve {
    int line = 0;
    Validity validity;
    std::vector<Decimal> prices;  ///< [point]
};

/// Points of the day that every curve prices alike.
struct CurveBand {
    std::string name;
    std::vector<Decimal> prices;  ///< [curve]
    std::vector<DayWindow> windows;
    int points = 0;
};

class CurveReader {
  public:
    CurveReader(const CsvTable& table, const std::string& file) : table_(table), file_(file) {
        from_ = column_among(table.columns, from_words);
        until_ = column_among(table.columns, until_words);
        unit_ = column_among(table.columns, unit_words);
        for (const auto& column : table.columns)
            if (column != from_ && column != until_ && column != unit_) points_.push_back(column);
    }

    ForeignTariff read() {
        if (points_.size() != 24 && points_.size() != 48 && points_.size() != 96) {
            mistake(1, fmt::format("{}, found {}", expected_points, points_.size()),
                    "beside them only from, until and unit may stand");
            return std::move(tariff_);
        }
        for (const auto& row : table_.rows)
            if (!row.blank()) add(row);
        if (curves_.empty() && tariff_.mistakes.empty()) mistake(1, "there is no curve below the header", "");
        std::ranges::stable_sort(curves_, {}, [](const Curve& curve) { return curve.validity.from; });
        check_succession();
        if (tariff_.mistakes.empty()) write();
        return std::move(tariff_);
    }

  private:
    void mistake(int line, std::string message, std::string hint) {
        tariff_.mistakes.push_back({.line = line,
                                    .column = 1,
                                    .where = fmt::format("{}:{}", file_, line),
                                    .message = std::move(message),
                                    .hint = std::move(hint)});
    }

    std::optional<LocalDay> day(const CsvRow& row, const std::string& column) {
        auto parsed = parse_day(row.at(column));
        if (parsed) return *parsed;
        mistake(row.line, fmt::format("expected a day such as 2026-03-01 in {}, found \"{}\"", column, row.at(column)),
                "");
        return std::nullopt;
    }

    void add(const CsvRow& row) {
        Curve curve{.line = row.line, .validity = {.from = day(row, from_), .until = {}}, .prices = {}};
        curve.validity.until = until_.empty() ? curve.validity.from : day(row, until_);
        const auto& [from, until] = curve.validity;
        if (from && until && *until < *from)
            mistake(row.line,
                    fmt::format("{} {} lies before {} {}", until_, loadstar::to_string(*until), from_,
                                loadstar::to_string(*from)),
                    "");
        for (const auto& column : points_) {
            const auto price = Decimal::parse(row.at(column));
            if (!price)
                mistake(row.line, fmt::format("expected a price in {}, found \"{}\"", column, row.at(column)),
                        "every point of a curve needs a price");
            curve.prices.push_back(price ? *price : Decimal());
        }
        add_unit(row);
        curves_.push_back(std::move(curve));
    }

    void add_unit(const CsvRow& row) {
        const auto& unit = unit_.empty() ? std::string() : row.at(unit_);
        if (curves_.empty()) {
            unit_text_ = unit;
        } else if (unit != unit_text_) {
            mistake(row.line, fmt::format("expected the unit {} of the first row, found \"{}\"", unit_text_, unit), "");
        }
    }

    void check_succession() {
        for (std::size_t i = 1; i < curves_.size(); ++i) {
            const auto& before = curves_[i - 1].validity.until;
            const auto& after = curves_[i].validity.from;
            if (!before || !after || add_days(*before, 1) == *after) continue;
            mistake(curves_[i].line,
                    fmt::format("the curve from {} {} the one until {}", loadstar::to_string(*after),
                                *after <= *before ? "overlaps" : "leaves days without a price after",
                                loadstar::to_string(*before)),
                    "each curve starts on the day after the last one of the curve before");
        }
    }

    /// Currency and unit of energy; false when they are not understood.
    bool read_unit(Contract& contract) {
        if (unit_text_.empty()) {
            tariff_.remarks.push_back(
                {.line = 1,
                 .column = 1,
                 .where = file_,
                 .message = "prices are taken per kWh in the currency of the plant: there is no column unit",
                 .hint = ""});
            return true;
        }
        const auto slash = unit_text_.find('/');
        contract.currency = unit_text_.substr(0, slash);
        contract.unit = slash == std::string::npos ? "" : unit_text_.substr(slash + 1);
        if (contract.unit == "kWh" || contract.unit == "MWh") return true;
        mistake(curves_.front().line,
                fmt::format("expected a unit such as CNY/kWh or CNY/MWh, found \"{}\"", unit_text_), "");
        return false;
    }

    [[nodiscard]] std::vector<CurveBand> bands() const {
        std::vector<CurveBand> bands;
        const int length = minutes_per_day / static_cast<int>(points_.size());
        for (std::size_t point = 0; point < points_.size(); ++point) {
            std::vector<Decimal> prices;
            for (const auto& curve : curves_) prices.push_back(curve.prices[point]);
            auto band = std::ranges::find(bands, prices, &CurveBand::prices);
            if (band == bands.end())
                band = bands.insert(bands.end(), CurveBand{.name = "", .prices = prices, .windows = {}});
            const int from = static_cast<int>(point) * length;
            if (!band->windows.empty() && band->windows.back().to_minute == from) {
                band->windows.back().to_minute += length;
            } else {
                band->windows.push_back({.from_minute = from, .to_minute = from + length});
            }
            ++band->points;
        }
        std::ranges::stable_sort(bands, {}, &CurveBand::prices);
        for (std::size_t i = 0; i < bands.size(); ++i) bands[i].name = fmt::format("level{}", i + 1);
        return bands;
    }

    void write() {
        Contract contract;
        contract.id = "electricity";
        contract.name = std::filesystem::path(file_).stem().string();
        if (!read_unit(contract)) return;
        contract.validity = {.from = curves_.front().validity.from, .until = curves_.back().validity.until};
        const auto levels = bands();
        if (levels.size() > 1) {
            const auto commonest = std::ranges::max_element(levels, {}, &CurveBand::points);
            for (const auto& level : levels)
                if (level.name != commonest->name)
                    contract.bands.rules.push_back({.band = level.name, .windows = level.windows});
            contract.bands.otherwise = commonest->name;
        }
        for (std::size_t i = 0; i < curves_.size(); ++i) {
            EnergyComponent component{.line = "energy", .name = "energy"};
            component.price = levels.front().prices[i];
            component.validity = curves_[i].validity;
            if (levels.size() > 1) component.source = PriceSource::band_prices;
            for (const auto& level : levels)
                if (levels.size() > 1) component.band_prices[level.name] = level.prices[i];
            contract.energy.push_back(std::move(component));
        }
        tariff_.contracts.push_back(std::move(contract));
    }

    const CsvTable& table_;
    const std::string& file_;
    std::string from_;
    std::string until_;
    std::string unit_;
    std::string unit_text_;
    std::vector<std::string> points_;
    std::vector<Curve> curves_;
    ForeignTariff tariff_{.format = ForeignFormat::price_curves, .contracts = {}, .mistakes = {}, .remarks = {}};
};

}  // namespace

bool looks_like_price_curves(const std::string& text) {
    constexpr std::size_t fewest = 12;  // columns: a table of stamps and values has less
    const auto header = read_csv_table(text.substr(0, text.find('\n'))).columns;
    return header.size() >= fewest && std::ranges::find(from_words, header.front()) != from_words.end();
}

ForeignTariff read_price_curves(const std::string& text, const std::string& file) {
    const auto table = read_csv_table(text);
    return CurveReader(table, file).read();
}

}  // namespace loadstar::tariff
