#pragma once
// The values that comparisons are scored on, to be searched for in what a network learns from.

#include <filesystem>
#include <string>
#include <vector>

#include "pretraining_hold_out.hpp"
#include "pretraining_table.hpp"

namespace loadstar::bench {

/// Every numeric column but the first, as it stands.
inline void append_columns(const std::filesystem::path& file, const std::vector<std::string>& columns,
                           std::vector<Row>& rows) {
    const Table table(file);
    for (const auto& column : columns) rows.push_back(table.numbers(column));
}

/// The rest of each panel behind its span.
inline void append_rest(const std::vector<Panel>& panels, std::vector<Row>& rows) {
    for (const auto& panel : panels) {
        const auto rest = part_of(panel, parse_instant(span_of(panel.name).until).value(), panel.axis.end());
        for (const auto& variate : rest.variates)
            if (variate.role != Role::ahead) rows.push_back(variate.values);
    }
}

/// @param whole  panels as they were read, before they were cut
inline HeldOutValues held_out_values(const std::filesystem::path& shared, const std::vector<Panel>& whole) {
    std::vector<Row> rows;
    const std::vector<std::string> transformer{"HUFL", "HULL", "MUFL", "MULL", "LUFL", "LULL", "OT"};
    for (const std::string file : {"ETTh1.csv.gz", "ETTm1.csv.gz"})
        append_columns(shared / "data/ett" / file, transformer, rows);
    append_columns(shared / "data/gefcom2014/E_Hourly.csv.gz", {"load", "T"}, rows);
    for (const std::string works : {"iron", "carbon"}) {
        const auto file = shared / "cases/optimisation/ficus" / (works + "_year_15min.csv.gz");
        append_columns(file, {"elec_kw", "heat_kw"}, rows);
    }
    append_rest(whole, rows);
    return HeldOutValues(rows);
}

}  // namespace loadstar::bench
