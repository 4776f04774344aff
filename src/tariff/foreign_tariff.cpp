#include "tariff/foreign_tariff.hpp"

#include <cerrno>
#include <fstream>
#include <iterator>

#include "tariff/read_price_curves.hpp"
#include "tariff/read_urdb.hpp"
#include "tariff/read_us_plant_tariff.hpp"

namespace loadstar::tariff {
namespace {

Result<std::string> text_of(const std::filesystem::path& file) {
    std::error_code status;
    if (!std::filesystem::exists(file, status))
        return Error{.code = ErrorCode::not_found, .message = "no such file", .where = file.string()};
    std::ifstream stream(file, std::ios::binary);
    if (!stream || std::filesystem::is_directory(file, status)) {
        return Error{
            .code = ErrorCode::permission_denied, .message = "the file cannot be read", .where = file.string()};
    }
    return std::string(std::istreambuf_iterator<char>(stream), {});
}

}  // namespace

const char* to_string(ForeignFormat format) {
    switch (format) {
        case ForeignFormat::urdb: return "urdb";
        case ForeignFormat::us_plant: return "us_plant";
        case ForeignFormat::price_curves: return "price_curves";
    }
    return "";
}

Result<ForeignTariff> read_foreign_tariff(const std::filesystem::path& file) {
    LOADSTAR_TRY(const auto text, text_of(file));
    if (looks_like_us_plant_tariff(text)) return read_us_plant_tariff(text, file.string());
    if (looks_like_price_curves(text)) return read_price_curves(text, file.string());
    if (looks_like_urdb(text)) return read_urdb(text, file.string());
    return Error{.code = ErrorCode::invalid_input,
                 .message = "no tariff file of a kind that is known",
                 .where = file.string(),
                 .hint =
                     "known are a rate of the Utility Rate Database (JSON), charges of a plant (CSV with the columns "
                     "utility, type, period, ...) and price curves (CSV with from, until and 24, 48 or 96 prices)"};
}

}  // namespace loadstar::tariff
