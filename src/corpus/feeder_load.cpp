// Loads of feeders, transformers and towns: smooth days, the weather of the season, thousands of small users.
#include <algorithm>

#include "corpus/cycle.hpp"
#include "corpus/day_levels.hpp"
#include "corpus/noise.hpp"
#include "corpus/process.hpp"
#include "corpus/weather.hpp"

namespace loadstar::corpus {

void fill_feeder_load(Random& random, const Clock& clock, Row row) {
    Values temperature(row.size());
    make_temperature(random, clock, temperature);
    smooth(temperature, clock.points_in(random.uniform(1, 24)));
    const Cycle workday = draw_day_shape(random);
    const Cycle weekend = varied_day_shape(random, workday, random.log_uniform(0.03, 0.5));
    const double weekend_level = random.uniform(0.6, 1.05);
    DayLevels levels(random, clock.days_spanned(static_cast<int>(row.size())) + 1);
    const double swing = random.log_uniform(0.2, 1.5);
    const double heating = random.chance(0.6) ? random.log_uniform(0.005, 0.06) : 0;
    const double cooling = random.chance(0.6) ? random.log_uniform(0.005, 0.08) : 0;
    const double heat_below = random.uniform(8, 18);
    const double cool_above = random.uniform(16, 26);
    Noise noise(random);
    const double noise_level = random.log_uniform(0.003, 0.2);
    for (std::size_t i = 0; i < row.size(); ++i) {
        const int point = static_cast<int>(i);
        const bool rests = clock.weekday(point) >= 5;
        const double phase = clock.day_phase(point);
        const double shape = clock.has_days() ? (rests ? weekend : workday).at(phase) : 0.5;
        const double weather = heating * std::max(0.0, heat_below - temperature[i]) +
                               cooling * std::max(0.0, temperature[i] - cool_above) * (0.5 + shape);
        const double level = levels.at(clock.day(point) - clock.day(0) + phase) * (rests ? weekend_level : 1);
        row[i] = level * (1 + swing * shape) + weather + noise_level * noise.next(random);
    }
}

}  // namespace loadstar::corpus
