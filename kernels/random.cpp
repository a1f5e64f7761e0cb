// SPDX-License-Identifier: BSD-3-Clause
// Counter-based random numbers, Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy as
// 1, 2, 3", SC11). A value depends on seed, stream, global row id and column only, so it is the
// same whoever owns the row. Values are formed in double and then rounded to the tensor's type.
#include <kernels/launch/launch.hpp>
#include <kernels/launch/math.hpp>
#include <kernels/launch/words.hpp>
#include <kernels/register.hpp>

namespace halograph::kernels::HALOGRAPH_BACKEND {
namespace {

template <int W>
struct Counters {
  Words<W> word[4];
};

template <int W>
HALOGRAPH_FN Counters<W> philox(Counters<W> c, Words<W> key0, Words<W> key1) {
  using P = Words<W>;
  for (int round = 0; round < 10; ++round) {
    const P a = multiply_words(P(0xD2511F53), c.word[0]), b = multiply_words(P(0xCD9E8D57), c.word[2]);
    c = Counters<W>{{shift_down(b, 32) ^ c.word[1] ^ key0, b, shift_down(a, 32) ^ c.word[3] ^ key1, a}};
    key0 = key0 + P(0x9E3779B9);
    key1 = key1 + P(0xBB67AE85);
  }
  return c;
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
    using P = Pack<double, W>;
    const std::int64_t id = row_id ? row_id[row] : row;
    std::int64_t lane[W];
    for (int i = 0; i < W; ++i) lane[i] = i;
    const Words<W> column = Words<W>(at.column) + load<W>(lane);
    const Counters<W> bits =
        philox(Counters<W>{{Words<W>(id), Words<W>(id >> 32), column, Words<W>(std::int64_t(stream))}},
               Words<W>(std::int64_t(seed)), Words<W>(std::int64_t((seed ^ stream) >> 32)));
    const P u = unit_number(bits.word[0], bits.word[1]);
    P value = P(low) + P(high - low) * u;
    if (law == RandomTask::Law::normal) {
      const P radius = sqrt(P(-2.0) * log(P(1.0) - u));
      const P angle = P(6.283185307179586) * unit_number(bits.word[2], bits.word[3]);
      value = P(low) + P(high) * (radius * cos(angle));
    }
    double wide[W];
    store(wide, value);
    for (int i = 0; i < W; ++i) y[row][at.column + i] = T(wide[i]);
  }
};

void random(const RandomTask& task) {
  switch_type(task.values.type, [&](auto t) {
    using T = decltype(t);
    for_each_row<T>(
        task.values.rows, task.values.cols,
        Random<T>{task.law, task.seed, task.stream, task.row_id, task.low, task.high, MutableRows<T>(task.values)});
  });
}

}  // namespace

void register_random(Table& table) { table.random = random; }

}  // namespace halograph::kernels::HALOGRAPH_BACKEND
