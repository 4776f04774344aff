#include "site/names.hpp"

#include <algorithm>
#include <cctype>
#include <map>
#include <string_view>

#include <fmt/format.h>

namespace loadstar {
namespace {

/// What things are usually called.
struct Words {
    std::string_view en;
    std::string_view zh;
};

constexpr Words usual_names[] = {
    {"Energy", "电度电费"},
    {"Line loss", "线损费用"},
    {"Line losses", "线损费用"},
    {"Transmission and distribution", "输配电费"},
    {"System operation", "系统运行费"},
    {"Government funds", "政府性基金及附加"},
    {"Contracted demand", "合同需量电费"},
    {"Demand", "需量电费"},
    {"Demand charge", "需量电费"},
    {"Capacity", "容量电费"},
    {"Capacity charge", "容量电费"},
    {"Power factor adjustment", "力调电费"},
    {"Power factor", "力调电费"},
    {"Value added tax", "增值税"},
    {"Basic charge", "基本费用"},
    {"Export", "上网电费"},
    {"Electricity", "电力"},
    {"Gas", "天然气"},
    {"Natural gas", "天然气"},
    {"Steam", "蒸汽"},
    {"Water", "水"},
    {"Compressed air", "压缩空气"},
    {"Main meter", "总表"},
    {"Battery", "储能电池"},
    {"Compressor", "空压机"},
    {"Chiller", "冷水机组"},
    {"Compressors", "空压机"},
    {"Photovoltaics", "光伏"},
    {"Roof", "屋顶光伏"},
    {"Lighting", "照明"},
    {"Offices", "办公"},
    {"Offices and servers", "办公与机房"},
    {"Ventilation", "通风"},
    {"Clean-room ventilation", "洁净室通风"},
    {"Nitrogen generator", "制氮机"},
    {"Waste water treatment", "废水处理"},
    {"Wastewater", "废水处理"},
    {"Waste water", "污水"},
    {"Supplier's meter", "供电关口表"},
    {"Gas meter", "燃气表"},
    {"Water meter", "水表"},
    {"Machine", "设备"},
    {"SMT line", "贴片线"},
    {"Reflow oven", "回流焊炉"},
    {"Wave soldering", "波峰焊"},
    {"Coating and curing", "涂覆与固化"},
    {"Burn-in chambers", "老化房"},
    {"Test bay", "测试区"},
    {"Curing oven", "固化炉"},
    {"Irradiance", "辐照度"},
    {"Forecast irradiance", "预报辐照度"},
    {"Forecast temperature", "预报温度"},
    {"Temperature", "温度"},
    {"Outdoor temperature", "室外温度"},
    {"Tariff band", "电价时段"},
    {"Price", "电价"},
    {"Power", "功率"},
    {"State", "状态"},
    {"Pieces", "产量"},
    {"Cycle time", "节拍"},
    {"Product", "产品"},
};

char lower(char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); }

bool same_word(std::string_view a, std::string_view b) {
    return std::ranges::equal(a, b,
                              [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

/// "reactive_lagging" as "reactive lagging": ids are words joined by marks.
std::string in_words(std::string id) {
    std::ranges::replace_if(
        id, [](char c) { return c == '_' || c == '.'; }, ' ');
    return id;
}

Text joined(const Text& owner, const Text& what) {
    return {.en = owner.en + ", " + what.en, .zh = owner.zh + "，" + what.zh};
}

/// The name of a meter or machine.
template <class Named>
Text name_of(const Named& thing) {
    return usual_name(thing.name.empty() ? in_words(thing.id) : thing.name);
}

}  // namespace

Text usual_name(const std::string& name) {
    // "SMT line 2" is the second "SMT line".
    if (const auto last = name.find_last_not_of("0123456789"); last + 1 < name.size() && name[last] == ' ') {
        const auto kind = usual_name(name.substr(0, last));
        return {.en = kind.en + name.substr(last), .zh = kind.zh + name.substr(last)};
    }
    const auto* known =
        std::ranges::find_if(usual_names, [&](const Words& one) { return same_word(one.en, name) || one.zh == name; });
    if (known == std::end(usual_names)) return {.en = name, .zh = name};
    return {.en = known->zh == name ? std::string(known->en) : name, .zh = std::string(known->zh)};
}

Text name_of_id(const std::string& id) {
    auto words = in_words(id);
    if (!words.empty()) words.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(words.front())));
    return usual_name(words);
}

Text band_name(const std::string& band) {
    static const std::map<std::string, Text> known{{"critical", {"Critical peak", "尖峰"}},
                                                   {"sharp", {"Critical peak", "尖峰"}},
                                                   {"peak", {"Peak", "高峰"}},
                                                   {"flat", {"Flat", "平段"}},
                                                   {"standard", {"Standard", "平段"}},
                                                   {"shoulder", {"Shoulder", "平段"}},
                                                   {"valley", {"Valley", "低谷"}},
                                                   {"off_peak", {"Off-peak", "低谷"}},
                                                   {"deep_valley", {"Deep valley", "深谷"}}};
    const auto found = known.find(band);
    if (found != known.end()) return found->second;
    return {.en = in_words(band), .zh = in_words(band)};
}

Text in_sentence(Text name) {
    // "SMT line" and "PV" are written large everywhere.
    const bool is_word = name.en.size() < 2 || std::islower(static_cast<unsigned char>(name.en[1])) != 0;
    if (!name.en.empty() && is_word) name.en.front() = lower(name.en.front());
    return name;
}

Text charge_name(const std::string& name) {
    const auto open = name.rfind(" (");
    if (open == std::string::npos || name.back() != ')') return usual_name(name);
    const auto base = usual_name(name.substr(0, open));
    const auto band = band_name(name.substr(open + 2, name.size() - open - 3));
    return {.en = fmt::format("{} ({})", base.en, in_sentence(band).en),
            .zh = fmt::format("{}（{}）", base.zh, band.zh)};
}

Text series_name(const Plant& plant, const std::string& series) {
    for (const auto& meter : plant.meters) {
        const auto name = name_of(meter);
        if (meter.series == series) return name;
        if (meter.reactive_lagging_series == series) return joined(name, {"reactive lagging", "感性无功"});
        if (meter.reactive_leading_series == series) return joined(name, {"reactive leading", "容性无功"});
    }
    for (const auto& machine : plant.machines) {
        const auto name = name_of(machine);
        if (machine.power_series == series) return joined(name, {"power", "功率"});
        if (machine.state_series == series) return joined(name, {"state", "状态"});
        if (machine.pieces_series == series) return joined(name, {"pieces", "产量"});
        // "mill.cycle_time" belongs to the machine "mill".
        if (series.starts_with(machine.id + "."))
            return joined(name, in_sentence(name_of_id(series.substr(machine.id.size() + 1))));
    }
    for (const auto& source : plant.photovoltaics)
        if (source.series == series) return joined(name_of_id(source.id), {"generation", "发电"});
    return name_of_id(series);
}

Text shiftable_load_name(const Plant& plant, const ShiftableLoad& load) {
    const auto meter = std::ranges::find_if(
        plant.meters, [&load](const Meter& one) { return !load.series.empty() && one.series == load.series; });
    return meter == plant.meters.end() ? name_of_id(load.id) : name_of(*meter);
}

Text meter_name(const Meter& meter) { return name_of(meter); }

Text machine_name(const Machine& machine) { return name_of(machine); }

}  // namespace loadstar
