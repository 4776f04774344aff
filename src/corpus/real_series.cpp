#include "corpus/real_series.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <numeric>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "corpus/process.hpp"
#include "corpus/scene.hpp"
#include "megatron/safetensors.hpp"

namespace loadstar::corpus {
namespace {

constexpr double missing = std::numeric_limits<double>::quiet_NaN();
constexpr double least_finite = 0.3;  ///< of a target, else another stretch is drawn
constexpr int longest_step_minutes = 1440 * 366;

struct Series {
    std::span<const std::byte> bytes;  ///< f32 [variate][point], perhaps not aligned
    int variates = 0;
    int points = 0;
    int step_minutes = 60;
    std::vector<Role> roles;

    [[nodiscard]] double at(int variate, int point) const {
        float value = 0;
        const auto place = static_cast<std::size_t>(variate) * static_cast<std::size_t>(points) + point;
        std::memcpy(&value, bytes.data() + place * sizeof value, sizeof value);
        return std::isfinite(value) ? static_cast<double>(value) : missing;
    }
};

Error bad_series(const std::string& name, const std::string& problem) {
    return {
        .code = ErrorCode::invalid_input,
        .message = problem,
        .where = name,
        .hint = "each tensor must be f32 [variates, points], its metadata {\"roles\": [...], \"step_minutes\": 60}"};
}

Result<Role> role_named(const std::string& tensor, const nlohmann::json& word) {
    constexpr std::array names{"target", "past", "ahead"};
    const auto found = std::ranges::find_if(names, [&](const char* name) { return word == name; });
    if (found == names.end()) return bad_series(tensor, fmt::format("unknown role {}", word.dump()));
    return static_cast<Role>(found - names.begin());
}

Result<void> read_metadata(const std::string& name, const std::string& text, Series& series) {
    const auto json = nlohmann::json::parse(text, nullptr, /*allow_exceptions=*/false);
    if (!json.is_object()) return bad_series(name, "metadata is no JSON object");
    if (const auto step = json.find("step_minutes"); step != json.end()) {
        if (!step->is_number_integer() || *step < 1 || *step > longest_step_minutes) {
            return bad_series(name,
                              fmt::format("step_minutes must be a whole number from 1 on, found {}", step->dump()));
        }
        series.step_minutes = step->get<int>();
    }
    const auto roles = json.find("roles");
    if (roles == json.end()) return {};
    if (!roles->is_array() || roles->size() != series.roles.size()) {
        return bad_series(name, fmt::format("expected {} roles, found {}", series.variates, roles->dump()));
    }
    for (std::size_t i = 0; i < series.roles.size(); ++i) {
        LOADSTAR_TRY(series.roles[i], role_named(name, (*roles)[i]));
    }
    return {};
}

Result<Series> read_series(const megatron::SafetensorsFile& file, const megatron::NamedTensor& named) {
    const auto& [name, tensor] = named;
    if (tensor.type != megatron::ScalarType::f32) return bad_series(name, "the tensor is not of 32-bit floats");
    const bool fits = tensor.shape.size() == 2 && std::ranges::all_of(tensor.shape, [](std::int64_t size) {
                          return size > 0 && size < std::numeric_limits<int>::max();
                      });
    if (!fits) return bad_series(name, fmt::format("the tensor has shape {}", megatron::shape_text(tensor.shape)));
    Series series{.bytes = tensor.bytes,
                  .variates = static_cast<int>(tensor.shape[0]),
                  .points = static_cast<int>(tensor.shape[1])};
    series.roles.assign(static_cast<std::size_t>(series.variates), Role::target);
    if (const auto entry = file.metadata().find(name); entry != file.metadata().end()) {
        LOADSTAR_CHECK(read_metadata(name, entry->second, series));
    }
    if (std::ranges::count(series.roles, Role::target) == 0)
        return bad_series(name, "no series of the tensor is a target");
    return series;
}

/// Which points of a series go into a window: `every` of them make one, by their mean.
struct Stretch {
    int first = 0;  ///< may be negative: the window then starts before the series does
    int every = 1;
};

Stretch draw_stretch(Random& random, const Series& series, int points) {
    Stretch stretch;
    while (random.chance(0.25) && series.points / (2 * stretch.every) >= points) stretch.every *= 2;
    const int spare = series.points - points * stretch.every;
    stretch.first = spare >= 0 ? random.integer(0, spare) : spare;
    return stretch;
}

void read_row(const Series& series, int variate, const Stretch& stretch, Row row) {
    for (std::size_t i = 0; i < row.size(); ++i) {
        const int first = stretch.first + static_cast<int>(i) * stretch.every;
        double sum = 0;
        int count = 0;
        for (int point = std::max(0, first); point < first + stretch.every; ++point) {
            const double value = series.at(variate, point);
            if (std::isnan(value)) continue;
            sum += value;
            ++count;
        }
        row[i] = count > 0 ? sum / count : missing;
    }
}

/// Fit to be learnt from.
bool is_usable(ConstRow row) {
    const auto finite = std::ranges::count_if(row, [](double value) { return std::isfinite(value); });
    const auto spread = spread_of(row);
    return static_cast<double>(finite) >= least_finite * static_cast<double>(row.size()) &&
           spread.deviation > 1e-6 * std::abs(spread.mean);
}

/// The variates in random order, one of the targets first.
std::vector<int> draw_order(Random& random, const Series& series) {
    std::vector<int> order(static_cast<std::size_t>(series.variates));
    std::iota(order.begin(), order.end(), 0);
    for (int i = series.variates - 1; i > 0; --i)
        std::swap(order[static_cast<std::size_t>(i)], order[random.integer(0, i)]);
    const auto is_target = [&](int variate) { return series.roles[static_cast<std::size_t>(variate)] == Role::target; };
    std::iter_swap(order.begin(), std::ranges::find_if(order, is_target));
    return order;
}

double mean_size(ConstRow row) {
    double sum = 0;
    std::size_t count = 0;
    for (const double value : row) {
        if (std::isnan(value)) continue;
        sum += std::abs(value);
        ++count;
    }
    return count > 0 ? std::max(sum / static_cast<double>(count), 1e-12) : 1;
}

}  // namespace

struct RealSeries::Store {
    explicit Store(megatron::SafetensorsFile opened) : file(std::move(opened)) {}
    [[nodiscard]] const Series& draw(Random& random) const { return series[random.weighted(weights)]; }
    /// The step of the series, or 0 when no usable stretch was found.
    int fill_target(Random& random, Row row) const;
    void mix_in(Random& random, Row row) const;
    int fill_together(Random& random, Panel& panel) const;

