// SPDX-License-Identifier: BSD-3-Clause
// The table of kernels: one typed entry a kernel, over plain views. Each back end (a host
// instruction set, CUDA, HIP) fills a table; kernels::table(device) returns the one to use. The numeric
// type is a run-time property of the views and is switched once, inside the kernel file. Views may
// have any row stride; columns are adjacent. Shapes are the caller's duty (src/ops checks them).
//
// Order of arithmetic is part of each entry's contract: it is what makes results independent of
// threads, ranks and vector width.
#pragma once

#include <cstdint>

#include <halograph/core/device.hpp>
#include <halograph/core/dtype.hpp>

namespace halograph::kernels {

/// A matrix to read: [rows, cols], row r starts at element r * stride. A null data pointer means
/// "not given" where an argument is optional.
struct In {
  const void* data = nullptr;
  DType type = DType::f32;
  std::int64_t rows = 0, cols = 0, stride = 0;
};

/// A matrix to write.
struct Out {
  void* data = nullptr;
  DType type = DType::f32;
  std::int64_t rows = 0, cols = 0, stride = 0;
  operator In() const { return {data, type, rows, cols, stride}; }
};

/// A node of the fixed binary tree over patch numbers: patches [index << level, (index + 1) << level).
struct Subtree {
  int level = 0;
  std::int64_t index = 0;
};

/// The local patches and their rows. Sums over rows are formed per patch in row order, and the
/// patches of a subtree are combined pairwise up the tree; absent patches (>= total) are skipped.
struct PatchTree {
  const std::int64_t* offset = nullptr;         ///< [count + 1] local row where each local patch starts, in host memory
  const std::int64_t* device_offset = nullptr;  ///< the same in the device's memory; null for one patch from row 0
  std::int64_t first = 0, count = 0;            ///< local patch numbers
  std::int64_t total = 0;                       ///< patches of the whole graph
  const Subtree* subtree = nullptr;             ///< the largest subtrees that lie inside the local run
  int n_subtrees = 0;
};

/// Functions of one variable. The *_slope forms are derivatives, written in the function's value y where that is all
/// that a tape keeps, else in its argument x. That of softplus and ssp is the sigmoid of x.
enum class Unary : std::uint8_t {
  identity,
  negate,
  absolute,
  square,
  square_root,
  reciprocal,
  exponential,
  logarithm,
  sine,
  cosine,
  fading_exponential,  ///< exp(x), and 0 where that is below 2^-63 (f32) or 2^-511 (f64)
  tanh,
  sigmoid,
  softplus,
  error_function,
  relu,
  elu,
  leaky_relu,        ///< x > 0 ? x : 0.01 x
  selu,              ///< scale * (x > 0 ? x : alpha (exp(x) - 1))
  silu,              ///< x sigmoid(x)
  gelu,              ///< x (1 + erf(x / sqrt 2)) / 2
  ssp,               ///< softplus(x) - ln 2
  step,              ///< x > 0 ? 1 : 0
  sign,              ///< x > 0 ? 1 : x < 0 ? -1 : 0
  tanh_slope,        ///< 1 - y^2
  sigmoid_slope,     ///< y (1 - y)
  elu_slope,         ///< y > 0 ? 1 : y + 1
  leaky_relu_slope,  ///< y > 0 ? 1 : 0.01
  selu_slope,        ///< y > 0 ? scale : y + scale alpha
  silu_slope,        ///< s (1 + x (1 - s)) with s = sigmoid(x)
  gelu_slope,        ///< (1 + erf(x / sqrt 2)) / 2 + x exp(-x^2 / 2) / sqrt(2 pi)
  elu_curve,         ///< y > 0 ? 0 : 1, the derivative of elu_slope and selu_slope
};

enum class Binary : std::uint8_t { add, subtract, multiply, divide, maximum, minimum };

/// Columns of rows that begin a dense product: target[target_row[r]] + source[source_row[r]], where
/// a source row beyond source.rows is a row of ghost. Unused if target_row is null.
struct GatheredStart {
  In target, source, ghost;
  const std::int32_t* target_row = nullptr;
  const std::int32_t* source_row = nullptr;
};

/// y = activation(start + x W^T) with x the inputs side by side. For each element one accumulator
/// starts at bias (or 0, or the gathered start) and takes one fused multiply-add per column of x in
/// ascending order.
struct LinearTask {
  static constexpr int max_inputs = 4;
  In input[max_inputs];
  int n_inputs = 0;
  In weight;  ///< [out, in], or [in, out] if transposed
  bool transposed = false;
  In bias;  ///< [1, out], optional
  GatheredStart start;
  Unary activation = Unary::identity;    ///< one whose slope is written in its value, or identity
  const std::int32_t* blocks = nullptr;  ///< [n_blocks, 2] row ranges to compute; null: all rows
  std::int64_t n_blocks = 0;
  Out y;
};

/// Per-subtree partial sums of dy^T x: partials row s, element [o, i] at column o * weight_cols +
/// first_col + i. Per patch one fused multiply-add per row in row order, from 0.
struct WeightGradientTask {
  In x, dy;
  PatchTree tree;
  std::int64_t weight_cols = 0, first_col = 0;
  Out partials;  ///< [n_subtrees, out * weight_cols]
};

/// Layer norm y = (x - mean) * rstd * weight + bias over the columns of a row; weight and bias
/// optional.
struct LayerNormTask {
  In x, weight, bias;
  double epsilon = 1e-5;
  Out statistics;  ///< [rows, 2]: mean and 1 / sqrt(variance + epsilon)
  Out y;
};

struct LayerNormGradientTask {
  In x, statistics, weight, dy;
  Out dx;
};

/// Partial sums over rows of dy * normalised x and of dy.
struct LayerNormWeightGradientTask {
  In x, statistics, dy;
  PatchTree tree;
  Out partials;  ///< [n_subtrees, 2 * cols]
};

/// A multi-layer perceptron on rows, all layers while a row is in cache. Each layer is the product of LinearTask,
/// the norm that of LayerNormTask: the bits are those of the single kernels one after the other.
struct MlpTask {
  static constexpr int max_inputs = 4, max_layers = 16;
  struct Layer {
    In weight;  ///< [out, in]
    In bias;    ///< [1, out], optional
  };
  std::int64_t rows = 0;
  In input[max_inputs];  ///< side by side; may be none if there is a start
  int n_inputs = 0;
  GatheredStart start;  ///< of the first layer, instead of its bias
  Layer layer[max_layers];
  int n_layers = 0;
  Unary activation = Unary::identity;  ///< after every layer but the last
  bool activate_last = false;          ///< after the last too; not together with a norm
  In norm_weight, norm_bias;           ///< [1, out], both or neither
  bool norm = false;
  double epsilon = 1e-5;
  In scale;           ///< [rows, 1], optional: a factor of the result before the residual; not together with a norm
  int residual = -1;  ///< the input that is added to the result
  const std::int32_t* blocks = nullptr;  ///< as LinearTask; whole targets if there is a sum
  std::int64_t n_blocks = 0;
  Out y;  ///< optional, contiguous
  /// Optional: sum[sum_row[r]] += y[r] in row order; sum_row ascends.
  Out sum;
  const std::int32_t* sum_row = nullptr;
};

/// The gradients of MlpTask, which is run again tile by tile. Rows of a patch are worked on in order by one
/// thread, so what is added to rows of the same patch needs no atomics.
struct MlpGradientTask {
  MlpTask mlp;  ///< outputs and blocks are ignored
  /// Where there is a start: its rows by target and by source row, ascending in each, as Graph::edge_offset(),
  /// out_offset() and out_edge(); and, in host memory, where the targets and the ghosts of each local patch begin.
  const std::int32_t* target_offset = nullptr;
  const std::int32_t* source_offset = nullptr;
  const std::int32_t* source_edge = nullptr;
  const std::int64_t* node_patch = nullptr;
  const std::int64_t* ghost_patch = nullptr;
  In dy, dsum;                       ///< optional; the gradient of a row is dy[r] + dsum[sum_row[r]]
  Out dinput[MlpTask::max_inputs];   ///< optional each; one of them may share the memory of dy
  Out dtarget;                       ///< optional: zeroed by the caller, += gradient of the start in row order
  Out dsource, dghost;               ///< the same for source rows, together or not at all
  PatchTree tree;                    ///< over the rows
  Out dweight[MlpTask::max_layers];  ///< partial sums as WeightGradientTask; all or none
  Out dbias[MlpTask::max_layers];    ///< where there is a bias
  Out dnorm_weight, dnorm_bias;
  Out dscale;  ///< optional; sums in the order of sum_columns
};

/// Sums over segments of rows times weights, without the products in memory: y[r, c] is one chain of fused
/// multiply-adds from 0, in order, over j in [offset[r], offset[r + 1]) of value[row[e], c] * weight[e, h] with
/// e = edge[j] (edge null: j). Rows beyond value.rows are rows of `more`. The columns of y are cut evenly among
/// those of the weights: h = c / (y.cols / weight.cols).
struct WeightedSumTask {
  In value, more;
  const std::int32_t* row = nullptr;
  const std::int32_t* edge = nullptr;
  const std::int32_t* offset = nullptr;
  In weight;
  Out y;
};

/// y[e, h] = sum over the columns c of h of left[left_row[e], c] * right[right_row[e], c], in the order of
/// sum_columns. Rows beyond left.rows are rows of `more`. Columns are cut as in WeightedSumTask.
struct EdgeDotTask {
  In left, more;
  const std::int32_t* left_row = nullptr;
  In right;
  const std::int32_t* right_row = nullptr;
  Out y;
};

/// Largest weighted row per segment: y[r, c] = max over j in [offset[r], offset[r + 1]) of value[row[j], c] * weight[j,
/// 0] and where it stood, as segment_extreme. Rows beyond value.rows are rows of `more`.
struct WeightedMaxTask {
  In value, more;
  const std::int32_t* row = nullptr;
  const std::int32_t* offset = nullptr;
  In weight;
  Out y;
  std::int32_t* where = nullptr;  ///< [y.rows, y.cols]
};

/// Its gradients, with target[e] the segment of element e: dvalue[r, c] = sum in order over j in [out_offset[r],
/// out_offset[r + 1]) of weight[e] * dy[target[e], c] where e = out_edge[j] is where[target[e], c], 0 elsewhere; and
/// dweight[e, 0] = sum over columns of value[row[e], c] * dy[target[e], c] under the same condition, in the order of
/// sum_columns. Either may be left out.
struct WeightedMaxGradientTask {
  In value, more;
  const std::int32_t* row = nullptr;
  const std::int32_t* target = nullptr;
  const std::int32_t* where = nullptr;
  In weight, dy;
  const std::int32_t* out_offset = nullptr;
  const std::int32_t* out_edge = nullptr;
  Out dvalue;
  Out dweight;
};

/// Messages of scalars and of vectors in space. A row of `value` holds F columns of s, F of g and, or not, F of v_x,
/// v_y and v_z each; a row of y F columns of q, u_x, u_y and u_z each. With weights w = [w1 | w2 | w3] and direction r
/// of each edge
///   q = sum w1 s,  u_a = sum (w2 r_a) g + sum w3 v_a  over j in [offset[i], offset[i + 1]),
/// each sum a chain of fused multiply-adds from 0, e = edge[j] (edge null: j), of row value_row[e] of value, where rows
/// beyond value.rows are rows of `more`.
struct VectorMessageTask {
  In value, more;
  const std::int32_t* value_row = nullptr;
  const std::int32_t* y_row = nullptr;  ///< of each edge; gradients need it
  const std::int32_t* edge = nullptr;
  const std::int32_t* offset = nullptr;
  In weight, direction;  ///< [edges, 3 F], [edges, 3]
  Out y;
};

/// The gradients of VectorMessageTask, whose y is that of the cotangents here. Of values: sums over j of [offset[i],
/// offset[i + 1]) and edge, each a chain from 0, those of g for z, y and x added in this order. Of edges: products,
/// added in the same order; d direction in the order of sum_columns.
struct VectorMessageGradientTask {
  VectorMessageTask message;
  In dy;
  Out dvalue;               ///< the only result of vector_message_values
  Out dweight, ddirection;  ///< those of vector_message_edges, the second optional
};

/// Groups of rows, anywhere in the patches: the graphs of a batch.
struct RowGroups {
  const std::int32_t* group = nullptr;  ///< [rows]
  std::int64_t count = 0;
};

/// One parameter as an optimizer sees it: `size` adjacent elements of each. SGD's velocity is `first`;
/// what is not used is null.
struct ParameterSegment {
  void* value = nullptr;
  void* first = nullptr;
  void* second = nullptr;
  const void* gradient = nullptr;
  std::int64_t size = 0;
};

/// The parameters of one numeric type; the list itself is in host memory.
struct ParameterList {
  const ParameterSegment* segment = nullptr;
  std::int64_t count = 0;
  DType type = DType::f32;
};

/// One step of Adam or AdamW over all parameters.
struct AdamTask {
  ParameterList parameters;
  double rate, beta1, beta2, epsilon;
  double l2_decay, decoupled_decay;  ///< Adam adds the first to the gradient, AdamW shrinks by the second
  double correction1, correction2;   ///< 1 - beta^step
};

struct MomentumTask {
  ParameterList parameters;
  double rate, momentum, decay;
  bool nesterov;
};

/// Gradients of the gates of a recurrent unit; input and hidden have the columns of r, z and n side by side.
struct GruGradientTask {
  In input, hidden, state, dy;
  Out d_input, d_hidden, d_state;
};

/// Elements of a gradient that square_sums adds into one number.
inline constexpr std::int64_t square_sum_elements = 1024;

struct RandomTask {
  enum class Law : std::uint8_t { uniform, normal } law = Law::uniform;
  std::uint64_t seed = 0, stream = 0;
  const std::int64_t* row_id = nullptr;  ///< global id of each row; null: the row number
  double low = 0, high = 1;              ///< bounds; for normal: mean and standard deviation
  Out values;
};

void missing_kernel(const char* kernel, Device device);

template <class Signature>
class Kernel;

/// One entry of the table. Calling an unset entry throws NotImplemented naming kernel and device.
template <class... Args>
class Kernel<void(Args...)> {
 public:
  explicit constexpr Kernel(const char* name) : name_(name) {}
  Kernel& operator=(void (*function)(Args...)) {
    function_ = function;
    return *this;
  }
  void set_device(Device device) { device_ = device; }
  void operator()(Args... args) const {
    if (!function_) missing_kernel(name_, device_);
    DeviceAccess access(device_);
    function_(args...);
  }

