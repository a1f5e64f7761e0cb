// SPDX-License-Identifier: BSD-3-Clause
// The gradients of the fused network: a panel of rows is run again and its gradients flow back while it is in
// cache. Weight gradients are formed per patch in row order and folded over the patches; a patch's rows are
// worked on by one thread in order, which makes the sums over sources plain additions.
#include <kernels/host/mlp.hpp>
#include <kernels/host/patch_fold.hpp>
#include <kernels/register.hpp>

namespace halograph::kernels::HALOGRAPH_BACKEND {
namespace {

/// Where the gradients of the parameters stand in a patch's sum: for each layer its weight [in, out] and its
/// bias, then the norm's weight and bias.
struct GradientLayout {
  std::int64_t weight[MlpTask::max_layers] = {}, bias[MlpTask::max_layers] = {};
  std::int64_t norm = 0, size = 0;
  template <class T>
  explicit GradientLayout(const PackedMlp<T>& net) {
    for (int k = 0; k < net.n_layers; ++k) {
      weight[k] = size;
      bias[k] = size + net.layer[k].in * net.layer[k].out;
      size = bias[k] + net.layer[k].out;
    }
    norm = size;
    size += 2 * net.out;
  }
};

template <class T>
struct GradientMemory {
  MlpPanels<T> panels;
  T* d;      ///< gradient of a layer's result, before its activation
  T* next;   ///< of its input
  T* given;  ///< rows of the gradient that comes in
  T* rows;   ///< a panel turned back into rows
  explicit GradientMemory(const PackedMlp<T>& net) {
    const std::int64_t wide = net.in > net.widest ? net.in : net.widest;
    std::int64_t cols = net.in + 3 * wide + net.out + 2;
    for (int k = 0; k < net.n_layers; ++k) cols += (keeps_slope(net, k) ? 2 : 1) * net.layer[k].out;
    T* memory = static_cast<T*>(scratch(cols * panel_rows<T> * std::int64_t(sizeof(T)), panels_slot));
    const auto take = [&](std::int64_t n) {
      T* panel = memory;
      memory += n * panel_rows<T>;
      return panel;
    };
    panels.input = take(net.in);
    for (int k = 0; k < net.n_layers; ++k) {
      panels.value[k] = take(net.layer[k].out);
      if (keeps_slope(net, k)) panels.slope[k] = take(net.layer[k].out);
    }
    panels.rstd = take(1);
    panels.scale = take(1);
    d = take(wide);
    next = take(wide);
    given = take(net.out);
    rows = take(wide);
  }
  static bool keeps_slope(const PackedMlp<T>& net, int k) { return slope_needs_argument(net.activation(k)); }
};

template <class T>
void panel_to_rows(const T* panel, int n, int cols, T* rows) {
  from_panel(panel, n, cols, [&](int row, int column, auto, auto value) { store(rows + row * cols + column, value); });
}

/// d = slope * d, with the slope as it is unless null, else from the value.
template <class T>
void slope_panel(Unary f, const T* value, const T* slope, T* d, int rows, int cols) {
  constexpr int W = native_width<T>;
  if (slope) {
    for_each_vector<T>(rows, cols, [=](int at) { store(d + at, load<W>(slope + at) * load<W>(d + at)); });
    return;
  }
  switch_activation_by_value(f, [=](auto function) {
    constexpr Unary F = slope_of<decltype(function)::value>;
    for_each_vector<T>(rows, cols, [=](int at) { store(d + at, evaluate<F>(load<W>(value + at)) * load<W>(d + at)); });
  });
}

/// Gradients of one panel. `sum` is null where parameters are not wanted.
template <class T>
class PanelGradient {
 public:
  PanelGradient(const MlpGradientTask& task, const PackedMlp<T>& net, const GradientLayout& layout)
      : task_(task), net_(net), layout_(layout), memory_(net) {
    for (int i = 0; i < task.mlp.n_inputs; ++i) inputs_wanted_ = inputs_wanted_ || task.dinput[i].data;
  }

  void run(std::int64_t begin, int rows, T* sum) {
    run_layers(net_, begin, rows, memory_.panels, ends_linear() ? net_.n_layers - 1 : net_.n_layers);
    load_given(begin, rows);
    if (task_.mlp.norm) through_norm(rows, sum);
    if (task_.mlp.scale.data) through_scale(begin, rows);
    through_activation(net_.n_layers - 1, memory_.d, rows);
    for (int k = net_.n_layers - 1; k >= 0; --k) through_layer(k, begin, rows, sum);
  }

