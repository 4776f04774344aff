// Writes the measured series that a forecasting network is pre-trained on: bench/pretraining_series --help.
#include <cstdio>
#include <exception>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "megatron/safetensors_writer.hpp"
#include "pretraining_germany.hpp"
#include "pretraining_grids.hpp"
#include "pretraining_held_out_values.hpp"
#include "pretraining_hold_out.hpp"
#include "pretraining_plants.hpp"
#include "support/shared.hpp"

namespace loadstar::bench {
namespace {

constexpr const char* help = R"(Gathers public measured series into one file for pre-training.

usage: pretraining_series OUT.safetensors

Each tensor is f32 [variate, point], NaN = missing, named dataset/series; its metadata entry is
{"roles": ["target" | "past" | "ahead", ...], "step_minutes": 60}. The first variate is a target.

The series are read from $LOADSTAR_SHARED. What comparisons are scored on is left out: by name (ETT, GEFCom2014-E,
FICUS), and by time as printed for each tensor. No file is written when anything of it is found in the result.
)";

/// All panels as they were read.
std::vector<Panel> read_all(const std::filesystem::path& shared) {
    std::vector<Panel> all;
    const auto take = [&all](std::vector<Panel> panels) {
        all.insert(all.end(), std::make_move_iterator(panels.begin()), std::make_move_iterator(panels.end()));
    };
    take(steel_works(shared));
    take(pulp_mill(shared));
    take(small_shop(shared));
    take(homes(shared));
    take(meters(shared));
    take(household(shared));
    take(chemical_process(shared));
    take(eastern_areas(shared));
    take(utility(shared));
    take(day_ahead_prices(shared));
    take(price_and_carbon(shared, "DE-LU", "de", "Europe/Berlin"));
    take(price_and_carbon(shared, "KR", "kr", "Asia/Seoul"));
    take(irish_pool(shared));
    take(german_grid(shared));
    take(german_mix(shared));
    take(german_carbon(shared));
    take(irradiance(shared));
    take(counted_things(shared));
    return all;
}

const char* name_of(Role role) {
    switch (role) {
        case Role::target: return "target";
        case Role::past: return "past";
        case Role::ahead: return "ahead";
    }
    return "";
}

int step_minutes(const Panel& panel) { return static_cast<int>(panel.axis.step / minutes(1)); }

std::string metadata_of(const Panel& panel) {
    nlohmann::ordered_json json{{"roles", nlohmann::ordered_json::array()}, {"step_minutes", step_minutes(panel)}};
    for (const auto& variate : panel.variates) json["roles"].push_back(name_of(variate.role));
    return json.dump();
}

void print(const Panel& panel) {
    const auto& span = span_of(panel.name);
    fmt::print("{:<40} {:>2} x {:>6} at {:>2} min, {:>5.1f} % missing, {} .. {}; held out: {}from {} ({})\n",
               panel.name, panel.variates.size(), panel.axis.slots, step_minutes(panel), 100 * panel.share_missing(),
               to_string(panel.axis.start), to_string(panel.axis.slot_start(panel.axis.slots - 1)),
               span.from.empty() ? "" : fmt::format("before {} and ", span.from), span.until, span.why);
}

Result<void> write(const std::filesystem::path& file, const std::vector<Panel>& panels) {
    std::vector<Row> rows;
    std::vector<megatron::NamedTensor> tensors;
    std::map<std::string, std::string> metadata;
    for (const auto& panel : panels) {
        Row values;
        for (const auto& variate : panel.variates)
            values.insert(values.end(), variate.values.begin(), variate.values.end());
        rows.push_back(std::move(values));
    }
    for (std::size_t at = 0; at < panels.size(); ++at) {
        const auto& panel = panels[at];
        const std::vector<std::int64_t> shape{static_cast<std::int64_t>(panel.variates.size()), panel.axis.slots};
        const auto bytes = std::as_bytes(std::span<const float>(rows[at]));
        tensors.push_back({panel.name, megatron::contiguous_view(megatron::ScalarType::f32, shape, bytes)});
        if (!metadata.emplace(panel.name, metadata_of(panel)).second)
            return Error{ErrorCode::internal, "two tensors have one name: " + panel.name};
    }
    NoProgress progress;
    return megatron::write_safetensors(file, tensors, metadata, progress);
}

int run(const std::string& out) {
    const auto shared = test_support::shared_folder();
    if (!shared) {
        fmt::print("skipped: data not found\n");
        return 0;
    }
    const auto whole = read_all(*shared);
    std::vector<Panel> panels;
    for (const auto& panel : whole) panels.push_back(learnable(panel));
    const auto held_out = held_out_values(*shared, whole);
    check_nothing_held_out(panels, held_out);
    std::size_t values = 0;
    for (const auto& panel : panels) {
        print(panel);
        values += panel.variates.size() * static_cast<std::size_t>(panel.axis.slots);
    }
    fmt::print("not at all: ETT, GEFCom2014-E, FICUS. None of {} held-out stretches of 48 points is in the file.\n",
               held_out.size());
    if (const auto written = write(out, panels); !written) {
        fmt::print(stderr, "{}\n", to_string(written.error()));
        return 1;
    }
    fmt::print("{} tensors, {} values, {}\n", panels.size(), values, out);
    return 0;
}

}  // namespace
}  // namespace loadstar::bench

int main(int count, char** arguments) {
    const std::string argument = count == 2 ? arguments[1] : "--help";
    if (argument == "--help") {
        fmt::print("{}", loadstar::bench::help);
        return count == 2 ? 0 : 2;
    }
    try {
        return loadstar::bench::run(argument);
    } catch (const std::exception& error) {
        fmt::print(stderr, "pretraining_series: {}\n", error.what());
        return 1;
    }
}