 private:
  const char* name_;
  void (*function_)(Args...) = nullptr;
  Device device_;
};

struct Table {
  Kernel<void(double, Out)> fill{"fill"};
  /// Also converts between numeric types.
  Kernel<void(In, Out)> copy{"copy"};
  Kernel<void(Unary, In, Out)> unary{"unary"};
  /// slope(x) * dy; x the argument or the value, as the slope is written
  Kernel<void(Unary, In, In, Out)> slope_product{"slope_product"};
  /// The second operand's single row or column is repeated.
  Kernel<void(Binary, In, In, Out)> binary{"binary"};
  /// fma(x, scale, shift)
  Kernel<void(In, double, double, Out)> scale_shift{"scale_shift"};

  Kernel<void(const LinearTask&)> linear{"linear"};
  Kernel<void(const WeightGradientTask&)> weight_gradient{"weight_gradient"};

  /// out[r] = in[index[r]]; rows beyond in.rows come from `more`.
  Kernel<void(In, In, const std::int32_t*, Out)> gather_rows{"gather_rows"};
  /// out[index[r]] = in[r]; the indices are distinct.
  Kernel<void(In, const std::int32_t*, Out)> put_rows{"put_rows"};
  /// out[i] = sum of in[index[j]] (index null: in[j]) for j in [offset[i], offset[i + 1]), in order,
  /// from 0.
  Kernel<void(In, const std::int32_t*, const std::int32_t*, Out)> segment_sum{"segment_sum"};
  /// out[row[i]] += the same sum, for the listed rows only (`rows` of them).
  Kernel<void(In, const std::int32_t*, const std::int32_t*, const std::int32_t*, std::int64_t, Out)> segment_add{
      "segment_add"};
  /// Largest (or smallest) row per segment and column and where it stood (first of equals, -1 and
  /// value 0 in an empty segment).
  Kernel<void(bool, In, const std::int32_t*, Out, std::int32_t*)> segment_extreme{"segment_extreme"};
  /// out[i, c] = in[where[i, c], c], or 0 where -1.
  Kernel<void(In, const std::int32_t*, Out)> pick{"pick"};
  /// The adjoint of pick: out[e, c] = in[segment[e], c] if where[segment[e], c] == e, else 0.
  Kernel<void(In, const std::int32_t*, const std::int32_t*, Out)> unpick{"unpick"};

