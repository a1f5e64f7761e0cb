// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/core/digest.hpp>

#include <gtest/gtest.h>

namespace halograph {
namespace {

TEST(Digest, AgreesWithTheExamplesOfTheStandard) {
  EXPECT_EQ(Digest().hex(), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(Digest().update("abc").hex(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(Digest().update("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq").hex(),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(Digest().update(std::string(1000000, 'a')).hex(),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Digest, DoesNotDependOnTheCuts) {
  std::string text;
  for (int i = 0; i < 300; ++i) text += char(i * 7);
  for (std::size_t length = 0; length <= text.size(); length += 13) {
    const std::string whole = Digest().update(std::string_view(text).substr(0, length)).hex();
    for (std::size_t cut = 0; cut <= length; cut += 11) {
      Digest pieces;
      pieces.update(std::string_view(text).substr(0, cut));
      EXPECT_EQ(pieces.hex(), Digest().update(std::string_view(text).substr(0, cut)).hex());
      pieces.update(std::string_view(text).substr(cut, length - cut));
      EXPECT_EQ(pieces.hex(), whole) << length << " bytes cut at " << cut;
    }
  }
}

TEST(Digest, TakesNumbersAsTheirBytes) {
  const std::vector<double> values = {1.5, -0.0};
  EXPECT_EQ(Digest().update(values).hex(), Digest().update(values[0]).update(values[1]).hex());
  EXPECT_NE(Digest().update(0.0).hex(), Digest().update(-0.0).hex());
}

}  // namespace
}  // namespace halograph
