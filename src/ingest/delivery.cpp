#include "ingest/delivery.hpp"

#include "ingest/excerpt.hpp"

namespace loadstar::ingest {

constexpr std::size_t longest_text = 200;

Delivery::Delivery(Sink& sink, FileReport& report, std::vector<SeriesInfo> series)
    : sink_(sink), report_(report), series_(std::move(series)), pending_(series_.size()) {}

Result<void> Delivery::flush() {
    for (std::size_t i = 0; i < series_.size(); ++i) {
        if (pending_[i].empty()) continue;
        const auto expected = pending_[i].size();
        LOADSTAR_CHECK(sink_.take({.info = series_[i], .readings = std::move(pending_[i])}));
        pending_[i] = {};
        pending_[i].reserve(expected);
    }
    waiting_ = 0;
    if (missing_ > 0) report_.reasons[Reason::missing] += missing_;
    missing_ = 0;
    return {};
}

Result<void> Delivery::tell(Rejection&& rejection) {
    ++(has_value(rejection.reason) ? report_.repaired : report_.rejected);
    ++report_.reasons[rejection.reason];
    rejection.file = report_.file;
    rejection.text = excerpt(rejection.text, longest_text);
    return sink_.reject(std::move(rejection));
}

}  // namespace loadstar::ingest
