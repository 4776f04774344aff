// However a file is damaged, reading it ends, and every row of it ends as readings, as a rejection, or empty.

#include <random>

#include <gtest/gtest.h>

#include "support/read_source.hpp"

namespace loadstar::test_support {
namespace {

Source two_meters() {
    auto source = meter_source();
    source.key_column = "key";
    source.keys = {"a", "b"};
    source.columns[0].series = "{key}.load";
    source.columns[0].maximum = 400;
    source.columns.push_back({.column = "state", .series = "{key}.state", .kind = SeriesKind::state, .unit = "1"});
    source.stamp.time_zone = "Europe/Berlin";
    return source;
}

std::string clean_file(std::mt19937& random) {
    std::string text = "time,key,kWh,state\n";
    for (int i = 0; i < 60; ++i) {
        const int hour = i / 4 % 24;
        text += "2018-10-28 " + std::to_string(hour / 10) + std::to_string(hour % 10) + ":" +
                std::to_string(i % 4 * 15 / 10) + std::to_string(i % 4 * 15 % 10) + "," + (random() % 2 ? "a" : "b") +
                "," + std::to_string(random() % 90) + "." + std::to_string(random() % 10) + "," +
                std::to_string(random() % 3) + (random() % 9 ? "\n" : "\r\n");
    }
    return text;
}

void damage(std::string& text, std::mt19937& random) {
    const auto header = text.find('\n') + 1;  // a header that cannot be read is an error, tested elsewhere
    const auto place = [&] { return header + random() % (text.size() - header); };
    static constexpr std::string_view letters = ",;\"\n\r\t-+.eE0159ab \xFF\xC3\xE4";
    switch (random() % 6) {
        case 0: text[place()] = letters[random() % letters.size()]; break;
        case 1: text.insert(place(), 1, letters[random() % letters.size()]); break;
        case 2: text.erase(place(), 1 + random() % 5); break;
        case 3: text.insert(place(), text.substr(place(), random() % 40)); break;
        case 4: text[place()] = static_cast<char>(random()); break;
        default: text.resize(place()); break;
    }
    if (text.size() <= header + 1) text += "x\n";
}

/// Rows that the sink saw something of: by line of rejections, and by counting readings of the column that all rows
/// fill.
void expect_conserved(const Outcome& outcome, const std::string& text) {
    const auto& report = *outcome.report;
    std::int64_t readings = 0;
    for (const auto& [id, list] : outcome.sink.readings) readings += static_cast<std::int64_t>(list.size());
    EXPECT_EQ(report.readings, readings);
    std::int64_t refused_rows = 0;
    std::int64_t refused_cells = 0;
    std::int64_t repaired = 0;
    for (const auto& rejection : outcome.sink.rejections) {
        const bool whole_row = rejection.column.empty() || rejection.column == "key";
        auto& count = has_value(rejection.reason) ? repaired : whole_row ? refused_rows : refused_cells;
        ++count;
        EXPECT_LE(rejection.text.size(), 200U);
    }
    EXPECT_EQ(report.rejected, refused_rows + refused_cells);
    EXPECT_EQ(report.repaired, repaired);
    const auto found = report.reasons.find(Reason::missing);
    const auto missing = found == report.reasons.end() ? 0 : found->second;
    EXPECT_EQ(2 * report.rows, readings + refused_cells + missing + 2 * refused_rows) << text;
}

TEST(ReadCsv, EveryRowOfADamagedFileEndsAsAReadingOrARejection) {
    for (unsigned seed = 0; seed < 400; ++seed) {
        std::mt19937 random(seed);
        auto text = clean_file(random);
        for (auto count = random() % 8; count > 0; --count) damage(text, random);
        auto source = two_meters();
        source.delimiter = ",";
        const auto outcome = read_text(source, text);
        ASSERT_TRUE(outcome.report) << to_string(outcome.report.error()) << "\nseed " << seed;
        expect_conserved(outcome, text);
        if (HasFailure()) FAIL() << "seed " << seed;
    }
}

// Detection of encoding and delimiter may fail on a damaged file, but then with an error, and never with a crash.
TEST(ReadCsv, AFileDamagedAnywhereNeverBreaksTheReader) {
    for (unsigned seed = 0; seed < 400; ++seed) {
        std::mt19937 random(seed);
        auto text = clean_file(random);
        for (int i = 0; i < 20; ++i) {
            const auto at = random() % text.size();
            if (i % 3 == 0) {
                text.erase(at, 1 + random() % 9);
            } else {
                text[at] = static_cast<char>(random());
            }
        }
        const auto outcome = read_text(two_meters(), text);
        if (!outcome.report) {
            EXPECT_EQ(outcome.report.error().code, ErrorCode::invalid_input) << "seed " << seed;
            EXPECT_FALSE(outcome.report.error().message.empty());
        } else {
            expect_conserved(outcome, text);
        }
        if (HasFailure()) FAIL() << "seed " << seed;
    }
}

}  // namespace
}  // namespace loadstar::test_support
