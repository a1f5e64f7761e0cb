// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/mpi/log.hpp>

#include <gtest/gtest.h>

#include <utility>
#include <vector>

namespace halograph {
namespace {

TEST(Log, PrintsFloatsAsTheyWereWritten) {
  testing::internal::CaptureStdout();
  log(Communicator(), "loss ", double(0.1f), " step ", 12345678);
  EXPECT_EQ(testing::internal::GetCapturedStdout(), "loss 0.1 step 12345678\n");
}

TEST(Log, SendsMessagesToStandardErrorOrToTheHandler) {
  testing::internal::CaptureStderr();
  warn(Communicator(), "channel ", 3, " is constant");
  note(Communicator(), "2 elements occur twice");
  EXPECT_EQ(testing::internal::GetCapturedStderr(),
            "halograph: warning: channel 3 is constant\nhalograph: note: 2 elements occur twice\n");
  std::vector<std::pair<Severity, std::string>> seen;
  set_message_handler([&](Severity severity, const std::string& text) { seen.emplace_back(severity, text); });
  warn(Communicator(), "a");
  note(Communicator(), "b");
  set_message_handler({});
  EXPECT_EQ(seen, (std::vector<std::pair<Severity, std::string>>{{Severity::warning, "a"}, {Severity::note, "b"}}));
}

}  // namespace
}  // namespace halograph
