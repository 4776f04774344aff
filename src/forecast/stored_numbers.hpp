#pragma once
// How fitted models keep their numbers: little-endian doubles as one binary value of a JSON document, which is written
// as CBOR (RFC 8949). What reads them throws on what was never written so; the one place that reads a whole model
// catches it (see StackForecaster::load).

#include <vector>

#include <nlohmann/json.hpp>

namespace loadstar::forecast {

nlohmann::json stored(const std::vector<double>& numbers);
/// Throws std::exception on what stored() never wrote.
std::vector<double> numbers_of(const nlohmann::json& stored);
/// Throws std::invalid_argument when there are not as many.
void require_count(const std::vector<double>& numbers, std::size_t count);

}  // namespace loadstar::forecast
