#include "site/plant_change.hpp"

#include <charconv>

#include <fmt/format.h>

namespace loadstar {
namespace {

/// One step of a key: a name, and the place in a list where it names one.
struct Step {
    std::string name;
    std::optional<std::size_t> place;
};

/// "contract.two_part.demand[0].contract_kw"; nothing when it is no key.
std::vector<Step> steps_of(std::string_view key) {
    std::vector<Step> steps;
    while (!key.empty()) {
        const auto dot = key.find('.');
        auto part = key.substr(0, dot);
        key = dot == std::string_view::npos ? std::string_view() : key.substr(dot + 1);
        Step step;
        if (const auto open = part.find('['); open != std::string_view::npos) {
            std::size_t place = 0;
            const auto* end = part.data() + part.size();
            const auto [stop, error] = std::from_chars(part.data() + open + 1, end, place);
            if (error != std::errc() || stop + 1 != end || *stop != ']') return {};
            step.place = place;
            part = part.substr(0, open);
        }
        if (part.empty()) return {};
        step.name = std::string(part);
        steps.push_back(std::move(step));
    }
    return steps;
}

class Changer {
  public:
    Changer(const PlantChange& change, ReaderContext& context) : change_(change), context_(context) {}

    void apply(toml::table& file) {
        const auto steps = steps_of(change_.key);
        if (steps.empty())
            return mistake(fmt::format("\"{}\" is no key of a plant file", change_.key),
                           "write it like battery.main.capacity_kwh or contract.NAME.demand[0].rate_per_kw");
        auto value = parsed();
        if (!value) return;
        auto* table = &file;
        for (std::size_t i = 0; table != nullptr && i + 1 < steps.size(); ++i) table = inside(*table, steps[i]);
        if (table == nullptr) return;
        if (steps.back().place)
            return mistake(fmt::format("{} names an element of a list, expected a value in it", change_.key), "");
        table->insert_or_assign(steps.back().name, std::move(*value->get("value")));
    }

  private:
    void mistake(std::string message, std::string hint) {
        toml::source_region nowhere;
        context_.add_mistake(nowhere, std::move(message), std::move(hint));
        context_.mistakes().back().where = change_.where;
    }

    std::optional<toml::table> parsed() {
        try {
            return toml::parse("value = " + change_.value, change_.where);
        } catch (const toml::parse_error& error) {
            mistake(fmt::format("{} is no value for {}: {}", change_.value, change_.key, error.description()),
                    "numbers as they are, texts in quotes");
            return std::nullopt;
        }
    }

    toml::table* inside(toml::table& table, const Step& step) {
        if (!table.contains(step.name)) table.insert(step.name, toml::table());
        auto* node = table.get(step.name);
        if (auto* list = node->as_array()) {
            const auto place = step.place.value_or(0);
            if (!step.place && list->size() != 1)
                return wrong(fmt::format("{} is a list of {}", step.name, list->size()));
            if (place >= list->size()) return wrong(fmt::format("{} has {} elements", step.name, list->size()));
            node = list->get(place);
        } else if (step.place) {
            return wrong(fmt::format("{} is no list", step.name));
        }
        auto* found = node->as_table();
        return found != nullptr ? found : wrong(fmt::format("{} is a value, not a table", step.name));
    }
    toml::table* wrong(const std::string& why) {
        mistake(fmt::format("{} does not lead anywhere: {}", change_.key, why),
                "elements of lists are counted from [0]");
        return nullptr;
    }

    const PlantChange& change_;
    ReaderContext& context_;
};

}  // namespace

void apply(const PlantChange& change, toml::table& file, ReaderContext& context) {
    Changer(change, context).apply(file);
}

}  // namespace loadstar
