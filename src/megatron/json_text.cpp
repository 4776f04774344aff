#include "megatron/json_text.hpp"

#include <nlohmann/json.hpp>

namespace loadstar::megatron {

using nlohmann::json;

json parse_object(std::string_view text, std::size_t offset, int deepest, MemoryBudget& budget) {
    constexpr std::size_t event_bytes = 64;  // of a value, a key or a level in memory, about
    const auto watch = [&](int depth, json::parse_event_t event, const json&) {
        using Event = json::parse_event_t;
        if (depth >= deepest && (event == Event::object_start || event == Event::array_start))
            throw FormatProblem(offset, fmt::format("expected JSON of {} levels, found more", deepest));
        budget.spend(event_bytes, offset);
        return true;
    };
    auto parsed = json::parse(text, watch, /*allow_exceptions=*/false);
    if (!parsed.is_object()) throw FormatProblem(offset, "expected a JSON object, found something else");
    return parsed;
}

}  // namespace loadstar::megatron
