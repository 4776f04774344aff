// Files of the production: machine states, counters, plan and orders.
#include <fmt/format.h>

#include "simulate/crew.hpp"
#include "simulate/plant_files.hpp"

namespace loadstar::simulate {
namespace {

const char* chinese(Mode mode) {
    switch (mode) {
        case Mode::off: return "关机";
        case Mode::standby: return "待机";
        case Mode::heat_up: return "升温";
        case Mode::run: return "运行";
    }
    return "";
}

std::string minute_text(const CivilTime& time) {
    return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}", time.year, time.month, time.day, time.hour, time.minute);
}

/// Ovens make no pieces of their own.
bool counts_pieces(const Machine& machine) { return !machine.pieces_series.empty(); }

}  // namespace

LogFile machine_states_file(const Plant& plant, const Recording& recording) {
    LogFile file("data/machine_states.csv", {.encoding = "GB18030", .line_end = "\r\n"}, {"时间,设备,状态"});
    for (std::size_t slot = 0; slot < recording.steps.size(); ++slot) {
        const auto& step = recording.steps[slot];
        const auto civil = plant.time_zone.to_civil(step.start);
        for (std::size_t m = 0; m < plant.machines.size(); ++m) {
            const auto mode = step.machines[m].mode;
            const bool changed = slot == 0 || recording.steps[slot - 1].machines[m].mode != mode;
            if (!changed && civil.minute_of_day() != 0) continue;
            file.add(fmt::format("{}:00,{},{}", minute_text(civil), plant.machines[m].id, chinese(mode)));
        }
    }
    return file;
}

LogFile production_file(const Plant& plant, const Recording& recording) {
    LogFile file("data/production.txt", {.delimiter = '\t'}, {"from\tmachine\tgood"});
    for (const auto& step : recording.steps) {
        for (std::size_t m = 0; m < plant.machines.size(); ++m) {
            const int pieces = step.machines[m].pieces;
            if (pieces == 0 || !counts_pieces(plant.machines[m])) continue;
            file.add(fmt::format("{}\t{}\t{}", minute_text(plant.time_zone.to_civil(step.start)), plant.machines[m].id,
                                 pieces));
        }
    }
    return file;
}

LogFile production_plan_file(const Plant& plant, const Recording& recording) {
    LogFile file("data/production_plan.csv", {}, {"hour,planned_boards"});
    const auto& zone = plant.time_zone;
    for (const auto& [day, boards] : recording.planned_boards) {
        std::vector<Instant> crewed;
        const auto end = zone.start_of_day(add_days(day, 1));
        for (auto hour = zone.start_of_day(day); hour < end; hour += hours(1))
            if (is_crewed(plant, hour)) crewed.push_back(hour);
        for (auto hour = zone.start_of_day(day); hour < end; hour += hours(1)) {
            const double share = is_crewed(plant, hour) ? 1.0 / static_cast<double>(crewed.size()) : 0;
            file.add(fmt::format("{},{:.1f}", minute_text(zone.to_civil(hour)), share * boards));
        }
    }
    return file;
}

LogFile orders_file(const Plant& plant, const Recording& recording) {
    LogFile file("data/orders.csv", {}, {"order,product,boards,released,due,finished"});
    const auto text = [&plant](Instant at) { return minute_text(plant.time_zone.to_civil(at)); };
    for (const auto& order : recording.orders) {
        const bool past = order.finished && *order.finished <= recording.axis.start;
        if (past || order.release >= recording.axis.end()) continue;
        file.add(fmt::format("{},{},{},{},{},{}", order.id, products()[order.product].id, order.quantity,
                             text(order.release), text(order.due), order.finished ? text(*order.finished) : ""));
    }
    return file;
}

}  // namespace loadstar::simulate
