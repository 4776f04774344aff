#include "cli/billing_months.hpp"

#include <fmt/format.h>

namespace loadstar::cli {
namespace {

Result<std::optional<std::chrono::year_month>> month_of(const std::string& text) {
    if (text.empty()) return std::optional<std::chrono::year_month>();
    LOADSTAR_TRY(const auto month, parse_month(text));
    return std::optional(month);
}

}  // namespace

void add_billing_months(CLI::App& verb, BillingMonths& months) {
    auto* month = verb.add_option("--month", months.month,
                                  "billing period that starts in this month, such as 2018-03; the latest by default");
    verb.add_option("--from", months.from, "first of several months")->excludes(month);
    verb.add_option("--to", months.to, "last of several months, included")->excludes(month);
    verb.add_option("--grid", months.grid, "one connection, when several have a contract");
}

Result<service::BillRequest> request_of(const BillingMonths& months) {
    service::BillRequest request{.grid = months.grid};
    LOADSTAR_TRY(request.first, month_of(months.month.empty() ? months.from : months.month));
    LOADSTAR_TRY(request.last, month_of(months.month.empty() ? months.to : months.month));
    if (request.last && (!request.first || *request.last < *request.first)) {
        return Error{.code = ErrorCode::invalid_argument,
                     .message = fmt::format("expected --from at or before --to, found --to {}", months.to)};
    }
    return request;
}

}  // namespace loadstar::cli
