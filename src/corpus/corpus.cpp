#include "corpus/corpus.hpp"

#include <optional>
#include <stdexcept>

#include "corpus/calendar_rows.hpp"
#include "corpus/distortion.hpp"
#include "corpus/real_series.hpp"
#include "corpus/scene.hpp"

namespace loadstar::corpus {

struct Corpus::Parts {
    std::uint64_t seed = 0;
    double real_share = 0;
    std::optional<RealSeries> real;

    void fill(Random& random, Panel& panel) const {
        Clock clock = draw_clock(random);
        if (real && random.chance(real_share)) {
            clock.step_minutes = real->fill(random, panel);
        } else {
            fill_panel(random, clock, panel);
        }
        if (!panel.like().any()) offer_rounds(random, clock, panel);
        distort(random, clock, panel);
    }
};

namespace {

bool varies(ConstRow row) {
    const auto spread = spread_of(row);
    return spread.deviation > 1e-5 * std::abs(spread.mean);
}

}  // namespace

Result<Corpus> Corpus::open(const CorpusOptions& options) {
    auto parts = std::make_unique<Parts>();
    parts->seed = options.seed;
    parts->real_share = options.real_share;
    if (!options.real_series.empty()) {
        LOADSTAR_TRY(auto real, RealSeries::open(options.real_series));
        parts->real = std::move(real);
    }
    return Corpus(std::move(parts));
}

Window Corpus::window(std::uint64_t number, const WindowShape& shape) const {
    if (shape.variates < 1 || shape.points < 2)
        throw std::invalid_argument("a window has a row and two points at least");
    const auto variant = static_cast<std::uint64_t>(shape.variates) << 32 | static_cast<std::uint64_t>(shape.points);
    Random random(parts_->seed, number, variant);
    constexpr int tries = 3;  // a works that never works teaches nothing
    for (int i = 1;; ++i) {
        Panel panel(shape);
        parts_->fill(random, panel);
        if (i == tries || varies(panel.row(0))) return panel.finish();
    }
}

Corpus::Corpus(std::unique_ptr<const Parts> parts) : parts_(std::move(parts)) {}
Corpus::Corpus(Corpus&&) noexcept = default;
Corpus& Corpus::operator=(Corpus&&) noexcept = default;
Corpus::~Corpus() = default;

}  // namespace loadstar::corpus
