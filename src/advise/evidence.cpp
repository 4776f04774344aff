#include "advise/evidence.hpp"

namespace loadstar::advise {
namespace {

constexpr double days_per_year = 365.25;
constexpr double hours_per_day = 24;

}  // namespace

double Evidence::years() const {
    if (billed) return static_cast<double>(billed->periods.size()) / static_cast<double>(periods_per_year);
    return static_cast<double>(window.slots) * window.step_hours().value() / hours_per_day / days_per_year;
}

Energy Evidence::energy_per_year() const {
    Energy sum;
    const auto add = [&sum](const Series& power) {
        for (int slot = 0; slot < power.size(); ++slot)
            sum += Power(power.at(slot).value_or(0)) * power.axis.step_hours();
    };
    if (site) add(site->power);
    if (!site)
        for (const auto& meter : meters) add(meter.power);
    return sum / years();
}

double Evidence::measured_share() const {
    double slots = 0;
    double measured = 0;
    if (billed) {
        for (const auto& bill : bills) {
            slots += bill.slots;
            measured += bill.slots - bill.missing_slots;
        }
    } else if (site) {
        slots = site->power.size();
        measured = site->power.valid_count();
    } else {
        for (const auto& meter : meters) {
            slots += meter.power.size();
            measured += meter.power.valid_count();
        }
    }
    return slots > 0 ? measured / slots : 0;
}

const char* to_string(Confidence confidence) {
    switch (confidence) {
        case Confidence::low: return "low";
        case Confidence::medium: return "medium";
        case Confidence::high: return "high";
    }
    return "low";
}

const char* to_string(Verdict verdict) {
    switch (verdict) {
        case Verdict::advised: return "advised";
        case Verdict::fine: return "fine";
        case Verdict::not_examined: return "not_examined";
    }
    return "not_examined";
}

}  // namespace loadstar::advise
