// SPDX-License-Identifier: BSD-3-Clause
#include <kernels/host/candidates.hpp>

namespace halograph::kernels {

namespace portable {
void register_all(Table& table);
void register_search(SearchTable& table);
}  // namespace portable
namespace avx2 {
void register_all(Table& table);
void register_search(SearchTable& table);
}  // namespace avx2
namespace avx512 {
void register_all(Table& table);
void register_search(SearchTable& table);
}  // namespace avx512

std::vector<HostKernels> host_candidates() {
  const bool has_avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  const bool has_avx512 = has_avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
                          __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw");
  return {{"portable", true, portable::register_all, portable::register_search},
          {"avx2", has_avx2, avx2::register_all, avx2::register_search},
          {"avx512", has_avx512, avx512::register_all, avx512::register_search}};
}

}  // namespace halograph::kernels