  Kernel<void(const WeightedSumTask&)> weighted_sum{"weighted_sum"};
  Kernel<void(const EdgeDotTask&)> edge_dot{"edge_dot"};
  Kernel<void(const WeightedMaxTask&)> weighted_max{"weighted_max"};
  Kernel<void(const WeightedMaxGradientTask&)> weighted_max_gradient{"weighted_max_gradient"};
  Kernel<void(const VectorMessageTask&)> vector_message{"vector_message"};
  Kernel<void(const VectorMessageGradientTask&)> vector_message_values{"vector_message_values"};
  Kernel<void(const VectorMessageGradientTask&)> vector_message_edges{"vector_message_edges"};
  /// out[i] = product of in[j] for j in [offset[i], offset[i + 1]), in order, from 1.
  Kernel<void(In, const std::int32_t*, Out)> segment_product{"segment_product"};
  /// (x, dy, offset, dx): dx[j] = dy[i] times the product of the other rows of the segment, before j and then after it.
  Kernel<void(In, In, const std::int32_t*, Out)> segment_product_gradient{"segment_product_gradient"};
  /// out[j] = exp(in[j] - m) / (sum of these in order + 1e-16), m the largest of the segment; `segments` of them.
  Kernel<void(In, const std::int32_t*, std::int64_t, Out)> segment_softmax{"segment_softmax"};
  /// (y, dy, offset, segments, dx): dx[j] = y[j] (dy[j] - sum of y dy in order), the sum by fused multiply-adds.
  Kernel<void(In, In, const std::int32_t*, std::int64_t, Out)> segment_softmax_gradient{"segment_softmax_gradient"};
  /// (x, offset, mean, variance): of each segment the sum in order divided by the number of rows, and the same of the
  /// squares of x - mean, by fused multiply-adds; 0 in an empty segment.
  Kernel<void(In, const std::int32_t*, Out, Out)> segment_moments{"segment_moments"};
  /// (x, mean, dmean, dvariance, offset, dx): dx[j] = fma(x[j] - mean, 2 dvariance / n, dmean / n); dmean is optional.
  Kernel<void(In, In, In, In, const std::int32_t*, Out)> segment_moments_gradient{"segment_moments_gradient"};

