// SPDX-License-Identifier: BSD-3-Clause
// Runs the kernel tests of one instruction set, or leaves with 77 ("skipped") where the processor lacks it. The
// question is asked before any other static object of the program is built, because those are compiled for
// the instruction set already.
#include <gtest/gtest.h>
#include <unistd.h>

#include <string_view>

namespace {

constexpr int skipped = 77;

bool processor_runs([[maybe_unused]] std::string_view backend) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (backend == "avx2") {
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  }
  if (backend == "avx512") {
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
           __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw");
  }
#endif
  return true;
}

[[gnu::constructor(101)]] void decline_or_go_on() {
  if (!processor_runs(HALOGRAPH_TEST_BACKEND)) {
    _exit(skipped);
  }
}

}  // namespace

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
