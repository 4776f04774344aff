// Faults written into clean weeks of real meters, and how many of them `detect` finds, how soon, beside the false
// alarms on the same meters untouched. Settings were chosen on the first half of each series; the second half is
// reported. Baseline: |residual| above three standard deviations of its own past, on the same day-ahead residual, in
// the same run. Usage: detection [tune|report] [weeks with faults]

#include <chrono>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <map>

#include <fmt/format.h>

#include "detect/detector.hpp"
#include "detection_meters.hpp"
#include "forecast/forecaster.hpp"
#include "simulate/random.hpp"
#include "support/shared.hpp"

namespace loadstar::bench {
namespace {

constexpr double days_per_month = 365.25 / 12;
constexpr std::array<double, 3> sizes{0.05, 0.10, 0.20};

/// An alarm, whoever raised it.
struct Found {
    Instant start;
    Instant detected;
    Instant end;
    double sign = 1;
};

struct Run {
    std::vector<Found> alarms;
};

std::vector<forecast::Forecast> forecasts(const CleanMeter& meter, const Series& measured, LocalDay from) {
    const features::TargetHistory history{.target = measured, .zone = meter.zone, .calendar = meter.calendar};
    NoProgress progress;
    const auto to = meter.zone.day_of(measured.axis.end());
    return forecast::roll_forecasts(forecast::SeasonalForecaster(), history, {.from = from, .to = to}, progress)
        .value();
}

Run watch(const Meter& meter, detect::DetectInput input) {
    NoProgress progress;
    input.warmup = meter.warmup;
    const auto report = detect::detect(input, meter.clean.zone, meter.clean.calendar, progress).value();
    Run run;
    for (const auto& alarm : report.alarms)
        run.alarms.push_back({alarm.start, alarm.detected, alarm.end, alarm.excess_kwh >= 0 ? 1.0 : -1.0});
    return run;
}

/// The plain baseline: a fixed number of standard deviations of the last eight weeks, refitted every week.
Run baseline(const detect::DetectInput& input, double sigmas) {
    const auto& measured = input.measured;
    const auto& expected = input.expectations.front().expected;
    const int day = static_cast<int>(hours(24) / measured.axis.step);
    Run run;
    double sigma = 0;
    int last_above = -day;
    for (int slot = 42 * day; slot < measured.size(); ++slot) {
        if (slot % (7 * day) == 0) {
            double square = 0;
            int count = 1;
            for (int past = std::max(0, slot - 56 * day); past < slot; ++past) {
                if (!measured.has(past) || !expected.has(past)) continue;
                const auto at = static_cast<std::size_t>(past);
                square += std::pow(measured.values[at] - expected.values[at], 2);
                ++count;
            }
            sigma = std::sqrt(square / count);
        }
        if (!measured.has(slot) || !expected.has(slot)) continue;
        const auto at = static_cast<std::size_t>(slot);
        const double residual = measured.values[at] - expected.values[at];
        if (std::abs(residual) <= sigmas * sigma) continue;
        const auto here = measured.axis.slot_start(slot);
        if (slot - last_above > day / 6) {
            run.alarms.push_back({here, here + measured.axis.step, here, residual > 0 ? 1.0 : -1.0});
        }
        run.alarms.back().end = here + measured.axis.step;
        last_above = slot;
    }
    return run;
}

enum class Half { tuning = 0, report = 1 };

int alarms_in(const Run& run, Instant from, Instant to) {
    int count = 0;
    for (const auto& alarm : run.alarms) count += alarm.detected >= from && alarm.detected < to ? 1 : 0;
    return count;
}

struct Window {
    Instant from;
    Instant to;
    double months = 0;  ///< of slots with a reading
};

Window window_of(const Meter& meter, Half half) {
    const auto& axis = meter.clean.measured.axis;
    const auto warm = axis.start + hours(24 * (meter.warmup.scale_days + meter.warmup.calibration_days + 14));
    auto window = half == Half::tuning ? Window{warm, meter.split} : Window{meter.split, axis.end()};
    for (int slot = axis.slot_of(window.from); slot < axis.slot_of(window.to); ++slot)
        window.months += meter.clean.measured.has(slot) ? axis.step_hours().value() / (24 * days_per_month) : 0;
    return window;
}

detect::DetectInput input_of(const Meter& meter, const Series& measured, std::vector<forecast::Forecast> forecasts) {
    return {.measured = measured,
            .expectations = {detect::forecast_expectation(measured, forecasts),
                             detect::profile_expectation(measured, meter.clean.zone, meter.clean.calendar)},
            .price_per_kwh = {},
            .watch_from = measured.axis.start};
}

detect::DetectInput clean_input(const Meter& meter) {
    const auto& measured = meter.clean.measured;
    const auto first = add_days(meter.clean.zone.day_of(measured.axis.start), 7);
    return input_of(meter, measured, forecasts(meter.clean, measured, first));
}

Series until(const Series& series, Instant end) {
    auto axis = series.axis;
    axis.slots = std::min(axis.slots, axis.slot_of(end));
    return series.window(axis);
}

/// What a watcher sees when a fault was written in: forecasts made after its start know it.
detect::DetectInput faulty_input(const Meter& meter, const detect::DetectInput& clean, const Fault& fault) {
    const auto measured = until(fault.measured, fault.end + hours(48));
    auto input = input_of(meter, measured, forecasts(meter.clean, measured, meter.clean.zone.day_of(fault.start)));
    auto& forecast = input.expectations.front().expected;
    const int first = measured.axis.slot_of(fault.start);
    for (int slot = 0; slot < first; ++slot)
        if (const auto value = clean.expectations.front().expected.at(slot)) forecast.set(slot, *value);
    input.watch_from = fault.start - hours(24 * 8);
    return input;
}

void print_false_alarms(const char* title, const std::vector<Meter>& meters, Half half) {
    fmt::print("\n{}: false alarms per month and meter, on untouched data\n{:<14}{:>8}", title, "meter", "months");
    constexpr std::array<double, 4> numbers{0.5, 1, 2, 4};
    for (const double number : numbers) fmt::print("{:>14}", fmt::format("set {}", number));
    fmt::print("{:>14}\n", "3 sigma");
    std::array<double, 5> all{};
    double months = 0;
    for (const auto& meter : meters) {
        const auto window = window_of(meter, half);
        months += window.months;
        fmt::print("{:<14}{:>8.1f}", meter.clean.name, window.months);
        auto input = clean_input(meter);
        for (std::size_t n = 0; n < numbers.size(); ++n) {
            input.false_alarms_per_month = numbers[n];
            const int found = alarms_in(watch(meter, input), window.from, window.to);
            all[n] += found;
            fmt::print("{:>14.2f}", found / window.months);
        }
        const int found = alarms_in(baseline(input, 3), window.from, window.to);
        all[4] += found;
        fmt::print("{:>14.2f}\n", found / window.months);
        std::fflush(stdout);
    }
    fmt::print("{:<14}{:>8.1f}", "all", months);
    for (const double count : all) fmt::print("{:>14.2f}", count / months);
    fmt::print("\n");
}

/// Whether a run saw a fault, and when: an alarm raised while the fault lasted or a day later, in its direction.
std::optional<double> delay_hours(const Run& run, const Fault& fault) {
    for (const auto& alarm : run.alarms) {
        const bool in_time = alarm.detected > fault.start && alarm.detected <= fault.end + hours(24);
        if (in_time && (fault.sign == 0 || alarm.sign == fault.sign))
            return std::chrono::duration<double, std::ratio<3600>>(alarm.detected - fault.start).count();
    }
    return std::nullopt;
}

struct Tally {
    int tried = 0;
    std::vector<double> delays;
    int baseline = 0;
    int tuned_baseline = 0;
};

/// Mondays whose three weeks hold no alarm of the clean run.
std::vector<LocalDay> clean_mondays(const Meter& meter, const Run& clean, Window window) {
    std::vector<LocalDay> found;
    auto monday = meter.clean.zone.day_of(window.from + hours(24));
    while (weekday_from_monday(monday) != 0) monday = add_days(monday, 1);
    for (; meter.clean.zone.start_of_day(add_days(monday, 9)) < window.to; monday = add_days(monday, 7)) {
        const auto from = meter.clean.zone.start_of_day(monday) - hours(24);
        const auto to = from + hours(24 * 9);
        bool quiet = true;
        for (const auto& alarm : clean.alarms) quiet = quiet && (alarm.end <= from || alarm.start >= to);
        if (quiet) found.push_back(monday);
    }
    return found;
}

/// Multiple of sigma at which the baseline raises one alarm a month on the tuning half.
double tuned_sigmas(const Meter& meter, const detect::DetectInput& input) {
    const auto window = window_of(meter, Half::tuning);
    for (double sigmas = 1; sigmas < 30; sigmas += 0.1) {
        if (alarms_in(baseline(input, sigmas), window.from, window.to) <= window.months) return sigmas;
    }
    return 30;
}

void print_recall(const Meter& meter, Half half, std::size_t weeks) {
    const auto window = window_of(meter, half);
    const auto clean = clean_input(meter);
    const double sigmas = tuned_sigmas(meter, clean);
    auto mondays = clean_mondays(meter, watch(meter, clean), window);
    simulate::Random random(7);
    while (mondays.size() > weeks)
        mondays.erase(mondays.begin() + static_cast<std::ptrdiff_t>(random.uniform() * double(mondays.size())));
    fmt::print(
        "\n{}: faults in {} clean weeks, one false alarm a month; baseline 3 sigma, and {:.1f} sigma which gives one "
        "alarm a month in the first half\n",
        meter.clean.name, mondays.size(), sigmas);
    fmt::print("{:<22}{:>6}{:>7}{:>9}{:>16}{:>10}{:>10}\n", "kind", "size", "weeks", "found", "median delay h",
               "3 sigma", "tuned");
    std::map<double, Tally> by_size;
    for (int kind = 0; kind < kind_count; ++kind) {
        for (const double size : sizes) {
            Tally tally;
            for (const auto monday : mondays) {
                const auto fault = inject(meter.clean, kind, size, monday);
                const auto input = faulty_input(meter, clean, fault);
                auto untouched = fault;
                untouched.measured = meter.clean.measured;
                // An alarm that comes without the fault too is no find: such weeks are left out.
                if (delay_hours(watch(meter, faulty_input(meter, clean, untouched)), fault)) continue;
                ++tally.tried;
                if (const auto delay = delay_hours(watch(meter, input), fault)) tally.delays.push_back(*delay);
                tally.baseline += delay_hours(baseline(input, 3), fault) ? 1 : 0;
                tally.tuned_baseline += delay_hours(baseline(input, sigmas), fault) ? 1 : 0;
            }
            std::sort(tally.delays.begin(), tally.delays.end());
            const auto share = [&](std::size_t n) { return 100.0 * double(n) / std::max(1, tally.tried); };
            fmt::print("{:<22}{:>4.0f} %{:>7}{:>7.0f} %{:>16}{:>8.0f} %{:>8.0f} %\n", kind_names[std::size_t(kind)],
                       100 * size, tally.tried, share(tally.delays.size()),
                       tally.delays.empty() ? "-" : fmt::format("{:.1f}", tally.delays[tally.delays.size() / 2]),
                       share(std::size_t(tally.baseline)), share(std::size_t(tally.tuned_baseline)));
            std::fflush(stdout);
            auto& sum = by_size[size];
            sum.tried += tally.tried;
            sum.delays.insert(sum.delays.end(), tally.delays.begin(), tally.delays.end());
            sum.baseline += tally.baseline;
            sum.tuned_baseline += tally.tuned_baseline;
        }
    }
    for (const auto& [size, sum] : by_size) {
        fmt::print("{:<22}{:>4.0f} %{:>7}{:>7.0f} %{:>16}{:>8.0f} %{:>8.0f} %\n", "all kinds", 100 * size, sum.tried,
                   100.0 * double(sum.delays.size()) / sum.tried, "", 100.0 * sum.baseline / sum.tried,
                   100.0 * sum.tuned_baseline / sum.tried);
    }
}

}  // namespace
}  // namespace loadstar::bench

