#include "service/check.hpp"

#include <nlohmann/json.hpp>

#include "site/plant_file.hpp"

namespace loadstar::service {

Result<CheckReport> check_plant(const std::filesystem::path& path) {
    LOADSTAR_TRY(const PlantReading reading, read_plant_file(path));
    CheckReport report{.file = path.string(), .mistakes = reading.mistakes};
    if (reading.plant) {
        const auto& plant = *reading.plant;
        report.file = plant.file.string();
        report.plant = plant.name;
        report.sources = static_cast<int>(plant.sources.size());
        report.meters = static_cast<int>(plant.meters.size());
        report.contracts = static_cast<int>(plant.contracts.size());
        report.assets = static_cast<int>(plant.batteries.size() + plant.photovoltaics.size() +
                                         plant.shiftable_loads.size() + plant.interruptible_loads.size() +
                                         plant.machines.size() + plant.stores.size() + plant.converters.size());
    }
    return report;
}

nlohmann::json plant_schema() { return plant_file_schema(); }

nlohmann::json to_json(const CheckReport& report) {
    nlohmann::json json{{"schema", "loadstar.check/1"}, {"file", report.file},
                        {"plant", report.plant},        {"sources", report.sources},
                        {"meters", report.meters},      {"contracts", report.contracts},
                        {"assets", report.assets},      {"mistakes", nlohmann::json::array()}};
    for (const auto& mistake : report.mistakes) {
        json["mistakes"].push_back({{"line", mistake.line},
                                    {"column", mistake.column},
                                    {"where", mistake.where},
                                    {"message", mistake.message},
                                    {"hint", mistake.hint}});
    }
    return json;
}

}  // namespace loadstar::service
