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

/// "reactive_lagging" as "reactive lagging": ids are words joined by marks.
std::string in_words(std::string id) {
    std::ranges::replace_if(
        id, [](char c) { return c == '_' || c == '.'; }, ' ');
    return id;
}

}  // namespace

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
        {"ridge_plan", {"trained ridge regression on what is planned, calibrated", "基于已知计划的岭回归模型，已校准"}},
        {"stack",
         {"trained ridge regression and boosted trees, combined and calibrated", "岭回归与提升树组合模型，已校准"}},
        {"network", {"pre-trained forecasting network, calibrated", "预训练预测网络，已校准"}},
        {"network_tuned", {"forecasting network tuned to this plant, calibrated", "针对本厂微调的预测网络，已校准"}},
        {"network_stack",
         {"forecasting network, ridge regression and boosted trees, combined and calibrated",
          "预测网络、岭回归与提升树组合模型，已校准"}},
        {"network_tuned_stack",
         {"tuned forecasting network, ridge regression and boosted trees, combined and calibrated",
          "微调预测网络、岭回归与提升树组合模型，已校准"}},
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
