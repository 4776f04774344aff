#pragma once
// Tariff files that others write, read into contracts. What no contract can hold is said, never dropped.

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "site/contract.hpp"
#include "site/mistake.hpp"

namespace loadstar::tariff {

/// Kinds of tariff files that are understood.
enum class ForeignFormat {
    urdb,          ///< a rate of the Utility Rate Database, JSON
    us_plant,      ///< charges of one plant, CSV with the columns utility, type, period, ...
    price_curves,  ///< 24, 48 or 96 prices of a day and the days they hold on, CSV
};
const char* to_string(ForeignFormat format);

/// What came out of a foreign file.
struct ForeignTariff {
    ForeignFormat format = ForeignFormat::urdb;
    std::vector<Contract> contracts;  ///< those that could be read whole; their ids are their carriers
    std::vector<Mistake> mistakes;    ///< why a contract is not among them, each with its place
    std::vector<Mistake> remarks;     ///< what was assumed, and what the file says beside charges
};

/// Reads a file by what is in it. Mistakes of the content are an outcome, not an error.
/// Errors: not_found, permission_denied, invalid_input (no kind of tariff file that is known).
Result<ForeignTariff> read_foreign_tariff(const std::filesystem::path& file);

}  // namespace loadstar::tariff
