#include "service/gpt_children.hpp"

#include <chrono>
#include <csignal>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace loadstar::service {
namespace {

TEST(GptChildren, AnErrorOfAChildIsToldInItsWords) {
    auto children = GptChildren::start(2, [](int number) -> Result<void> {
                        if (number == 0) return {};
                        return Error{.code = ErrorCode::invalid_input, .message = "bad data", .where = "x.bin"};
                    }).value();
    const auto error = children.wait();
    ASSERT_TRUE(error.has_value());
    EXPECT_EQ(error->code, ErrorCode::invalid_input);
    EXPECT_EQ(error->message, "bad data");
    EXPECT_EQ(error->where, "x.bin");
}

TEST(GptChildren, AChildThatIsKilledIsAnError) {
    auto children = GptChildren::start(1, [](int) -> Result<void> {
                        ::kill(::getpid(), SIGKILL);
                        return {};
                    }).value();
    const auto error = children.wait();
    ASSERT_TRUE(error.has_value());
    EXPECT_THAT(error->message, testing::EndsWith("was ended by signal 9"));
}

TEST(GptChildren, ChildrenEndWithWhoStartedThem) {
    const auto began = std::chrono::steady_clock::now();
    {
        const auto children = GptChildren::start(1, [](int) -> Result<void> {
            ::sleep(30);
            return {};
        });
        ASSERT_TRUE(children);
    }
    EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(20));
}

}  // namespace
}  // namespace loadstar::service
