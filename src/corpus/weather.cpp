#include "corpus/weather.hpp"

#include <algorithm>
#include <numbers>

#include "corpus/cycle.hpp"
#include "corpus/oscillator.hpp"
#include "corpus/process.hpp"

namespace loadstar::corpus {
namespace {

constexpr double turn = 2 * std::numbers::pi;

/// A process that remembers `hours`; deviation 1.
class Memory {
  public:
    Memory(Random& random, const Clock& clock, double hours)
        : keep_(std::exp(-1 / std::max(0.05, clock.points_in(hours)))),
          kick_(std::sqrt(1 - keep_ * keep_)),
          state_(random.normal()) {}
    double next(Random& random) { return state_ = keep_ * state_ + kick_ * random.normal(); }

  private:
    double keep_;
    double kick_;
    double state_;
};

/// A wave of one day or one year, highest where its phase is `highest`.
Oscillator yearly(const Clock& clock, double highest) {
    return {turn * clock.step_minutes / Clock::minutes_per_year, turn * (clock.year_phase(0) - highest)};
}
Oscillator daily_wave(const Clock& clock, double highest) {
    return {turn * clock.step_minutes / Clock::minutes_per_day, turn * (clock.day_phase(0) - highest)};
}

}  // namespace

void make_temperature(Random& random, const Clock& clock, Row row) {
    const double mean = random.uniform(2, 26);
    const double annual = random.uniform(2, 15);
    const double daily = clock.has_days() ? random.uniform(1, 7) : 0;
    const Cycle day = harmonic_cycle(random, random.integer(1, 3), 2.2);
    Memory front(random, clock, random.uniform(30, 120));
    Memory gust(random, clock, random.uniform(0.5, 6));
    Memory sky(random, clock, random.uniform(15, 60));
    const double fronts = random.uniform(1.5, 5);
    const double gusts = random.log_uniform(0.05, 0.8);
    Oscillator season = yearly(clock, random.uniform(0.5, 0.6));
    double slow_front = 0;
    const double inertia = 1 - std::exp(-1 / std::max(0.05, clock.points_in(random.uniform(2, 10))));
    for (std::size_t i = 0; i < row.size(); ++i) {
        const int point = static_cast<int>(i);
        const double year = season.next();
        slow_front += inertia * (front.next(random) - slow_front);
        const double swing = daily * std::max(0.15, 1 + 0.45 * sky.next(random) + 0.2 * year);
        row[i] = mean + annual * year + fronts * slow_front + swing * day.at(clock.day_phase(point)) +
                 gusts * gust.next(random);
    }
}

void make_irradiance(Random& random, const Clock& clock, Row row) {
    const double latitude = random.uniform(0.1, 0.95);  // rad
    const double latitude_sine = std::sin(latitude);
    const double latitude_cosine = std::cos(latitude);
    Oscillator season = yearly(clock, 0.47);
    Oscillator hour = daily_wave(clock, random.uniform(0.46, 0.56));
    Memory weather(random, clock, random.uniform(10, 60));
    Memory cloud(random, clock, random.uniform(0.3, 3));
    const double cloudiness = random.uniform(-0.8, 1.2);
    const double patchy = random.uniform(0.1, 1);
    const bool has_days = clock.has_days();
    for (std::size_t i = 0; i < row.size(); ++i) {
        const double declination = 0.409 * season.next();  // rad
        const double towards_noon = hour.next();
        const double height = latitude_sine * declination + latitude_cosine * (has_days ? towards_noon : 0.7);
        if (height <= 0) {  // the clouds go on by night
            weather.next(random);
            row[i] = 0;
            continue;
        }
        const double cover =
            1 / (1 + std::exp(-2 * (weather.next(random) + patchy * cloud.next(random) + cloudiness - 0.5)));
        row[i] = height * (0.8 + 0.2 * height) * (1 - 0.8 * cover);
    }
}

void make_wind_speed(Random& random, const Clock& clock, Row row) {
    Memory weather(random, clock, random.uniform(10, 60));
    Memory gust(random, clock, random.uniform(0.3, 3));
    const double mean = random.uniform(3, 9);
    const double daily = random.uniform(0, 0.25);
    Oscillator hour = daily_wave(clock, 0.6);
    const double strength = random.uniform(0.3, 0.55);
    for (std::size_t i = 0; i < row.size(); ++i) {
        const double day = daily * hour.next();
        const double log_speed = strength * weather.next(random) + 0.15 * gust.next(random) + day;
        row[i] = mean * std::exp(std::clamp(log_speed, -4.0, 2.0));
    }
}

void make_forecast(Random& random, const Clock& clock, ConstRow actual, double error, Row row) {
    const double deviation = spread_of(actual).deviation * error;
    const double issued = random.uniform();
    Memory miss(random, clock, random.uniform(4, 30));
    for (std::size_t i = 0; i < row.size(); ++i) {
        const double phase = clock.day_phase(static_cast<int>(i)) - issued;
        const double age = phase < 0 ? phase + 1 : phase;
        row[i] = actual[i] + deviation * std::sqrt(0.1 + 0.9 * age) * miss.next(random);
    }
}

void fill_temperature(Random& random, const Clock& clock, Row row) {
    make_temperature(random, clock, row);
    if (random.chance(0.3)) smooth(row, clock.points_in(random.log_uniform(0.5, 12)));
}

void fill_solar(Random& random, const Clock& clock, Row row) {
    make_irradiance(random, clock, row);
    if (random.chance(0.3)) {  // an inverter that is too small for the panels
        const double top = *std::ranges::max_element(row) * random.uniform(0.5, 0.95);
        for (auto& value : row) value = std::min(value, top);
    }
}

void fill_wind(Random& random, const Clock& clock, Row row) {
    make_wind_speed(random, clock, row);
    if (random.chance(0.6)) {  // power of a turbine instead of speed
        for (auto& value : row) value = value < 3 ? 0 : std::min(1.0, std::pow((value - 2) / 10, 2.5));
    }
}

}  // namespace loadstar::corpus
