// SPDX-License-Identifier: BSD-3-Clause
// The fused network, forward: a block takes a tile of rows from its gathered start through all layers, norm, scale
// and residual to the sum into target rows. Nothing but the result leaves shared memory. A block owns the targets of
// its rows, so sums are plain additions.
#include <kernels/device/mlp_launch.hpp>
#include <kernels/device/mlp_tile.hpp>
#include <kernels/register.hpp>

namespace halograph::kernels::HALOGRAPH_BACKEND {
namespace {

/// Which rows a block takes: listed ranges, or equal ones whose ends move to where a target's rows end.
struct RowRanges {
  const std::int32_t* listed = nullptr;
  const std::int32_t* target = nullptr;  ///< of each row, ascending; null if targets may be cut
  std::int64_t count = 0, each = 0, rows = 0;
  std::int64_t turn = 1;  ///< ranges that a block takes

  HALOGRAPH_FN std::int64_t begin(std::int64_t range) const { return listed ? listed[2 * range] : whole(range * each); }
  HALOGRAPH_FN std::int64_t end(std::int64_t range) const {
    const std::int64_t last = listed ? listed[2 * range + 1] : whole((range + 1) * each);
    return last < rows ? last : rows;
  }

 private:
  /// The first row from `row` on that has another target than the row before it.
  HALOGRAPH_FN std::int64_t whole(std::int64_t row) const {
    if (row >= rows) return rows;
    if (!target || row == 0 || target[row] != target[row - 1]) return row;
    const std::int32_t same = target[row];
    std::int64_t step = 1, low = row, high;
    for (high = row + 1; high < rows && target[high] == same; high = low + step) {
      low = high;
      step *= 2;
    }
    if (high > rows) high = rows;
    while (high - low > 1) {
      const std::int64_t middle = low + (high - low) / 2;
      (target[middle] == same ? low : high) = middle;
    }
    return high;
  }
};

template <class T, int Rows, bool Spills>
struct Forward {
  static constexpr int blocks_beside = 2;
  Network<T> net;
  TileLayout<T> layout;
  RowRanges ranges;
  std::int64_t blocks;
  T* y;
  T* sum;
  std::int64_t sum_stride;
  const std::int32_t* sum_row;

  template <class Block>
  HALOGRAPH_FN void operator()(Block& block) const {
    const TileMemory<T> memory = layout.template in<Rows, Spills>(block);
    for (std::int64_t first = block.index() * ranges.turn; first < ranges.count; first += blocks * ranges.turn) {
      const std::int64_t last = first + ranges.turn < ranges.count ? first + ranges.turn : ranges.count;
      for (std::int64_t range = first; range < last;) {
        std::int64_t row = ranges.begin(range), end = ranges.end(range);
        // Those that follow each other are one: fewer tiles are not full.
        for (++range; range < last && ranges.begin(range) == end; ++range) end = ranges.end(range);
        for (; row < end; row += Rows) tile(block, memory, row, int(end - row < Rows ? end - row : Rows));
      }
    }
  }

 private:
  template <class Block>
  HALOGRAPH_FN void tile(Block& block, const TileMemory<T>& memory, std::int64_t begin, int rows) const {
    run_layers<T, Rows>(block, net, memory, begin, rows, net.n_layers, [](int) { return KeptTile<T>{}; });
    const bool odd = net.n_layers % 2;
    T* result = odd ? memory.tile[1] : memory.tile[0];
    const int result_stride = odd ? memory.stride[1] : memory.stride[0];
    if (net.norm) normalise_tile(block, result, result_stride, rows, net.out, net.epsilon, memory.stage);
    auto* const target = reinterpret_cast<std::int32_t*>(memory.stage);
    block.phase([&](int thread) {
      for_each_unit<T>(
          thread, rows, net.out, [&](int row, int column, int n) { return residual(begin + row, column, n); },
          [&](int row, int column, int n, const Unit<T>& more) {
            Unit<T>& at = unit_at(result + row * result_stride + column);
            const Unit<T> value = finished(at, begin + row, column, n, more);
            if (y) store_unit(y + (begin + row) * net.out + column, value, n);
            at = value;
          });
      if (sum)
        for (int row = thread; row < rows; row += tile_threads) target[row] = sum_row[begin + row];
    });
    if (sum) add_runs(block, result, result_stride, target, rows);
  }

