#include "base/digest.hpp"

#include <gtest/gtest.h>

namespace loadstar {
namespace {

// Known answers: FIPS 180-4 examples (one block, two blocks) and the empty message.
TEST(Sha256Digest, AgreesWithTheStandard) {
    Sha256 digest;
    EXPECT_EQ(digest.hex(), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    digest.add("abc");
    EXPECT_EQ(digest.hex(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    digest.add("abcdbcdecdefdefgefghfghighijhijk");
    digest.add("ijkljklmklmnlmnomnopnopq");
    EXPECT_EQ(digest.hex(), "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

}  // namespace
}  // namespace loadstar
