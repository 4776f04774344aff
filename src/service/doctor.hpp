#pragma once
// Use case `doctor`: everything a plant needs to work, looked at one by one, with what to do about it.

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "base/progress.hpp"
#include "base/result.hpp"
#include "base/text.hpp"
#include "historian/historian.hpp"

namespace loadstar::service {

/// How much a finding matters.
enum class Severity {
    fine,
    note,     ///< worth knowing, nothing to do
    warning,  ///< works, but something is missing or should be done
    problem,  ///< something will fail
};
const char* name_of(Severity severity);

/// What one check found.
struct Finding {
    std::string subject;  ///< what was looked at, such as "historian"
    Severity severity = Severity::fine;
    std::string where{};  ///< file, series or asset
    Text found{};
    Text advice{};                    ///< what to do; empty when nothing is to be done
    std::optional<ErrorCode> code{};  ///< of a problem
};

/// A part of a series that was damaged and has been set aside.
struct SetAside {
    historian::Damage damage;
    std::vector<std::string> import_again;  ///< files that hold its readings, as far as the plant file says
};

enum class Repair { none, set_damages_aside };

struct DoctorRequest {
    std::filesystem::path plant;
    Repair repair = Repair::none;
    std::string terminal_encoding{};  ///< such as "UTF-8"; "" when nobody reads along
};

struct DoctorReport {
    std::string plant;  ///< its name; "" when the plant file cannot be read
    std::vector<Finding> findings;
    std::vector<SetAside> set_aside;  ///< by this run

    /// The first problem; nothing when all is well.
    [[nodiscard]] const Finding* problem() const;
};

/// Looks at the plant file, its sources, the historian, the readings, contracts and forecasts, and at the machine. What
/// is wrong is an outcome, not an error. With a repair, damaged blocks are set aside first; nothing else is changed.
/// Errors: cancelled.
Result<DoctorReport> examine(const DoctorRequest& request, const Clock& clock, Progress& progress);

/// Shape loadstar.doctor/1.
nlohmann::json to_json(const DoctorReport& report);

}  // namespace loadstar::service