    megatron::SafetensorsFile file;
    std::vector<Series> series;
    std::vector<double> weights;
};

int RealSeries::Store::fill_target(Random& random, Row row) const {
    constexpr int tries = 8;
    for (int i = 0; i < tries; ++i) {
        const Series& drawn = draw(random);
        const Stretch stretch = draw_stretch(random, drawn, static_cast<int>(row.size()));
        read_row(drawn, draw_order(random, drawn).front(), stretch, row);
        if (is_usable(row)) return drawn.step_minutes * stretch.every;
    }
    return 0;
}

// Source: TSMixup, Ansari et al. 2024 (Chronos), sec. 4.1.
void RealSeries::Store::mix_in(Random& random, Row row) const {
    const auto parts = static_cast<std::size_t>(random.integer(1, 3));
    if (parts == 1) return;
    const auto shares = random.shares(parts, 1.5);
    const double scale = shares[0] / mean_size(row);
    for (auto& value : row) value *= scale;
    Values other(row.size());
    for (std::size_t i = 1; i < parts; ++i) {
        if (fill_target(random, other) == 0) continue;
        const double other_scale = shares[i] / mean_size(other);
        for (std::size_t t = 0; t < row.size(); ++t) {
            if (std::isfinite(other[t])) row[t] += other_scale * other[t];
        }
    }
}

int RealSeries::Store::fill_together(Random& random, Panel& panel) const {
    const Series& drawn = draw(random);
    const Stretch stretch = draw_stretch(random, drawn, panel.points());
    const auto order = draw_order(random, drawn);
    Values row(static_cast<std::size_t>(panel.points()));
    read_row(drawn, order.front(), stretch, row);
    if (!is_usable(row)) return 0;
    panel.offer(Role::target, row);
    const double targets = random.pick(std::array{0.0, 0.5, 1.0});
    for (std::size_t i = 1; i < order.size() && panel.room() > 0; ++i) {
        read_row(drawn, order[i], stretch, row);
        if (!is_usable(row)) continue;
        const Role role = drawn.roles[static_cast<std::size_t>(order[i])];
        panel.offer(role == Role::target && !random.chance(targets) ? Role::past : role, row);
    }
    return drawn.step_minutes * stretch.every;
}

Result<RealSeries> RealSeries::open(const std::filesystem::path& file) {
    LOADSTAR_TRY(auto opened, megatron::SafetensorsFile::open(file));
    auto store = std::make_unique<Store>(std::move(opened));
    for (const auto& tensor : store->file.tensors()) {
        auto series = read_series(store->file, tensor);
        if (!series) return with_context(series.error(), file.string());
        store->weights.push_back(std::sqrt(static_cast<double>(series->points)));
        store->series.push_back(std::move(*series));
    }
    if (store->series.empty()) {
        return Error{.code = ErrorCode::invalid_input, .message = "the file has no tensors", .where = file.string()};
    }
    return RealSeries(std::move(store));
}

int RealSeries::series() const { return static_cast<int>(store_->series.size()); }

int RealSeries::fill(Random& random, Panel& panel) const {
    Clock clock = draw_clock(random);
    int step = 0;
    if (panel.room() == 1) {
        const Row row = panel.add(Role::target);
        step = store_->fill_target(random, row);
        if (step > 0) {
            store_->mix_in(random, row);
        } else {
            fill_mixture(random, clock, row);
        }
    } else {
        constexpr int tries = 8;
        for (int i = 0; i < tries && step == 0; ++i) step = store_->fill_together(random, panel);
        if (step > 0) clock.step_minutes = step;
        step > 0 ? fill_up(random, clock, panel) : fill_panel(random, clock, panel);
    }
    return step > 0 ? step : clock.step_minutes;
}

RealSeries::RealSeries(std::unique_ptr<const Store> store) : store_(std::move(store)) {}
RealSeries::RealSeries(RealSeries&&) noexcept = default;
RealSeries& RealSeries::operator=(RealSeries&&) noexcept = default;
RealSeries::~RealSeries() = default;

}  // namespace loadstar::corpus
