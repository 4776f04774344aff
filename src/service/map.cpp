#include "service/map.hpp"

#include <cctype>

#include <nlohmann/json.hpp>

#include "service/mapping_toml.hpp"

namespace loadstar::service {
namespace {

/// Letters, digits and underscores of the file's name, which TOML takes as a bare key.
std::string id_of(const std::filesystem::path& file) {
    auto stem = file.filename().string();
    stem = stem.substr(0, stem.find('.'));
    std::string id;
    for (const char c : stem) {
        const auto letter = static_cast<unsigned char>(c);
        if (std::isalnum(letter) != 0) id.push_back(static_cast<char>(std::tolower(letter)));
        if (std::isalnum(letter) == 0 && !id.empty() && id.back() != '_') id.push_back('_');
    }
    while (id.ends_with('_')) id.pop_back();
    return id.empty() ? "meter" : id;
}

}  // namespace

Result<MapReport> map_file(const MapRequest& request, Progress& progress) {
    progress.report("map", 0, 1);
    LOADSTAR_TRY(auto guess, ingest::guess_mapping(request.file));
    guess.source.id = request.id.empty() ? id_of(request.file) : id_of(request.id);
    MapReport report{.file = request.file.string(), .guess = std::move(guess)};
    report.toml = to_toml(report.guess.source);
    return report;
}

nlohmann::json to_json(const MapReport& report) {
    nlohmann::json guesses = nlohmann::json::array();
    for (const auto& guess : report.guess.guesses) {
        guesses.push_back({{"subject", guess.subject},
                           {"value", guess.value.empty() ? nlohmann::json() : nlohmann::json(guess.value)},
                           {"certainty", to_string(guess.certainty)},
                           {"because", {{"en", guess.because.en}, {"zh", guess.because.zh}}}});
    }
    return {{"schema", "loadstar.map/1"},
            {"file", report.file},
            {"source", report.guess.source.id},
            {"rows", report.guess.rows},
            {"whole_file", report.guess.whole_file},
            {"toml", report.toml},
            {"guesses", guesses}};
}

}  // namespace loadstar::service
