#include "service/tariff_file.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "site/plant_file.hpp"
#include "tariff/contract_toml.hpp"
#include "tariff/foreign_tariff.hpp"

namespace loadstar::service {
namespace {

template <class Charges>
std::vector<std::string> lines_of(const Charges& charges) {
    std::vector<std::string> lines;
    for (const auto& charge : charges)
        if (std::ranges::find(lines, charge.line) == lines.end()) lines.push_back(charge.line);
    return lines;
}

bool is_plant_file(const std::filesystem::path& file) {
    std::error_code status;
    return std::filesystem::is_directory(file, status) || file.extension() == ".toml";
}

TariffCheckReport report_of(const tariff::ForeignTariff& foreign, const std::filesystem::path& file) {
    TariffCheckReport report{.file = file.string(),
                             .format = tariff::to_string(foreign.format),
                             .mistakes = foreign.mistakes,
                             .remarks = foreign.remarks};
    for (const auto& contract : foreign.contracts) report.contracts.push_back(outline_of(contract));
    return report;
}

const Contract* for_carrier(const tariff::ForeignTariff& foreign, const std::string& carrier) {
    const auto found = std::ranges::find(foreign.contracts, carrier, &Contract::carrier);
    return found == foreign.contracts.end() ? nullptr : &*found;
}

Error no_such_carrier(const tariff::ForeignTariff& foreign, const std::filesystem::path& file,
                      const std::string& carrier) {
    std::vector<std::string> known;
    for (const auto& contract : foreign.contracts) known.push_back(contract.carrier);
    return {.code = ErrorCode::not_found,
            .message = fmt::format("the file holds no contract for {}", carrier),
            .where = file.string(),
            .hint = known.empty() ? "" : fmt::format("it holds one for {}", fmt::join(known, " and one for "))};
}

Error has_mistakes(const tariff::ForeignTariff& foreign, const std::filesystem::path& file) {
    const auto& first = foreign.mistakes.front();
    return {.code = ErrorCode::invalid_input,
            .message = fmt::format("the tariff file has {} mistake{}; the first: {}", foreign.mistakes.size(),
                                   foreign.mistakes.size() == 1 ? "" : "s", first.message),
            .where = first.where,
            .hint = fmt::format("`loadstar tariff check {}` lists them all", file.string())};
}

nlohmann::json mistakes_json(const std::vector<Mistake>& mistakes) {
    auto json = nlohmann::json::array();
    for (const auto& mistake : mistakes) {
        json.push_back({{"line", mistake.line},
                        {"column", mistake.column},
                        {"where", mistake.where},
                        {"message", mistake.message},
                        {"hint", mistake.hint}});
    }
    return json;
}

}  // namespace

ContractOutline outline_of(const Contract& contract) {
    return {.id = contract.id,
            .name = contract.name,
            .carrier = contract.carrier,
            .currency = contract.currency,
            .unit = contract.unit,
            .bands = contract.bands.names(),
            .energy = lines_of(contract.energy),
            .exports = lines_of(contract.exports),
            .demands = lines_of(contract.demands),
            .fixed = lines_of(contract.fixed),
            .taxes = lines_of(contract.taxes)};
}

Result<TariffCheckReport> check_tariff(const std::filesystem::path& file) {
    if (!is_plant_file(file)) {
        LOADSTAR_TRY(const auto foreign, tariff::read_foreign_tariff(file));
        return report_of(foreign, file);
    }
    LOADSTAR_TRY(const auto reading, read_plant_file(file));
    TariffCheckReport report{.file = file.string(), .format = "plant", .mistakes = reading.mistakes};
    if (!reading.plant) return report;
    for (const auto& contract : reading.plant->contracts) {
        report.contracts.push_back(outline_of(contract));
        if (contract.currency.empty()) report.contracts.back().currency = reading.plant->currency;
    }
    return report;
}

Result<TariffImport> import_tariff(const TariffImportRequest& request) {
    LOADSTAR_TRY(const auto foreign, tariff::read_foreign_tariff(request.file));
    TariffImport result{.check = report_of(foreign, request.file)};
    const auto* found = for_carrier(foreign, request.carrier);
    if (found == nullptr && foreign.mistakes.empty()) return no_such_carrier(foreign, request.file, request.carrier);
    if (found == nullptr) return result;
    auto contract = *found;
    contract.id = request.contract;
    result.toml = tariff::contract_toml(contract);
    return result;
}

Result<Contract> contract_named(const Plant& plant, const std::string& word, const std::string& carrier) {
    if (const auto* own = find_by_id(plant.contracts, word)) return *own;
    std::error_code status;
    if (!std::filesystem::exists(word, status)) {
        std::vector<std::string> known;
        for (const auto& contract : plant.contracts) known.push_back(contract.id);
        return Error{.code = ErrorCode::not_found,
                     .message = fmt::format("no contract and no tariff file named \"{}\"", word),
                     .where = plant.file.string(),
                     .hint = known.empty() ? "" : fmt::format("contracts: {}", fmt::join(known, ", "))};
    }
    LOADSTAR_TRY(const auto foreign, tariff::read_foreign_tariff(word));
    const auto* found = for_carrier(foreign, carrier);
    if (found == nullptr)
        return foreign.mistakes.empty() ? no_such_carrier(foreign, word, carrier) : has_mistakes(foreign, word);
    auto contract = *found;
    contract.id = std::filesystem::path(word).stem().string();
    return contract;
}

nlohmann::json to_json(const TariffCheckReport& report) {
    nlohmann::json json{{"schema", "loadstar.tariff_check/1"},
                        {"file", report.file},
                        {"format", report.format},
                        {"contracts", nlohmann::json::array()},
                        {"mistakes", mistakes_json(report.mistakes)},
                        {"remarks", mistakes_json(report.remarks)}};
    for (const auto& contract : report.contracts) {
        json["contracts"].push_back({{"id", contract.id},
                                     {"name", contract.name},
                                     {"carrier", contract.carrier},
                                     {"currency", contract.currency},
                                     {"unit", contract.unit},
                                     {"bands", contract.bands},
                                     {"energy", contract.energy},
                                     {"exports", contract.exports},
                                     {"demands", contract.demands},
                                     {"fixed", contract.fixed},
                                     {"taxes", contract.taxes}});
    }
    return json;
}

nlohmann::json to_json(const TariffImport& import) {
    auto json = to_json(import.check);
    json["schema"] = "loadstar.tariff_import/1";
    json["toml"] = import.toml;
    return json;
}

}  // namespace loadstar::service
