// SPDX-License-Identifier: BSD-3-Clause
// Counter-based random numbers, Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy as
// 1, 2, 3", SC11). A value depends on seed, stream, global row id and column only, so it is the
// same whoever owns the row. Values are formed in double and then rounded to the tensor's type.
#include <kernels/launch/launch.hpp>
#include <kernels/launch/math.hpp>
#include <kernels/register.hpp>

namespace halograph::kernels::HALOGRAPH_BACKEND {
namespace {

struct Counter {
  std::uint32_t word[4];
};

HALOGRAPH_FN Counter philox(Counter c, std::uint32_t key0, std::uint32_t key1) {
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t a = std::uint64_t(0xD2511F53u) * c.word[0], b = std::uint64_t(0xCD9E8D57u) * c.word[2];
    c = Counter{{std::uint32_t(b >> 32) ^ c.word[1] ^ key0, std::uint32_t(b), std::uint32_t(a >> 32) ^ c.word[3] ^ key1,
                 std::uint32_t(a)}};
    key0 += 0x9E3779B9u;
    key1 += 0xBB67AE85u;
  }
  return c;
}

/// 53 random bits as a number in [0, 1).
HALOGRAPH_FN double unit(std::uint32_t high, std::uint32_t low) {
  return double((std::uint64_t(high) << 32 | low) >> 11) * 0x1p-53;
}

template <class T>
struct Random {
  RandomTask::Law law;
  std::uint64_t seed, stream;
  const std::int64_t* row_id;
  double low, high;
  MutableRows<T> y;
  template <int W>
  HALOGRAPH_FN void operator()(std::int64_t row, Lane<W> at) const {
    const std::uint64_t id = std::uint64_t(row_id ? row_id[row] : row);
    for (int i = 0; i < W; ++i) {
      const Counter bits = philox({{std::uint32_t(id), std::uint32_t(id >> 32), std::uint32_t(at.column + i),
                                    std::uint32_t(stream)}},
                                  std::uint32_t(seed), std::uint32_t(seed >> 32) ^ std::uint32_t(stream >> 32));
      const double u = unit(bits.word[0], bits.word[1]);
      double value;
      if (law == RandomTask::Law::uniform) {
        value = low + (high - low) * u;
      } else {
        using P = Pack<double, 1>;
        const P radius = sqrt(P(-2.0) * log(P(1.0 - u)));
        const P angle = P(6.283185307179586) * P(unit(bits.word[2], bits.word[3]));
        double normal[1];
        store(normal, radius * cos(angle));
        value = low + high * normal[0];
      }
      y[row][at.column + i] = T(value);
    }
  }
};

void random(const RandomTask& task) {
  switch_type(task.values.type, [&](auto t) {
    using T = decltype(t);
    for_each_row<T>(task.values.rows, task.values.cols, Random<T>{task.law, task.seed, task.stream, task.row_id, task.low,
                                                                 task.high, MutableRows<T>(task.values)});
  });
}

}  // namespace

void register_random(Table& table) { table.random = random; }

}  // namespace halograph::kernels::HALOGRAPH_BACKEND
