#include "gpt/loss_curve.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include <fmt/format.h>

namespace loadstar::gpt {
namespace {

constexpr double width = 800;
constexpr double height = 450;
constexpr double margin = 60;
constexpr const char* head =
    "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 800 450\" font-family=\"sans-serif\" font-size=\"13\">\n"
    "<rect width=\"800\" height=\"450\" fill=\"#ffffff\"/>\n";
constexpr const char* legend =
    "<text x=\"400\" y=\"440\" text-anchor=\"middle\">iteration</text>\n"
    "<text x=\"60\" y=\"30\" fill=\"#1f5fa8\">training loss</text>\n"
    "<text x=\"160\" y=\"30\" fill=\"#b3541e\">validation loss</text>\n";

/// From the first value that was seen to the last.
struct Range {
    double low = 0;
    double high = 0;
    bool empty = true;

    void include(double value) {
        low = empty ? value : std::min(low, value);
        high = empty ? value : std::max(high, value);
        empty = false;
    }
    /// 0 at the low end, 1 at the high one.
    [[nodiscard]] double place(double value) const { return high > low ? (value - low) / (high - low) : 0.5; }
    [[nodiscard]] double at(double share) const { return low + share * (high - low); }
};

struct Axes {
    Range iterations;
    Range losses;

    [[nodiscard]] double x(double iteration) const {
        return margin + iterations.place(iteration) * (width - 2 * margin);
    }
    [[nodiscard]] double y(double loss) const { return height - margin - losses.place(loss) * (height - 2 * margin); }
};

Axes axes_of(const std::vector<TrainingRecord>& records) {
    Axes axes;
    for (const auto& record : records) {
        axes.iterations.include(static_cast<double>(record.iteration));
        if (record.loss) axes.losses.include(*record.loss);
        if (record.validation_loss) axes.losses.include(*record.validation_loss);
    }
    return axes;
}

/// Grid lines with the values they stand for.
std::string grid(const Axes& axes) {
    constexpr int lines = 4;
    std::string text;
    for (int i = 0; i <= lines; ++i) {
        const auto share = static_cast<double>(i) / lines;
        const auto loss = axes.losses.at(share);
        const auto iteration = axes.iterations.at(share);
        text += fmt::format("<line x1=\"{0}\" x2=\"{1}\" y1=\"{2:.1f}\" y2=\"{2:.1f}\" stroke=\"#dddddd\"/>\n", margin,
                            width - margin, axes.y(loss));
        text += fmt::format("<text x=\"{}\" y=\"{:.1f}\" text-anchor=\"end\">{:.3g}</text>\n", margin - 8,
                            axes.y(loss) + 4, loss);
        text += fmt::format("<text x=\"{:.1f}\" y=\"{}\" text-anchor=\"middle\">{:.0f}</text>\n", axes.x(iteration),
                            height - margin + 20, iteration);
    }
    return text;
}

/// The line through the training losses, broken where one is missing.
std::string training_line(const std::vector<TrainingRecord>& records, const Axes& axes) {
    std::string path;
    bool drawing = false;
    for (const auto& record : records) {
        if (record.loss)
            path += fmt::format("{}{:.1f} {:.1f}", drawing ? " L" : " M", axes.x(static_cast<double>(record.iteration)),
                                axes.y(*record.loss));
        drawing = record.loss.has_value();
    }
    return fmt::format("<path d=\"{}\" fill=\"none\" stroke=\"#1f5fa8\" stroke-width=\"1.5\"/>\n", path);
}

std::string validation_marks(const std::vector<TrainingRecord>& records, const Axes& axes) {
    std::string text;
    for (const auto& record : records)
        if (record.validation_loss)
            text += fmt::format("<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"4\" fill=\"#b3541e\"/>\n",
                                axes.x(static_cast<double>(record.iteration)), axes.y(*record.validation_loss));
    return text;
}

}  // namespace

std::string loss_curve(const std::vector<TrainingRecord>& records) {
    const auto axes = axes_of(records);
    if (axes.losses.empty) return std::string(head) + legend + "</svg>\n";
    return head + grid(axes) + training_line(records, axes) + validation_marks(records, axes) + legend + "</svg>\n";
}

}  // namespace loadstar::gpt
