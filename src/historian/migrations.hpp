#pragma once
#include <span>

#include "historian/database.hpp"

namespace loadstar::historian {

/// The step from one version of the tables to the next. Once released, a step never changes: append a new one.
struct Migration {
    const char* sql;
};

/// Every step, in order: the first makes version 1 out of an empty file. Their number is the newest version.
std::span<const Migration> migrations();

/// Brings the tables to the newest version in one transaction: a process killed in between leaves the old version.
/// Errors: invalid_input (a database of another program), unsupported_version (written by a newer Loadstar).
Result<void> migrate(Database& database, std::span<const Migration> steps);

/// Checks, without changing anything, that the tables have exactly the newest version. Errors: as migrate(), and
/// unsupported_version for an older one.
Result<void> require_current(Database& database, std::span<const Migration> steps);

}  // namespace loadstar::historian