 private:
  /// Whether nobody asks for the value of the last layer.
  bool ends_linear() const {
    return !task_.mlp.norm && !task_.dscale.data && net_.activation(net_.n_layers - 1) == Unary::identity;
  }

  /// The gradient of the result, as rows and as a panel.
  void load_given(std::int64_t begin, int rows) {
    T* given = memory_.given;
    const int cols = net_.out;
    const Rows<T> dy(task_.dy), dsum(task_.dsum);
    const std::int32_t* target = task_.mlp.sum_row;
    const bool from_rows = task_.dy.data, from_sum = task_.dsum.data;
    to_panel(rows, cols, memory_.d, [&](int row, int column, auto block) {
      constexpr int C = decltype(block)::width;
      Pack<T, C> g = from_rows ? load<C>(dy[begin + row] + column) : load<C>(dsum[target[begin + row]] + column);
      if (from_rows && from_sum) g = g + load<C>(dsum[target[begin + row]] + column);
      store(given + row * cols + column, g);
      return g;
    });
  }

  void through_norm(int rows, T* sum) {
    const MlpTask& mlp = task_.mlp;
    const int cols = net_.out;
    const T* normalised = memory_.panels.value[net_.n_layers - 1];
    if (sum && mlp.norm_weight.data) {
      panel_to_rows(normalised, rows, cols, memory_.rows);
      add_norm_products(rows, sum + layout_.norm);
    }
    norm_gradient_panel(normalised, memory_.panels.rstd, static_cast<const T*>(mlp.norm_weight.data), memory_.d, rows,
                        cols);
  }

  /// sum[c] += given * normalised, sum[cols + c] += given, row after row: two chains that run side by side.
  void add_norm_products(int rows, T* sum) {
    const int cols = net_.out;
    const T* given = memory_.given;
    const T* normalised = memory_.rows;
    for_each_block<T>(cols, [=](int column, auto block) {
      constexpr int C = decltype(block)::width;
      Pack<T, C> weight = load<C>(sum + column), bias = load<C>(sum + cols + column);
      for (int at = column; at < rows * cols; at += cols) {
        const Pack<T, C> g = load<C>(given + at);
        weight = fma(g, load<C>(normalised + at), weight);
        bias = bias + g;
      }
      store(sum + column, weight);
      store(sum + cols + column, bias);
    });
  }

  void through_scale(std::int64_t begin, int rows) {
    constexpr int W = native_width<T>, stride = panel_rows<T>;
    const T* value = memory_.panels.value[net_.n_layers - 1];
    const T* d = memory_.d;
    if (task_.dscale.data) {
      for (int row = 0; row < rows; row += W)
        store(memory_.next + row, sum_over_panel_columns<T>(net_.out, [=](int c) {
                return load<W>(d + c * stride + row) * load<W>(value + c * stride + row);
              }));
      const MutableRows<T> dscale(task_.dscale);
      from_panel(memory_.next, rows, 1, [&](int row, int, auto, auto sum) { store(dscale[begin + row], sum); });
    }
    multiply_rows(load_scale(net_, begin, rows, memory_.panels), memory_.d, rows, net_.out);
  }

  /// d, the gradient of the value of layer k, becomes that of its argument.
  void through_activation(int k, T* d, int rows) {
    slope_panel(net_.activation(k), memory_.panels.value[k], memory_.panels.slope[k], d, rows, net_.layer[k].out);
  }

  void through_layer(int k, std::int64_t begin, int rows, T* sum) {
    const auto& layer = net_.layer[k];
    const T* x = k > 0 ? memory_.panels.value[k - 1] : memory_.panels.input;
    if (task_.dy.data) prefetch_part<T>(task_.dy, begin + rows, rows, k, net_.n_layers);
    if (sum || k == 0) panel_to_rows(memory_.d, rows, layer.out, memory_.rows);
    if (sum) {
      add_outer(x, layer.in, memory_.rows, layer.out, rows, sum + layout_.weight[k],
                layer.bias ? sum + layout_.bias[k] : nullptr);
    }
    if (k == 0) {
      to_start(begin, rows);
      if (inputs_wanted_) to_inputs(begin, rows);
      return;
    }
    multiply_panel<T>(memory_.d, rows, layer.out, layer.in, layer.transposed, nullptr, nullptr, memory_.next);
    through_activation(k - 1, memory_.next, rows);
    T* done = memory_.d;
    memory_.d = memory_.next;
    memory_.next = done;
  }

