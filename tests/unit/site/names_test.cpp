#include "site/names.hpp"

#include <gtest/gtest.h>

namespace loadstar {
namespace {

TEST(Names, UsualOnesAreTranslatedAndTheOwnersKept) {
    EXPECT_EQ(usual_name("Line loss").zh, "线损费用");
    EXPECT_EQ(usual_name("需量电费").en, "Demand");
    EXPECT_EQ(usual_name("SMT line 2").zh, "贴片线 2");
    EXPECT_EQ(usual_name("三号车间").en, "三号车间");
    EXPECT_EQ(name_of_id("curing_oven"), (Text{"Curing oven", "固化炉"}));
    EXPECT_EQ(charge_name("Energy (deep_valley)"), (Text{"Energy (deep valley)", "电度电费（深谷）"}));
}

TEST(Names, WithinASentenceWordsAreSmallButAbbreviationsAreNot) {
    EXPECT_EQ(in_sentence({"Deep valley", "深谷"}).en, "deep valley");
    EXPECT_EQ(in_sentence({"SMT line", "贴片线"}).en, "SMT line");
}

}  // namespace
}  // namespace loadstar
