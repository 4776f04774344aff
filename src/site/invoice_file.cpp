#include "site/invoice_file.hpp"

#include "site/toml_document.hpp"

namespace loadstar {
namespace {

Invoice read_invoice(TableReader& root) {
    Invoice invoice;
    const auto month = root.required_text({"month", "month in which the billing period starts, such as \"2018-03\""});
    if (const auto parsed = parse_month(month)) {
        invoice.month = *parsed;
    } else if (!month.empty()) {
        root.mistake("month", parsed.error().message, "write month = \"2018-03\"");
    }
    invoice.grid = root.text({"grid", "connection it is for; the only one when absent"}, "");
    invoice.total = root.optional_decimal({"total", "amount to pay"});
    invoice.lines = root.decimal_map({"lines", "bill line = amount"});
    invoice.quantities = root.decimal_map({"quantities", "bill line = quantity the invoice names"});
    if (!root.has("lines")) root.mistake("", "[lines] is missing", "write the amounts of the invoice, line = amount");
    for (const auto& [line, quantity] : invoice.quantities) {
        if (!invoice.lines.contains(line))
            root.mistake("quantities", "line \"" + line + "\" has a quantity but no amount", "add it to [lines]");
    }
    root.finish();
    return invoice;
}

}  // namespace

Result<Invoice> read_invoice_file(const std::filesystem::path& file) {
    std::error_code status;
    if (!std::filesystem::is_regular_file(file, status)) {
        return Error{.code = ErrorCode::not_found,
                     .message = "no invoice file here",
                     .where = file.string(),
                     .hint = "docs/tariffs.md shows how an invoice is written down"};
    }
    ReaderContext context(file.string());
    LOADSTAR_TRY(const auto table, parse_toml_file(file, context));
    Invoice invoice;
    if (table) {
        TableReader root(&*table, context, nullptr);
        invoice = read_invoice(root);
        invoice.file = file;
    }
    if (const auto mistakes = sorted_mistakes(context); !mistakes.empty())
        return as_error(mistakes, "the invoice", file);
    return invoice;
}

}  // namespace loadstar
