#include "service/demo.hpp"

#include <cerrno>
#include <fstream>
#include <iterator>
#include <system_error>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "service/report_sections.hpp"
#include "simulate/plant_files.hpp"
#include "site/plant_file.hpp"
#include "tariff/compile.hpp"

namespace loadstar::service {

std::string_view demo_plant_file();  // examples/electronics/, embedded by CMake
std::string_view demo_readme();

namespace {

namespace fs = std::filesystem;

std::vector<simulate::PlantFile> descriptions() {
    return {{.path = "plant.toml", .bytes = std::string(demo_plant_file())},
            {.path = "README.md", .bytes = std::string(demo_readme())}};
}

std::string content_of(const fs::path& file) {
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

/// The descriptions that the folder lacks; what is there already is left as it is.
std::vector<simulate::PlantFile> missing_descriptions(const fs::path& folder) {
    auto files = descriptions();
    std::error_code unreadable;  // then writing will say so
    std::erase_if(files, [&](const auto& file) { return fs::exists(folder / file.path, unreadable); });
    return files;
}

Error write_error(const fs::path& path, const std::error_code& status) {
    auto code = ErrorCode::io_error;
    if (status == std::errc::no_space_on_device) code = ErrorCode::disk_full;
    if (status == std::errc::permission_denied) code = ErrorCode::permission_denied;
    return {.code = code, .message = "cannot write: " + status.message(), .where = path.string()};
}

/// Nothing of somebody else's is ever written over.
Result<void> check_folder(const fs::path& folder) {
    std::error_code status;
    if (!fs::exists(folder, status)) return {};
    if (!fs::is_directory(folder, status)) {
        return Error{.code = ErrorCode::already_exists,
                     .message = "expected a folder to be made, found a file",
                     .where = folder.string()};
    }
    for (const auto& entry : fs::directory_iterator(folder, status)) {
        bool ours = false;
        for (const auto& file : descriptions())
            ours = ours || (entry.path().filename() == file.path && content_of(entry.path()) == file.bytes);
        if (ours) continue;
        return Error{.code = ErrorCode::already_exists,
                     .message = fmt::format("the folder is not empty: it holds {}", entry.path().filename().string()),
                     .where = folder.string(),
                     .hint = "name a folder that is new or empty"};
    }
    if (status) return write_error(folder, status);
    return {};
}

Result<void> write(const fs::path& folder, const simulate::PlantFile& file) {
    const auto path = folder / file.path;
    std::error_code status;
    fs::create_directories(path.parent_path(), status);
    if (status) return write_error(path.parent_path(), status);
    errno = 0;
    std::ofstream stream(path, std::ios::binary);
    stream.write(file.bytes.data(), static_cast<std::streamsize>(file.bytes.size()));
    stream.close();
    if (!stream) return write_error(path, {errno == 0 ? EIO : errno, std::generic_category()});
    return {};
}

/// Takes a file away, and the folders that it leaves empty.
void take_back(const fs::path& folder, const simulate::PlantFile& file) {
    std::error_code ignored;  // a folder that still holds something stays; the failure that matters came before
    fs::path path = file.path;
    for (; !path.empty(); path = path.parent_path()) fs::remove(folder / path, ignored);
}

/// All files or none: what was written before a failure is taken away again.
Result<void> write_all(const fs::path& folder, const std::vector<simulate::PlantFile>& files) {
    for (auto file = files.begin(); file != files.end(); ++file) {
        auto written = write(folder, *file);
        if (written) continue;
        for (auto before = files.begin(); before <= file; ++before) take_back(folder, *before);
        return written;
    }
    return {};
}

/// Energy price of every slot at the connection of the site.
Result<std::vector<double>> energy_prices(const Plant& plant, const Horizon& axis) {
    const auto* grid = find_by_id(plant.grids, "main");
    const auto* contract = grid == nullptr ? nullptr : find_by_id(plant.contracts, grid->contract);
    if (contract == nullptr) {
        return Error{.code = ErrorCode::internal,
                     .message = "the plant of the demo has no contract for its main connection",
                     .where = plant.file.string()};
    }
    LOADSTAR_TRY(const auto terms,
                 tariff::compile(*contract, {.axis = axis, .zone = plant.time_zone, .calendar = plant.calendar}));
    return import_prices(terms);
}

Result<std::vector<DemoFault>> priced_faults(const Plant& plant, const simulate::Recording& recording) {
    LOADSTAR_TRY(const auto prices, energy_prices(plant, recording.axis));
    std::vector<DemoFault> faults;
    for (std::size_t i = 0; i < recording.faults.size(); ++i) {
        const auto& fault = recording.faults[i];
        if (fault.end <= recording.axis.start || fault.start >= recording.axis.end()) continue;
        DemoFault priced{
            .kind = simulate::to_string(fault.kind), .asset = fault.asset, .start = fault.start, .end = fault.end};
        for (std::size_t slot = 0; slot < recording.steps.size(); ++slot) {
            const double energy = recording.steps[slot].wasted[i].value() * recording.axis.step_hours().value();
            priced.wasted_kwh += energy;
            priced.cost += energy * prices[slot];
        }
        faults.push_back(priced);
    }
    return faults;
}

nlohmann::json faults_json(const std::vector<DemoFault>& faults, const TimeZone& zone) {
    auto list = nlohmann::json::array();
    for (const auto& fault : faults)
        list.push_back({{"kind", fault.kind},
                        {"asset", fault.asset},
                        {"start", zone.format(fault.start)},
                        {"end", zone.format(fault.end)},
                        {"wasted_kwh", fault.wasted_kwh},
                        {"cost", fault.cost}});
    return list;
}

nlohmann::json imperfections_json(const simulate::PlantFiles& files) {
    auto by_file = nlohmann::json::object();
    for (const auto& [path, imperfections] : files.imperfections)
        for (const auto& [reason, rows] : imperfections) by_file[path][to_string(reason)] = rows;
    auto slots = nlohmann::json::array();
    for (const auto& spoilt : files.spoilt)
        slots.push_back({{"series", spoilt.series}, {"reason", to_string(spoilt.reason)}, {"slots", spoilt.slots}});
    return {{"files", by_file}, {"slots", slots}};
}

}  // namespace

Result<DemoReport> make_demo(const DemoRequest& request, Progress& progress) {
    LOADSTAR_CHECK(check_folder(request.folder));
    LOADSTAR_CHECK(write_all(request.folder, missing_descriptions(request.folder)));
    LOADSTAR_TRY(const auto plant, load_plant(request.folder));
    LOADSTAR_TRY(const auto recording, simulate::record(plant, {.days = request.days, .seed = request.seed}, progress));
    LOADSTAR_TRY(auto files, simulate::plant_files(plant, recording, request.seed));
    DemoReport report{.folder = request.folder.string(),
                      .plant = plant.name,
                      .currency = plant.currency,
                      .zone = plant.time_zone,
                      .first = plant.time_zone.day_of(recording.axis.start),
                      .last = simulate::last_recorded_day};
    LOADSTAR_TRY(report.faults, priced_faults(plant, recording));
    files.files.push_back({"truth/faults.json", faults_json(report.faults, plant.time_zone).dump(2) + "\n"});
    files.files.push_back({"truth/imperfections.json", imperfections_json(files).dump(2) + "\n"});
    for (const auto& file : descriptions()) report.files.push_back(file.path);
    LOADSTAR_CHECK(write_all(request.folder, files.files));
    for (const auto& file : files.files) report.files.push_back(file.path);
    return report;
}

nlohmann::json to_json(const DemoReport& report) {
    return {{"schema", "loadstar.demo/1"},
            {"folder", report.folder},
            {"plant", report.plant},
            {"currency", report.currency},
            {"first", to_string(report.first)},
            {"last", to_string(report.last)},
            {"files", report.files},
            {"faults", faults_json(report.faults, report.zone)}};
}

}  // namespace loadstar::service
