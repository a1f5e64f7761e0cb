// SPDX-License-Identifier: BSD-3-Clause
// Dense products for tall, thin matrices. The weights are packed into panels of adjacent columns
// once per call; a micro-kernel keeps R rows x V vectors of accumulators in registers while it
// walks the columns of x in ascending order. Every element of y is one chain of fused
// multiply-adds, whatever tile it falls into: tiles change which elements share registers, never
// the arithmetic of one. Panels halve in width towards the last columns, so nothing is padded. In a mode other than
// exact the factors are rounded first: the weights as they are packed, the rows of a block in a copy.
#include <kernels/activation.hpp>
#include <kernels/register.hpp>
#include <kernels/rounding.hpp>

namespace halograph::kernels::HALOGRAPH_BACKEND {
namespace {

constexpr std::int64_t block_rows = 192;

/// Accumulators that fit the registers: widest panel in vectors and rows per width.
struct Tiling {
  static constexpr int max_vectors = native_bytes == 64 ? 4 : 2;
  static constexpr int rows(int vectors) {
    if (native_bytes == 64) return vectors == 1 ? 12 : vectors == 2 ? 12 : 6;
    return vectors == 1 ? 8 : 4;
  }
};

/// Calls body(first column, Panel<W, V>{}) for each panel of `cols` columns.
template <int W, int V>
struct Panel {
  static constexpr int width = W, vectors = V;
};

template <class T, class Body>
void for_each_panel(std::int64_t cols, const Body& body) {
  constexpr int W = native_width<T>;
  std::int64_t column = 0;
  if constexpr (Tiling::max_vectors == 4)
    for (; column + 4 * W <= cols; column += 4 * W) body(column, Panel<W, 4>{});
  for (; column + 2 * W <= cols; column += 2 * W) body(column, Panel<W, 2>{});
  for (; column + W <= cols; column += W) body(column, Panel<W, 1>{});
  if constexpr (W > 8)
    for (; column + 8 <= cols; column += 8) body(column, Panel<8, 1>{});
  if constexpr (W > 4)
    for (; column + 4 <= cols; column += 4) body(column, Panel<4, 1>{});
  if constexpr (W > 2)
    for (; column + 2 <= cols; column += 2) body(column, Panel<2, 1>{});
  for (; column < cols; ++column) body(column, Panel<1, 1>{});
}

/// Weights in panel order: for each panel its bias row, then one row per column of x.
template <class T>
void pack_weights(const LinearTask& task, ProductMode mode, std::int64_t depth, std::int64_t cols, T* packed) {
  const Rows<T> w(task.weight);
  const T* bias = static_cast<const T*>(task.bias.data);
  for_each_panel<T>(cols, [&](std::int64_t column, auto panel) {
    constexpr int width = decltype(panel)::width * decltype(panel)::vectors;
    for (int j = 0; j < width; ++j) *packed++ = bias ? bias[column + j] : T(0);
    for (std::int64_t k = 0; k < depth; ++k)
      for (int j = 0; j < width; ++j)
        *packed++ = rounded_factor(mode, Pack<T, 1>(task.transposed ? w[k][column + j] : w[column + j][k])).value;
  });
}

template <class T>
struct Operands {
  const T* x[LinearTask::max_inputs];
  std::int64_t x_stride[LinearTask::max_inputs];
  std::int64_t x_cols[LinearTask::max_inputs];
  int n_inputs;
  bool starts_from_y;
  T* y;
  std::int64_t y_stride;
};

/// R rows of one panel.
template <class T, int W, int V, int R>
HALOGRAPH_FN void multiply_tile(const Operands<T>& operands, std::int64_t row, const T* weights, std::int64_t column) {
  using P = Pack<T, W>;
  P sum[R][V];
  T* y = operands.y + row * operands.y_stride + column;
  for (int r = 0; r < R; ++r)
    for (int v = 0; v < V; ++v)
      sum[r][v] = load<W>(operands.starts_from_y ? y + r * operands.y_stride + v * W : weights + v * W);
  weights += V * W;
  for (int input = 0; input < operands.n_inputs; ++input) {
    const std::int64_t stride = operands.x_stride[input], cols = operands.x_cols[input];
    const T* x = operands.x[input] + row * stride;
    // The compiler must not turn the R row addresses into R induction variables: they would spill.
    asm("" : "+r"(x));
    for (std::int64_t k = 0; k < cols; ++k, weights += V * W) {
      P w[V];
      for (int v = 0; v < V; ++v) w[v] = load<W>(weights + v * W);
      for (int r = 0; r < R; ++r) {
        const P value(x[r * stride + k]);
        for (int v = 0; v < V; ++v) sum[r][v] = fma(value, w[v], sum[r][v]);
      }
    }
  }
  asm("" : "+r"(y));
  for (int r = 0; r < R; ++r)
    for (int v = 0; v < V; ++v) store(y + r * operands.y_stride + v * W, sum[r][v]);
}

template <class T, int W, int V>
void multiply_panel(const Operands<T>& operands, std::int64_t begin, std::int64_t end, const T* weights,
                    std::int64_t column) {
  constexpr int R = Tiling::rows(V);
  std::int64_t row = begin;
  for (; row + R <= end; row += R) multiply_tile<T, W, V, R>(operands, row, weights, column);
  for (; row + 4 <= end; row += 4) multiply_tile<T, W, V, 4>(operands, row, weights, column);
  for (; row < end; ++row) multiply_tile<T, W, V, 1>(operands, row, weights, column);
}

template <class T>
struct StartRow {
  Rows<T> target, source, ghost;
  std::int64_t source_rows;
  const std::int32_t* target_row;
  const std::int32_t* source_row;
  MutableRows<T> y;
  template <int W>
  HALOGRAPH_FN void operator()(std::int64_t row, Lane<W> at) const {
    const std::int64_t from = source_row[row];
    const T* s = from < source_rows ? source[from] : ghost[from - source_rows];
    store(y[row] + at.column, load<W>(target[target_row[row]] + at.column) + load<W>(s + at.column));
  }
};

template <class T, Unary F>
struct Activate {
  MutableRows<T> y;
  template <int W>
  HALOGRAPH_FN void operator()(std::int64_t row, Lane<W> at) const {
    store(y[row] + at.column, evaluate<F>(load<W>(y[row] + at.column)));
  }
};

template <class T>
struct RoundRow {
  ProductMode mode;
  const T* from;
  T* to;
  template <int W>
  HALOGRAPH_FN void operator()(std::int64_t, Lane<W> at) const {
    store(to + at.column, rounded_factor(mode, load<W>(from + at.column)));
  }
};

/// Rows [begin, end) of the inputs, rounded, in place of the inputs themselves.
template <class T>
Operands<T> round_rows(Operands<T> operands, ProductMode mode, std::int64_t begin, std::int64_t end) {
  constexpr int rows_slot = 0;
  std::int64_t depth = 0;
  for (int i = 0; i < operands.n_inputs; ++i) depth += operands.x_cols[i];
  T* copy = static_cast<T*>(scratch((end - begin) * depth * std::int64_t(sizeof(T)), rows_slot));
  for (int i = 0; i < operands.n_inputs; ++i) {
    const std::int64_t cols = operands.x_cols[i], stride = operands.x_stride[i];
    for (std::int64_t row = begin; row < end; ++row)
      walk_columns<T, native_width<T>>(row, 0, cols,
                                       RoundRow<T>{mode, operands.x[i] + row * stride, copy + (row - begin) * cols});
    operands.x[i] = copy - begin * cols;
    operands.x_stride[i] = cols;
    copy += (end - begin) * cols;
  }
  return operands;
}

template <class T>
void multiply_block(const LinearTask& task, const Operands<T>& operands, const T* packed, std::int64_t depth,
                    std::int64_t begin, std::int64_t end) {
  const std::int64_t cols = task.y.cols;
  const MutableRows<T> y(task.y);
  if (operands.starts_from_y) {
    const StartRow<T> start{Rows<T>(task.start.target),
                            Rows<T>(task.start.source),
                            Rows<T>(task.start.ghost),
                            task.start.source.rows,
                            task.start.target_row,
                            task.start.source_row,
                            y};
    for (std::int64_t row = begin; row < end; ++row) walk_columns<T, native_width<T>>(row, 0, cols, start);
  }
  const T* weights = packed;
  for_each_panel<T>(cols, [&](std::int64_t column, auto panel) {
    constexpr int W = decltype(panel)::width, V = decltype(panel)::vectors;
    multiply_panel<T, W, V>(operands, begin, end, weights, column);
    weights += (depth + 1) * W * V;
  });
  switch_activation_by_value(task.activation, [&](auto function) {
    const Activate<T, decltype(function)::value> activate{y};
    if (task.y.stride == cols) {
      walk_columns<T, native_width<T>>(0, begin * cols, end * cols, activate);
    } else {
      for (std::int64_t row = begin; row < end; ++row) walk_columns<T, native_width<T>>(row, 0, cols, activate);
    }
  });
}

template <class T>
void multiply(const LinearTask& task) {
  Operands<T> operands{};
  std::int64_t depth = 0;
  for (int i = 0; i < task.n_inputs; ++i) {
    operands.x[i] = static_cast<const T*>(task.input[i].data);
    operands.x_stride[i] = task.input[i].stride;
    operands.x_cols[i] = task.input[i].cols;
    depth += task.input[i].cols;
  }
  operands.n_inputs = task.n_inputs;
  operands.starts_from_y = task.start.target_row != nullptr;
  operands.y = static_cast<T*>(task.y.data);
  operands.y_stride = task.y.stride;

  constexpr int pack_slot = 1;
  T* packed = static_cast<T*>(scratch((depth + 1) * task.y.cols * std::int64_t(sizeof(T)), pack_slot));
  const ProductMode mode = sizeof(T) == 4 ? product_mode() : ProductMode::exact;
  pack_weights<T>(task, mode, depth, task.y.cols, packed);

  const std::int64_t rows = task.y.rows;
  const std::int64_t n_blocks = task.blocks ? task.n_blocks : (rows + block_rows - 1) / block_rows;
  for_each_task(n_blocks, [&](std::int64_t block) {
    const std::int64_t begin = task.blocks ? task.blocks[2 * block] : block * block_rows;
    const std::int64_t after = task.blocks ? task.blocks[2 * block + 1] : begin + block_rows;
    const std::int64_t end = after < rows ? after : rows;
    if (begin >= end) return;
    multiply_block<T>(task, mode == ProductMode::exact ? operands : round_rows(operands, mode, begin, end), packed,
                      depth, begin, end);
  });
}

void linear(const LinearTask& task) {
  if (task.y.rows == 0 || task.y.cols == 0) return;
  switch_type(task.y.type, [&](auto t) { multiply<decltype(t)>(task); });
}

}  // namespace

void register_linear(Table& table) { table.linear = linear; }

}  // namespace halograph::kernels::HALOGRAPH_BACKEND
