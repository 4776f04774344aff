#pragma once
// The checks of `doctor`, one function each. Internal to service/doctor.cpp.

#include <vector>

#include "service/doctor.hpp"
#include "service/session.hpp"

namespace loadstar::service::doctor {

using Findings = std::vector<Finding>;

/// An error that a check ran into, as a problem.
Finding problem_of(const std::string& subject, const Error& error);

/// The machine: zone rules, encoding of the terminal, free space and the right to write beside the plant file.
void check_machine(const DoctorRequest& request, Findings& findings);
void check_folder(const std::filesystem::path& folder, Findings& findings);

/// The files the sources name: there, readable, imported as they are now. @param historian  absent: nothing is imported
void check_sources(const Plant& plant, const historian::Historian* historian, Findings& findings, Progress& progress);

/// Sets damaged blocks aside; what stands in the way is a finding.
std::vector<SetAside> set_aside(const Plant& plant, Instant now, Findings& findings);
/// The historian's file: version, who writes, integrity, damaged blocks. @return damaged parts
std::vector<historian::Damage> check_historian(const Plant& plant, const historian::Historian& historian,
                                               Findings& findings);

/// What is stored: coverage and freshness of series, prices for the time of the readings, forecasts.
/// @param damaged  parts that cannot be read, whose series are left out
void check_contents(Session& session, const std::vector<historian::Damage>& damaged, Findings& findings,
                    Progress& progress);

}  // namespace loadstar::service::doctor
