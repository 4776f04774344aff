#include "megatron/torch_writer.hpp"

#include <gtest/gtest.h>

#include "megatron/torch_file.hpp"
#include "support/temporary_folder.hpp"

namespace loadstar::megatron {
namespace {

// The state of an optimiser: numbered states, and groups that are a list.
TEST(TorchWriter, ListsAndNumberedEntriesAreReadAgain) {
    const TemporaryFolder folder;
    const auto file = folder.path() / "state.pt";
    const SaveValue::Dict states{{std::int64_t{0}, {1.5}}, {std::int64_t{7}, {std::string("seven")}}};
    const SaveValue::List groups{{std::int64_t{3}}, {SaveValue::List{}}, {SaveValue::Dict{}}};
    ASSERT_TRUE(write_torch_file(file, {SaveValue::Dict{{"state", {states}}, {"param_groups", {groups}}}}));

    const auto read = TorchFile::open(file).value();
    const auto& state = *read.root().find("state");
    ASSERT_EQ(state.entries.size(), 2U);
    EXPECT_TRUE(state.entries[1].first->is(PickleValue::Kind::integer));
    EXPECT_EQ(state.entries[1].first->integer, 7);
    EXPECT_EQ(state.entries[1].second->text, "seven");
    const auto& list = *read.root().find("param_groups");
    ASSERT_TRUE(list.is(PickleValue::Kind::list));
    ASSERT_EQ(list.items.size(), 3U);
    EXPECT_EQ(list.items[0]->integer, 3);
    EXPECT_TRUE(list.items[1]->is(PickleValue::Kind::list));
    EXPECT_TRUE(list.items[2]->is_dict());
}

}  // namespace
}  // namespace loadstar::megatron
