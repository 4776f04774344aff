#include "site/scenario_file.hpp"

#include <set>

#include <fmt/format.h>

#include "site/toml_document.hpp"

namespace loadstar {
namespace {

void check_key(const std::string& key, TableReader& reader) {
    if (sized_part(key)) return;
    reader.mistake("per_unit", fmt::format("{} is no size that can be chosen", key),
                   "a size sets battery.NAME.capacity_kwh, max_charge_kw or max_discharge_kw, store.NAME.capacity, "
                   "max_charge_per_hour or max_discharge_per_hour, converter.NAME.scale or photovoltaic.NAME.scale");
}

Size read_size(TableReader& reader) {
    Size size;
    size.where = reader.context().where(reader.region());
    size.per_unit =
        reader.number_map({"per_unit", "key of the plant file = its value per unit of the size, such as 1 or 0.5"});
    const auto first = size.per_unit.empty() ? std::string() : size.per_unit.begin()->first;
    size.name = reader.text({"name", "what people call it"}, first);
    size.least = reader.number({"min", "least size"}, 0, not_negative);
    size.most = reader.required_number({"max", "largest size"}, positive);
    size.cost_per_unit = Money(reader.number({"cost_per_unit", "to build one unit"}, 0, not_negative));
    size.yearly_cost_per_unit =
        Money(reader.number({"yearly_cost_per_unit", "upkeep of one unit in a year"}, 0, not_negative));
    size.years = reader.required_number({"years", "how long it lasts"}, {.minimum = 0.1, .maximum = 100});
    size.interest = reader.number({"interest", "yearly interest on the investment, 0.05 = 5 %"}, 0, share);
    size.multiple_of =
        reader.number({"multiple_of", "only whole multiples of it are built; without it any size"}, 0, not_negative);
    if (reader.describing()) return size;
    if (size.per_unit.empty())
        reader.mistake("per_unit", "expected the values that the size sets",
                       "write per_unit = { \"battery.main.capacity_kwh\" = 1 }");
    if (size.least > size.most)
        reader.mistake("min", fmt::format("min {} lies above max {}", size.least, size.most));
    else if (size.multiple_of > 0 && !whole_multiples_between(size.least, size.most, size.multiple_of))
        reader.mistake(
            "multiple_of",
            fmt::format("no multiple of {} lies between min {} and max {}", size.multiple_of, size.least, size.most),
            "raise max, or leave multiple_of out");
    for (const auto& [key, value] : size.per_unit) {
        check_key(key, reader);
        if (value <= 0)
            reader.mistake("per_unit", fmt::format("expected more than 0 per unit for {}, found {}", key, value));
    }
    return size;
}

/// Nothing is set twice.
void check_values(const Scenario& scenario, TableReader& reader) {
    std::set<std::string> keys;
    for (const auto& change : scenario.changes) keys.insert(change.key);
    for (const auto& size : scenario.sizes)
        for (const auto& [key, value] : size.per_unit)
            if (!keys.insert(key).second)
                reader.mistake("size", fmt::format("{} is set twice", key),
                               "a value has one size, or one value in set");
}

Scenario read_scenario(const std::string& id, TableReader& reader) {
    Scenario scenario{.id = id, .name = {}, .changes = {}};
    scenario.name = reader.text({"name", "what people call it"}, id);
    scenario.investment =
        Money(reader.number({"investment", "what it costs to build, in the site's currency"}, 0, not_negative));
    for (auto& [key, value] : reader.value_texts({"set", "key of the plant file = its value in this scenario"}))
        scenario.changes.push_back(
            {.key = key, .value = value, .where = reader.context().where(reader.region("set")) + ": " + key});
    reader.table_list({"size", "sizes that are chosen with the plans, for what they save and cost"},
                      [&scenario](TableReader& size) { scenario.sizes.push_back(read_size(size)); });
    check_values(scenario, reader);
    if (scenario.changes.empty() && scenario.sizes.empty())
        reader.mistake("set", fmt::format("scenario {} changes nothing", id),
                       "write set = { \"battery.main.capacity_kwh\" = 1400 }");
    return scenario;
}

}  // namespace

std::vector<PlantChange> Scenario::changes_at(const std::vector<double>& chosen) const {
    auto all = changes;
    for (std::size_t i = 0; i < sizes.size(); ++i)
        for (const auto& [key, per_unit] : sizes[i].per_unit)
            all.push_back({.key = key,
                           .value = fmt::format("{}", per_unit * (chosen.empty() ? 1 : chosen[i])),
                           .where = sizes[i].where + ": " + key});
    return all;
}

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
