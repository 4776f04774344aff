#pragma once
// Use cases `tariff check` and `tariff import`: what a plant file or a foreign tariff file says about contracts.

#include <filesystem>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "base/result.hpp"
#include "site/contract.hpp"
#include "site/mistake.hpp"
#include "site/plant.hpp"

namespace loadstar::service {

/// What was understood of one contract.
struct ContractOutline {
    std::string id;
    std::string name;
    std::string carrier;
    std::string currency;  ///< "" = the plant's
    std::string unit;
    std::vector<std::string> bands{};
    std::vector<std::string> energy{};  ///< names of the bill lines, each once
    std::vector<std::string> exports{};
    std::vector<std::string> demands{};
    std::vector<std::string> fixed{};
    std::vector<std::string> taxes{};
};
ContractOutline outline_of(const Contract& contract);

struct TariffCheckReport {
    std::string file;
    std::string format;  ///< "plant", "urdb", "us_plant", "price_curves"
    std::vector<ContractOutline> contracts{};
    std::vector<Mistake> mistakes{};
    std::vector<Mistake> remarks{};  ///< what was assumed, and what the file says beside charges
};

/// Reads a plant file (or its folder) or a foreign tariff file; mistakes are an outcome, not an error.
/// Errors: those of read_plant_file and tariff::read_foreign_tariff.
Result<TariffCheckReport> check_tariff(const std::filesystem::path& file);

struct TariffImportRequest {
    std::filesystem::path file;
    std::string contract;  ///< id in the plant file
    std::string carrier;   ///< which one of a file with several
};

/// A contract made from a foreign file. Nothing is written: the blocks are for the plant file.
struct TariffImport {
    TariffCheckReport check;
    std::string toml{};  ///< "" when the contract has mistakes
};

/// Errors: those of tariff::read_foreign_tariff; not_found (the file holds no contract for the carrier, and no mistakes
/// that would say why).
Result<TariffImport> import_tariff(const TariffImportRequest& request);

/// The contract that a word of the command line means: an id of the plant file, or a foreign file.
/// Errors: not_found (neither); invalid_input (the file has mistakes).
Result<Contract> contract_named(const Plant& plant, const std::string& word, const std::string& carrier);

/// Shapes loadstar.tariff_check/1 and loadstar.tariff_import/1.
nlohmann::json to_json(const TariffCheckReport& report);
nlohmann::json to_json(const TariffImport& import);

}  // namespace loadstar::service