  void to_start(std::int64_t begin, int rows) {
    const GatheredStart& start = task_.mlp.start;
    const int cols = net_.layer[0].out;
    if (task_.dtarget.data) add_runs(memory_.rows, cols, start.target_row + begin, rows, MutableRows<T>(task_.dtarget));
    if (!task_.dsource.data) return;
    const MutableRows<T> source(task_.dsource), ghost(task_.dghost);
    const std::int32_t* source_row = start.source_row + begin;
    const std::int64_t own = start.source.rows;
    const T* d = memory_.rows;
    for_each_block<T>(cols, [=](int column, auto block) {
      constexpr int C = decltype(block)::width;
      for (int row = 0; row < rows; ++row) {
        const std::int64_t from = source_row[row];
        T* to = (from < own ? source[from] : ghost[from - own]) + column;
        store(to, load<C>(to) + load<C>(d + row * cols + column));
      }
    });
  }

  void to_inputs(std::int64_t begin, int rows) {
    const auto& layer = net_.layer[0];
    multiply_panel<T>(memory_.d, rows, layer.out, layer.in, layer.transposed, nullptr, nullptr, memory_.next);
    const T* panel = memory_.next;
    for (int i = 0; i < task_.mlp.n_inputs; ++i) {
      const int cols = int(task_.mlp.input[i].cols);
      if (task_.dinput[i].data) {
        const MutableRows<T> dx(task_.dinput[i]);
        const bool add = i == task_.mlp.residual;
        from_panel(panel, rows, cols, [&](int row, int column, auto block, auto value) {
          if (add) value = load<decltype(block)::width>(memory_.given + row * cols + column) + value;
          store(dx[begin + row] + column, value);
        });
      }
      panel += cols * panel_rows<T>;
    }
  }

  const MlpGradientTask& task_;
  const PackedMlp<T>& net_;
  const GradientLayout& layout_;
  GradientMemory<T> memory_;
  bool inputs_wanted_ = false;
};

/// The folded sums, each into its own partial.
template <class T>
void hand_out(const MlpGradientTask& task, const PackedMlp<T>& net, const GradientLayout& layout, const Rows<T>& sums) {
  const auto copy = [](const T* from, std::int64_t n, T* to) {
    for (std::int64_t i = 0; i < n; ++i) to[i] = from[i];
  };
  for (std::int64_t s = 0; s < task.tree.n_subtrees; ++s) {
    for (int k = 0; k < net.n_layers; ++k) {
      const auto& layer = net.layer[k];
      T* weight = MutableRows<T>(task.dweight[k])[s];
      for (int o = 0; o < layer.out; ++o)
        for (int i = 0; i < layer.in; ++i) weight[o * layer.in + i] = sums[s][layout.weight[k] + i * layer.out + o];
      if (layer.bias) copy(sums[s] + layout.bias[k], layer.out, MutableRows<T>(task.dbias[k])[s]);
    }
    if (!task.mlp.norm_weight.data) continue;
    copy(sums[s] + layout.norm, net.out, MutableRows<T>(task.dnorm_weight)[s]);
    copy(sums[s] + layout.norm + net.out, net.out, MutableRows<T>(task.dnorm_bias)[s]);
  }
}

template <class T>
void run(const MlpGradientTask& task) {
  const PackedMlp<T> net(task.mlp, true);
  const GradientLayout layout(net);
  // Weights without columns have no memory: any other gradient tells that those of the parameters are wanted.
  bool parameters = task.dnorm_weight.data;
  for (int k = 0; k < net.n_layers; ++k) parameters = parameters || task.dweight[k].data || task.dbias[k].data;
  const std::int64_t size = parameters ? layout.size : 0;
  constexpr int sums_slot = 5;
  T* sums = static_cast<T*>(scratch(task.tree.n_subtrees * size * std::int64_t(sizeof(T)), sums_slot));
  const Out folded{sums, task.mlp.layer[0].weight.type, task.tree.n_subtrees, size, size};
  fold_patches<T>(task.tree, size, folded, [&](std::int64_t patch, T* sum) {
    PanelGradient<T> panel(task, net, layout);
    const std::int64_t end = task.tree.offset[patch + 1];
    for (std::int64_t row = task.tree.offset[patch]; row < end; row += panel_rows<T>)
      panel.run(row, int(end - row < panel_rows<T> ? end - row : panel_rows<T>), parameters ? sum : nullptr);
  });
  if (parameters) hand_out(task, net, layout, Rows<T>(folded));
}

void mlp_gradient(const MlpGradientTask& task) {
  switch_type(task.mlp.layer[0].weight.type, [&](auto t) { run<decltype(t)>(task); });
}

}  // namespace

void register_mlp_gradient(Table& table) { table.mlp_gradient = mlp_gradient; }

}  // namespace halograph::kernels::HALOGRAPH_BACKEND
