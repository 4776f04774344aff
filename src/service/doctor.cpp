#include "service/doctor.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "service/doctor_checks.hpp"
#include "site/plant_file.hpp"

namespace loadstar::service {

namespace doctor {

Finding problem_of(const std::string& subject, const Error& error) {
    return {.subject = subject,
            .severity = Severity::problem,
            .where = error.where,
            .found = {error.message, error.message},
            .advice = {error.hint, error.hint},
            .code = error.code};
}

namespace {

constexpr const char* subject = "plant file";

/// The plant, when its file has no mistakes.
std::optional<Plant> check_plant_file(const std::filesystem::path& path, Findings& findings) {
    auto read = read_plant_file(path);
    if (!read) {
        findings.push_back(problem_of(subject, read.error()));
        return std::nullopt;
    }
    for (const auto& mistake : read->mistakes) {
        findings.push_back(problem_of(subject, {.code = ErrorCode::invalid_input,
                                                .message = mistake.message,
                                                .where = mistake.where,
                                                .hint = mistake.hint}));
    }
    if (read->plant) {
        findings.push_back(
            {.subject = subject, .where = read->plant->file.string(), .found = {"no mistakes", "没有错误"}});
    }
    return std::move(read->plant);
}

Finding nothing_imported(const std::filesystem::path& file) {
    return {.subject = "historian",
            .severity = Severity::warning,
            .where = file.string(),
            .found = {"nothing has been imported yet", "尚未导入任何数据"},
            .advice = {"run `loadstar import`", "运行 `loadstar import`"}};
}

/// The historian and what is in it, as far as it can be opened.
void check_stored(const Plant& plant, const Clock& clock, Findings& findings, Progress& progress) {
    const auto file = plant.folder / historian_file;
    std::error_code status;
    if (!std::filesystem::exists(file, status) && !status) {
        findings.push_back(nothing_imported(file));
        return check_sources(plant, nullptr, findings, progress);
    }
    auto session = Session::open(plant.folder, historian::OpenMode::read, clock);
    if (!session) {
        findings.push_back(problem_of("historian", session.error()));
        return check_sources(plant, nullptr, findings, progress);
    }
    const auto damaged = check_historian(plant, session->historian(), findings);
    check_sources(plant, &session->historian(), findings, progress);
    check_contents(*session, damaged, findings, progress);
}

}  // namespace
}  // namespace doctor

const char* name_of(Severity severity) {
    switch (severity) {
        case Severity::fine: return "fine";
        case Severity::note: return "note";
        case Severity::warning: return "warning";
        case Severity::problem: return "problem";
    }
    return "";
}

const Finding* DoctorReport::problem() const {
    const auto first = std::ranges::find(findings, Severity::problem, &Finding::severity);
    return first == findings.end() ? nullptr : &*first;
}

Result<DoctorReport> examine(const DoctorRequest& request, const Clock& clock, Progress& progress) {
    DoctorReport report;
    doctor::check_machine(request, report.findings);
    const auto plant = doctor::check_plant_file(request.plant, report.findings);
    if (plant) {
        report.plant = plant->name;
        doctor::check_folder(plant->folder, report.findings);
        if (request.repair == Repair::set_damages_aside) {
            report.set_aside = doctor::set_aside(*plant, clock.now(), report.findings);
        }
        doctor::check_stored(*plant, clock, report.findings, progress);
    }
    if (progress.cancelled()) return Error{.code = ErrorCode::cancelled, .message = "stopped"};
    return report;
}

namespace {

nlohmann::json json_of(const Text& text) { return {{"en", text.en}, {"zh", text.zh}}; }

nlohmann::json json_of(const Finding& finding) {
    return {{"subject", finding.subject},
            {"severity", name_of(finding.severity)},
            {"where", finding.where},
            {"found", json_of(finding.found)},
            {"advice", json_of(finding.advice)},
            {"code", finding.code ? nlohmann::json(to_string(*finding.code)) : nlohmann::json()}};
}

nlohmann::json json_of(const SetAside& part) {
    return {{"series", part.damage.series},    {"from", to_string(part.damage.from)},
            {"to", to_string(part.damage.to)}, {"readings", part.damage.readings},
            {"problem", part.damage.problem},  {"import_again", part.import_again}};
}

}  // namespace

nlohmann::json to_json(const DoctorReport& report) {
    nlohmann::json json{{"schema", "loadstar.doctor/1"},
                        {"plant", report.plant},
                        {"healthy", report.problem() == nullptr},
                        {"findings", nlohmann::json::array()},
                        {"set_aside", nlohmann::json::array()}};
    for (const auto& finding : report.findings) json["findings"].push_back(json_of(finding));
    for (const auto& part : report.set_aside) json["set_aside"].push_back(json_of(part));
    return json;
}

}  // namespace loadstar::service
