#include "service/report_words.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <map>
#include <string_view>

#include <fmt/format.h>

#include "base/text.hpp"

namespace loadstar::service {
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

/// The name within a sentence, where English does not capitalise it.
Text small(Text name) {
    if (!name.en.empty()) name.en.front() = lower(name.en.front());
    return name;
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

Text charge_name(const std::string& name) {
    const auto open = name.rfind(" (");
    if (open == std::string::npos || name.back() != ')') return usual_name(name);
    const auto base = usual_name(name.substr(0, open));
    const auto band = band_name(name.substr(open + 2, name.size() - open - 3));
    return {.en = fmt::format("{} ({})", base.en, small(band).en), .zh = fmt::format("{}（{}）", base.zh, band.zh)};
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
            return joined(name, small(name_of_id(series.substr(machine.id.size() + 1))));
    }
    for (const auto& source : plant.photovoltaics)
        if (source.series == series) return joined(name_of_id(source.id), {"generation", "发电"});
    return name_of_id(series);
}

Text machine_name(const Machine& machine) { return name_of(machine); }

Text reason_name(Reason reason) {
    switch (reason) {
        case Reason::measured: return {"measured", "实测"};
        case Reason::missing: return {"no reading came", "无读数"};
        case Reason::rejected_not_number: return {"not a number", "不是数字"};
        case Reason::rejected_not_finite: return {"not a finite number", "非有限数"};
        case Reason::rejected_spike: return {"above what the meter can carry", "超出表计量程"};
        case Reason::rejected_future: return {"stamped in the future", "时间戳在未来"};
        case Reason::rejected_negative: return {"negative where it cannot be", "不应为负"};
        case Reason::rejected_bad_stamp: return {"unreadable time stamp", "时间戳无法识别"};
        case Reason::rejected_skipped_hour: return {"a local time that never existed", "当地不存在的时刻"};
        case Reason::rejected_conflict: return {"two readings disagree", "两个读数相互矛盾"};
        case Reason::rejected_column_count: return {"wrong number of columns", "列数不符"};
        case Reason::rejected_encoding: return {"bytes that are no text", "编码无法识别"};
        case Reason::rejected_line_too_long: return {"line too long", "行过长"};
        case Reason::rejected_cut_off: return {"last line cut off", "末行被截断"};
        case Reason::register_reset: return {"counter was reset", "计数器清零"};
        case Reason::register_replaced: return {"meter was replaced", "更换了表计"};
        case Reason::rejected_frozen: return {"stuck sensor", "传感器卡死"};
        case Reason::rejected_unknown_key: return {"unknown key", "未知的键值"};
        case Reason::rejected_all_zero: return {"all columns zero: a logger's blank", "整行为零：记录仪空行"};
        case Reason::duplicate: return {"came twice, counted once", "重复读数，只计一次"};
        case Reason::corrected: return {"replaced by a later correction", "被后来的更正替换"};
        case Reason::register_rollover: return {"counter rolled over", "计数器翻转"};
        case Reason::repeated_hour: return {"repeated local hour, ordered by the file", "重复的当地时刻，按文件顺序"};
        case Reason::out_of_order: return {"out of order", "顺序颠倒"};
        case Reason::missing_means_zero: return {"missing means zero here", "此处缺失表示零"};
        case Reason::filled: return {"filled in", "插补"};
        case Reason::spread: return {"shared out over several slots", "分摊到多个时段"};
    }
    return usual_name(to_string(reason));
}

Text method_name(const std::string& method) {
    static const std::map<std::string, Text> known{
        {"seasonal_day", {"the day before, repeated", "重复前一天"}},
        {"seasonal_week", {"the same weekday of the week before, repeated", "重复上周同一天"}},
        {"seasonal_type", {"the last day of the same type, repeated", "重复最近的同类型日"}},
        {"seasonal_mean3", {"mean of the last three days of the same type", "最近三个同类型日的均值"}},
        {"seasonal_mean7", {"mean of the last seven days of the same type", "最近七个同类型日的均值"}},
        {"ridge", {"trained ridge regression on whole days, calibrated", "整日岭回归模型，已校准"}},
        {"ridge_hour", {"trained ridge regression for each hour, calibrated", "逐小时岭回归模型，已校准"}},
        {"stack",
         {"trained ridge regression and boosted trees, combined and calibrated", "岭回归与提升树组合模型，已校准"}},
    };
    // A "recent" model forgets the past; what it does is the same.
    constexpr std::string_view recent = "_recent";
    const auto found = known.find(method.ends_with(recent) ? method.substr(0, method.size() - recent.size()) : method);
    if (found != known.end()) return found->second;
    return {.en = in_words(method), .zh = in_words(method)};
}

Text day_text(LocalDay day) {
    static constexpr std::array<const char*, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const int year = static_cast<int>(day.year());
    const auto month = static_cast<unsigned>(day.month());
    const auto number = static_cast<unsigned>(day.day());
    return {.en = fmt::format("{} {} {}", number, months[month - 1], year),
            .zh = fmt::format("{}年{}月{}日", year, month, number)};
}

Text moment_text(const TimeZone& zone, Instant at) {
    const auto civil = zone.to_civil(at);
    const auto day = day_text(civil.date());
    const auto clock = fmt::format("{:02}:{:02}", civil.hour, civil.minute);
    return {.en = fmt::format("{}, {}", day.en, clock), .zh = fmt::format("{} {}", day.zh, clock)};
}

Text money_text(double amount, const std::string& currency) {
    const auto number = grouped(amount, std::abs(amount) < 1000 ? 2 : 0);
    return {.en = fmt::format("{} {}", currency, number),
            .zh = fmt::format("{} {}", number, currency == "CNY" ? "元" : currency)};
}

}  // namespace loadstar::service
