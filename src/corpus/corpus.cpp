#include "corpus/corpus.hpp"

#include <optional>
#include <stdexcept>

#include "corpus/distortion.hpp"
#include "corpus/real_series.hpp"
#include "corpus/scene.hpp"

namespace loadstar::corpus {

struct Corpus::Parts {
    std::uint64_t seed = 0;
    double real_share = 0;
    std::optional<RealSeries> real;
};

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
    Panel panel(shape);
    Clock clock = draw_clock(random);
    if (parts_->real && random.chance(parts_->real_share)) {
        clock.step_minutes = parts_->real->fill(random, panel);
    } else {
        fill_panel(random, clock, panel);
    }
    distort(random, clock, panel);
    return panel.finish();
}

Corpus::Corpus(std::unique_ptr<const Parts> parts) : parts_(std::move(parts)) {}
Corpus::Corpus(Corpus&&) noexcept = default;
Corpus& Corpus::operator=(Corpus&&) noexcept = default;
Corpus::~Corpus() = default;

}  // namespace loadstar::corpus
