#include "service/alarms.hpp"

#include <nlohmann/json.hpp>

namespace loadstar::service {
namespace {

nlohmann::json instant_or_null(const std::optional<Instant>& instant, const TimeZone& zone) {
    return instant ? nlohmann::json(zone.format(*instant)) : nlohmann::json();
}

AlarmList empty_list(const Plant& plant) {
    return {.plant = plant.name, .zone = plant.time_zone, .currency = plant.currency};
}

}  // namespace

Result<AlarmList> list_alarms(Session& session, const historian::AlarmQuery& query) {
    auto list = empty_list(session.plant());
    LOADSTAR_TRY(list.alarms, historian::alarms(session.historian(), query));
    return list;
}

Result<AlarmLife> move_alarm(Session& session, historian::AlarmTransition step) {
    step.at = session.clock().now();
    LOADSTAR_CHECK(historian::transition_alarm(session.historian(), step));
    AlarmLife life{.list = empty_list(session.plant()), .steps = {}};
    LOADSTAR_TRY(const auto all, historian::alarms(session.historian(), {.now = step.at}));
    for (const auto& alarm : all) {
        if (alarm.id == step.alarm) life.list.alarms.push_back(alarm);
    }
    LOADSTAR_TRY(life.steps, historian::alarm_transitions(session.historian(), step.alarm));
    return life;
}

nlohmann::json alarms_json(const AlarmList& list) {
    auto json = nlohmann::json::array();
    for (const auto& alarm : list.alarms) {
        auto one = nlohmann::json::parse(alarm.payload);
        one["id"] = alarm.id;
        one["series"] = alarm.series;
        one["pattern"] = alarm.kind;
        one["start"] = list.zone.format(alarm.start);
        one["state"] = to_string(alarm.state);
        one["shelved_until"] = instant_or_null(alarm.shelved_until, list.zone);
        json.push_back(std::move(one));
    }
    return json;
}

nlohmann::json to_json(const AlarmList& list) {
    return {{"schema", "loadstar.alarms/1"},
            {"plant", list.plant},
            {"currency", list.currency},
            {"alarms", alarms_json(list)}};
}

nlohmann::json to_json(const AlarmLife& life) {
    nlohmann::json json{{"schema", "loadstar.alarm/1"},
                        {"plant", life.list.plant},
                        {"currency", life.list.currency},
                        {"alarm", alarms_json(life.list).at(0)},
                        {"steps", nlohmann::json::array()}};
    for (const auto& step : life.steps) {
        json["steps"].push_back({{"at", life.list.zone.format(step.at)},
                                 {"state", to_string(step.state)},
                                 {"until", instant_or_null(step.until, life.list.zone)},
                                 {"by", step.actor},
                                 {"note", step.note}});
    }
    return json;
}

}  // namespace loadstar::service
