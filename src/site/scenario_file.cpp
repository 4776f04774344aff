#include "site/scenario_file.hpp"

#include <sstream>

#include <fmt/format.h>

#include "site/toml_document.hpp"

namespace loadstar {
namespace {

Scenario read_scenario(const std::string& id, TableReader& reader) {
    Scenario scenario{.id = id, .name = {}, .changes = {}};
    scenario.name = reader.text({"name", "what people call it"}, id);
    scenario.investment =
        Money(reader.number({"investment", "what it costs to build, in the site's currency"}, 0, not_negative));
    for (auto& [key, value] : reader.value_texts({"set", "key of the plant file = its value in this scenario"}))
        scenario.changes.push_back(
            {.key = key, .value = value, .where = reader.context().where(reader.region("set")) + ": " + key});
    if (scenario.changes.empty())
        reader.mistake("set", fmt::format("scenario {} changes nothing", id),
                       "write set = { \"battery.main.capacity_kwh\" = 1400 }");
    return scenario;
}

}  // namespace

Result<std::vector<Scenario>> read_scenarios(const std::filesystem::path& file) {
    if (!std::filesystem::exists(file)) {
        return Error{.code = ErrorCode::not_found,
                     .message = "no such file",
                     .where = file.string(),
                     .hint = "a file of scenarios holds [scenario.NAME] tables"};
    }
    ReaderContext context(file.string());
    LOADSTAR_TRY(const auto table, parse_toml_file(file, context));
    std::vector<Scenario> scenarios;
    if (table) {
        TableReader root(&*table, context, nullptr);
        root.named_tables({"scenario", "what is changed"}, [&](const std::string& id, TableReader& reader) {
            scenarios.push_back(read_scenario(id, reader));
        });
        root.finish();
        if (scenarios.empty() && context.mistakes().empty())
            root.mistake("", "the file holds no scenario", "write [scenario.NAME] with name and set");
    }
    const auto mistakes = sorted_mistakes(context);
    if (!mistakes.empty()) return as_error(mistakes, "the file of scenarios", file);
    return scenarios;
}

}  // namespace loadstar