int main(int argc, char** argv) {
    using namespace loadstar;
    using namespace loadstar::bench;
    const auto shared = test_support::shared_folder();
    if (!shared) {
        fmt::print("skipped: no folder with the published data (LOADSTAR_SHARED)\n");
        return 0;
    }
    const auto half = argc > 1 && std::strcmp(argv[1], "tune") == 0 ? Half::tuning : Half::report;
    const std::size_t weeks = argc > 2 ? std::size_t(std::atoi(argv[2])) : 8;
    fmt::print("{} half of each series\n", half == Half::tuning ? "first (tuning)" : "second");
    auto meters = steel_works(*shared);
    for (auto& one : foundry(*shared)) meters.push_back(std::move(one));
    for (auto& meter : meters) measure_levels(meter.clean);
    const auto start = std::chrono::steady_clock::now();
    print_false_alarms("steel works and foundry", meters, half);
    fmt::print("{:.1f} s\n", std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
    auto machines = three_machines(*shared);
    for (std::size_t i = 0; i < machines.size(); ++i) {
        machines[i] = drawn_year(machines[i], i);
        measure_levels(machines[i].clean);
    }
    print_false_alarms("three machines, a year each drawn from their three weeks", machines, half);
    if (weeks > 0) {
        print_recall(meters[0], half, weeks);
        for (const auto& machine : machines) print_recall(machine, half, weeks);
    }
    fmt::print("{:.1f} s\n", std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
    return 0;
}