  HALOGRAPH_FN Unit<T> residual(std::int64_t row, int column, int n) const {
    if (net.residual < 0) return Unit<T>{};
    const auto& input = net.input[net.residual];
    return load_unit(input.data + row * input.stride + column, n);
  }

  /// Weight and bias of the norm, factor of the row, residual.
  HALOGRAPH_FN Unit<T> finished(Unit<T> value, std::int64_t row, int column, int n, const Unit<T>& more) const {
    constexpr int size = Unit<T>::size;
    if (net.norm_weight) {
      const Unit<T> weight = load_unit(net.norm_weight + column, n), bias = load_unit(net.norm_bias + column, n);
      for (int c = 0; c < size; ++c) value.at[c] = fused(value.at[c], weight.at[c], bias.at[c]);
    }
    if (net.scale) {
      const T factor = net.scale[row * net.scale_stride];
      for (int c = 0; c < size; ++c) value.at[c] = rounded_multiply(value.at[c], factor);
    }
    if (net.residual >= 0)
      for (int c = 0; c < size; ++c) value.at[c] = rounded_add(more.at[c], value.at[c]);
    return value;
  }

  /// sum[target[row]] += result[row] in row order. Threads side by side have the columns; those behind each other share
  /// the rows, cut where targets end. The next target's sum is on its way while rows are added to one.
  template <class Block>
  HALOGRAPH_FN void add_runs(Block& block, const T* result, int result_stride, const std::int32_t* target,
                             int rows) const {
    block.phase([&](int thread) {
      int log2 = 0;
      while (log2 < 8 && (1 << log2) < net.out) ++log2;
      const int parts = tile_threads >> log2, part = thread >> log2, most = (rows + parts - 1) / parts;
      const auto whole = [&](int row) {
        while (row > 0 && row < rows && target[row] == target[row - 1]) ++row;
        return row < rows ? row : rows;
      };
      const int first = whole(part * most), last = whole((part + 1) * most);
      if (first >= last) return;
      for (int column = thread & ((1 << log2) - 1); column < net.out; column += 1 << log2) {
        T next = sum[target[first] * sum_stride + column];
        for (int row = first, end; row < last; row = end) {
          T total = next;
          for (end = row + 1; end < last && target[end] == target[row];) ++end;
          if (end < last) next = sum[target[end] * sum_stride + column];
          for (int r = row; r < end; ++r) total = rounded_add(total, result[r * result_stride + column]);
          sum[target[row] * sum_stride + column] = total;
        }
      }
    });
  }
};

template <class T>
void run(const MlpTask& task) {
  const PackedNetwork<T> net(task, false);
  const TileLayout<T> layout{{tile_stride<T>(net->even_cols()), tile_stride<T>(net->odd_cols())}};
  with_tiles<T>(layout, task.rows, [&](auto shape, const TileLayout<T>& placed, std::int64_t most_blocks) {
    constexpr int rows = decltype(shape)::rows;
    RowRanges ranges{task.blocks, task.sum.data ? task.sum_row : nullptr, task.n_blocks, 0, task.rows};
    if (task.blocks) {
      ranges.turn = in_turn(task.n_blocks);
    } else {
      ranges.each = rows * in_turn((task.rows + rows - 1) / rows);
      ranges.count = (task.rows + ranges.each - 1) / ranges.each;
    }
    const std::int64_t blocks = std::min((ranges.count + ranges.turn - 1) / ranges.turn, most_blocks);
    for_each_block<tile_threads>(
        blocks, placed.shared_bytes(rows, shape.spills),
        Forward<T, rows, decltype(shape)::spills>{*net, placed, ranges, blocks, static_cast<T*>(task.y.data),
                                                  static_cast<T*>(task.sum.data), task.sum.stride, task.sum_row});
  });
}

void mlp(const MlpTask& task) {
  if (task.rows == 0) return;
  switch_type(task.layer[0].weight.type, [&](auto t) { run<decltype(t)>(task); });
}

}  // namespace

void register_mlp(Table& table) { table.mlp = mlp; }

}  // namespace halograph::kernels::HALOGRAPH_BACKEND
