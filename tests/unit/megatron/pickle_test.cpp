// Pickles by hand, as bytes: opcodes as Python's pickletools documents them.
#include "megatron/pickle.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace loadstar::megatron {
namespace {

using namespace std::string_literals;
using testing::HasSubstr;
using testing::ThrowsMessage;
using Kind = PickleValue::Kind;

constexpr std::size_t plenty = 1 << 20;

Pickle read(const std::string& bytes, std::size_t limit = plenty) {
    ByteReader reader(std::as_bytes(std::span(bytes.data(), bytes.size())));
    MemoryBudget budget(limit);
    return Pickle::read(reader, budget);
}

TEST(Pickle, ReadsNumbersOfEverySize) {
    const std::string bytes =
        "\x80\x02(K\x05M\x00\x01J\xff\xff\xff\xff\x8a\x05\x00\x00\x00\x00\x01\x8a\x01\xfe\x8a\x00G?\xf8\x00\x00\x00\x00\x00\x00\x88Nt."s;
    const auto pickle = read(bytes);
    const auto& items = pickle.root().items;
    ASSERT_EQ(items.size(), 9U);
    EXPECT_EQ(items[0]->integer, 5);
    EXPECT_EQ(items[1]->integer, 256);
    EXPECT_EQ(items[2]->integer, -1);
    EXPECT_EQ(items[3]->integer, std::int64_t{1} << 32);
    EXPECT_EQ(items[4]->integer, -2);
    EXPECT_EQ(items[5]->integer, 0);
    EXPECT_EQ(items[6]->number, 1.5);
    EXPECT_TRUE(items[7]->is(Kind::boolean));
    EXPECT_TRUE(items[8]->is(Kind::none));
}

TEST(Pickle, ALongIntegerBeyond64BitsKeepsItsBytes) {
    const std::string bytes =
        "\x80\x02\x8a\x0a"
        "0123456789."s;
    const auto pickle = read(bytes);
    EXPECT_TRUE(pickle.root().is(Kind::long_integer));
    EXPECT_EQ(pickle.root().text, "0123456789");
}

TEST(Pickle, FindsTheEntriesOfADict) {
    const std::string bytes =
        "\x80\x02}q\x00(X\x01\x00\x00\x00"
        "aK\x01X\x01\x00\x00\x00"
        "b]q\x01(K\x02h\x01"
        "eu."s;
    const auto pickle = read(bytes);
    ASSERT_NE(pickle.root().find("a"), nullptr);
    EXPECT_EQ(pickle.root().find("a")->integer, 1);
    const auto* list = pickle.root().find("b");
    EXPECT_EQ(list->items[0]->integer, 2);
    EXPECT_EQ(list->items[1], list);  // a list may hold itself
    EXPECT_EQ(pickle.root().find("c"), nullptr);
}

TEST(Pickle, WhatItWouldCallIsKeptByNameAndNeverCalled) {
    const std::string bytes =
        "\x80\x02"
        "cos\nsystem\nX\x08\x00\x00\x00rm -rf /\x85R."s;
    const auto pickle = read(bytes);
    EXPECT_TRUE(pickle.root().is(Kind::object));
    EXPECT_TRUE(pickle.root().callable->is_global("os", "system"));
    EXPECT_EQ(pickle.root().arguments->items[0]->text, "rm -rf /");
}

TEST(Pickle, AnOrderedDictIsADict) {
    const std::string bytes =
        "\x80\x02"
        "ccollections\nOrderedDict\n)RX\x01\x00\x00\x00"
        "aK\x07s}X\x01\x00\x00\x00mNsb."s;
    const auto pickle = read(bytes);
    EXPECT_TRUE(pickle.root().is_dict());
    EXPECT_EQ(pickle.root().find("a")->integer, 7);
}

TEST(Pickle, NamesFromTheStackAndFramesAreThoseOfProtocol4) {
    const std::string bytes = "\x80\x04\x95\x10\x00\x00\x00\x00\x00\x00\x00\x8c\x01m\x94\x8c\x01n\x94\x93)\x81."s;
    const auto pickle = read(bytes);
    EXPECT_TRUE(pickle.root().callable->is_global("m", "n"));
}

TEST(Pickle, WhatMakesNoSenseIsToldWithItsPlace) {
    const auto fails = [](const std::string& bytes, const char* message) {
        EXPECT_THAT([&] { read(bytes); }, ThrowsMessage<FormatProblem>(HasSubstr(message))) << message;
    };
    fails("", "ends");
    fails("\x80\x02"s, "ends");
    fails("\x80\x07."s, "protocol 2 to 5, found 7");
    fails("\x80\x02."s, "empty stack");
    fails("\x80\x02h\x05."s, "recalls object 5");
    fails("\x80\x02t."s, "mark");
    fails(
        "\x80\x02X\xff\xff\xff\x7f"
        "abc"s,
        "too early");
    fails(
        "\x80\x02K\x01K\x02"
        "a."s,
        "no list");
    fails("\x80\x02}(K\x01u."s, "no value");
    fails(
        "\x80\x02(K\x01"
        "0"
        "0."s,
        "empty stack");
    fails("\x80\x02I5\n."s, "before 2");
}

TEST(Pickle, ABombIsRefused) {
    std::string bytes = "\x80\x02"s;
    for (int i = 0; i < 100000; ++i) bytes += ']';
    EXPECT_THAT([&] { read(bytes); }, ThrowsMessage<FormatProblem>(HasSubstr("more memory")));
}

}  // namespace
}  // namespace loadstar::megatron