  /// Per-subtree partial sums over the rows of each group, in row order: [n_subtrees, count * cols].
  Kernel<void(In, RowGroups, PatchTree, Out)> group_sums{"group_sums"};
  /// Largest row per group and column and where it stood: [count, cols] twice; first of equals, -infinity and -1
  /// in a group without rows. A NaN wins.
  Kernel<void(In, RowGroups, Out, std::int32_t*)> group_max{"group_max"};

  /// [rows, 1]: columns c, c + 16, ... of 16 lanes in ascending order, lanes folded by halves.
  Kernel<void(In, Out)> sum_columns{"sum_columns"};
  /// Per-subtree partial sums over rows: [n_subtrees, cols].
  Kernel<void(In, PatchTree, Out)> sum_rows{"sum_rows"};
  /// [1, cols] largest value of each column, -infinity without rows.
  Kernel<void(In, Out)> max_rows{"max_rows"};

  Kernel<void(const LayerNormTask&)> layer_norm{"layer_norm"};
  Kernel<void(const LayerNormGradientTask&)> layer_norm_gradient{"layer_norm_gradient"};
  Kernel<void(const LayerNormWeightGradientTask&)> layer_norm_weight_gradient{"layer_norm_weight_gradient"};

  Kernel<void(const MlpTask&)> mlp{"mlp"};
  Kernel<void(const MlpGradientTask&)> mlp_gradient{"mlp_gradient"};

