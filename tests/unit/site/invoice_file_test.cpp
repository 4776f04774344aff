#include "site/invoice_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/temporary_folder.hpp"

namespace loadstar {
namespace {

using testing::AllOf;
using testing::HasSubstr;

TEST(InvoiceFile, ReadsAmountsExactly) {
    const TemporaryFolder folder;
    const auto file = folder.write("invoice.toml", R"(month = "2018-03"
total = 91488.00
[lines]
"energy.peak" = 27642.98
demand = 25758.72
[quantities]
"energy.peak" = 38715.66
)");
    const auto invoice = read_invoice_file(file);
    ASSERT_TRUE(invoice) << to_string(invoice.error());
    EXPECT_EQ(to_string(invoice->month), "2018-03");
    EXPECT_EQ(invoice->total->text(2), "91488.00");
    EXPECT_EQ(invoice->lines.at("energy.peak").text(), "27642.98");
    EXPECT_EQ(invoice->quantities.at("energy.peak").text(), "38715.66");
}

TEST(InvoiceFile, ListsEveryMistakeWithItsPlace) {
    const TemporaryFolder folder;
    const auto file = folder.write("invoice.toml", "month = \"March\"\ntotl = 5\n[quantities]\ndemand = 3\n");
    const auto invoice = read_invoice_file(file);
    ASSERT_FALSE(invoice);
    EXPECT_EQ(invoice.error().code, ErrorCode::invalid_input);
    EXPECT_THAT(invoice.error().message,
                AllOf(HasSubstr("the invoice has 4 mistakes"), HasSubstr(":1:9"), HasSubstr("unknown key totl"),
                      HasSubstr("did you mean total?"), HasSubstr("[lines] is missing"),
                      HasSubstr("line \"demand\" has a quantity but no amount")));
}

TEST(InvoiceFile, MissingFileIsNotFound) {
    EXPECT_EQ(read_invoice_file("/nowhere/invoice.toml").error().code, ErrorCode::not_found);
}

}  // namespace
}  // namespace loadstar