  /// (input, hidden, state, y): y = n + z (h - n) with r = sigmoid(i_r + h_r), z the same, n = tanh(i_n + r h_n).
  Kernel<void(In, In, In, Out)> gru{"gru"};
  Kernel<void(const GruGradientTask&)> gru_gradient{"gru_gradient"};

  Kernel<void(const AdamTask&)> adam{"adam"};
  Kernel<void(const MomentumTask&)> momentum{"momentum"};
  /// f64 sums of squares of the gradients, [n, 1]: of each block of square_sum_elements elements of each gradient, the
  /// last one shorter. In the order of sum_columns.
  Kernel<void(ParameterList, Out)> square_sums{"square_sums"};
  Kernel<void(const RandomTask&)> random{"random"};

  /// Calls visit(entry) for every entry.
  template <class Visit>
  void for_each(Visit&& visit) {
    const auto all = [&](auto&... entry) { (visit(entry), ...); };
    all(fill, copy, unary, slope_product, binary, scale_shift, linear, weight_gradient, gather_rows, put_rows,
        segment_sum, segment_add, segment_extreme, pick, unpick, weighted_sum, edge_dot, weighted_max,
        weighted_max_gradient, vector_message, vector_message_values, vector_message_edges, segment_product,
        segment_product_gradient, segment_softmax, segment_softmax_gradient, segment_moments, segment_moments_gradient,
        group_sums, group_max, sum_columns, sum_rows, max_rows, layer_norm, layer_norm_gradient,
        layer_norm_weight_gradient, mlp, mlp_gradient, gru, gru_gradient, adam, momentum, square_sums, random);
  }
};

/// The kernels of a device.
const Table& table(Device device);

}  // namespace halograph::kernels
