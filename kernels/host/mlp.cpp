// SPDX-License-Identifier: BSD-3-Clause
// The fused network, forward: gather, all layers, norm, residual and the sum into target rows, a panel of rows at a
// time. Nothing but the result leaves the cache.
#include <kernels/host/mlp.hpp>
#include <kernels/register.hpp>

namespace halograph::kernels::HALOGRAPH_BACKEND {
namespace {

/// Two panels in turn, the input, and the rows of a result that is only summed.
template <class T>
struct ForwardMemory {
  MlpPanels<T> panels;
  T* rows = nullptr;
  explicit ForwardMemory(const PackedMlp<T>& net) {
    constexpr int stride = panel_rows<T>;
    const std::int64_t size = std::int64_t(net.in + 2 * net.widest + net.out + 1) * stride;
    T* memory = static_cast<T*>(scratch(size * std::int64_t(sizeof(T)), panels_slot));
    panels.input = memory;
    for (int k = 0; k < net.n_layers; ++k) panels.value[k] = memory + (net.in + k % 2 * net.widest) * stride;
    panels.scale = memory + (net.in + 2 * net.widest) * stride;
    rows = panels.scale + stride;
  }
};

template <class T>
void forward(const PackedMlp<T>& net, std::int64_t begin, int rows, const ForwardMemory<T>& memory) {
  const MlpTask& task = net.task;
  run_layers(net, begin, rows, memory.panels, net.n_layers);
  T* result = memory.panels.value[net.n_layers - 1];
  if (task.norm && task.norm_weight.data)
    scale_panel(result, rows, net.out, static_cast<const T*>(task.norm_weight.data),
                static_cast<const T*>(task.norm_bias.data));
  if (task.scale.data) multiply_rows(load_scale(net, begin, rows, memory.panels), result, rows, net.out);
  const bool keep = task.y.data;
  T* y = keep ? MutableRows<T>(task.y)[begin] : memory.rows;
  if (task.residual >= 0) {
    const Rows<T> residual(task.input[task.residual]);
    from_panel(result, rows, net.out, [&](int row, int column, auto block, auto value) {
      store(y + row * net.out + column, load<decltype(block)::width>(residual[begin + row] + column) + value);
    });
  } else {
    from_panel(result, rows, net.out,
               [&](int row, int column, auto, auto value) { store(y + row * net.out + column, value); });
  }
  if (task.sum.data) add_runs(y, net.out, task.sum_row + begin, rows, MutableRows<T>(task.sum));
}

template <class T>
void run(const MlpTask& task) {
  const PackedMlp<T> net(task, false);
  constexpr std::int64_t block_rows = 2 * panel_rows<T>;
  const std::int64_t n_blocks = task.blocks ? task.n_blocks : (task.rows + block_rows - 1) / block_rows;
  for_each_task(n_blocks, [&](std::int64_t block) {
    const ForwardMemory<T> memory(net);
    const std::int64_t begin = task.blocks ? task.blocks[2 * block] : block * block_rows;
    const std::int64_t after = task.blocks ? task.blocks[2 * block + 1] : begin + block_rows;
    const std::int64_t end = after < task.rows ? after : task.rows;
    for (std::int64_t row = begin; row < end; row += panel_rows<T>)
      forward(net, row, int(end - row < panel_rows<T> ? end - row : panel_rows<T>), memory);
  });
}

void mlp(const MlpTask& task) {
  if (task.rows == 0) return;
  switch_type(task.layer[0].weight.type, [&](auto t) { run<decltype(t)>(task); });
}

}  // namespace

void register_mlp(Table& table) { table.mlp = mlp; }

}  // namespace halograph::kernels::HALOGRAPH_BACKEND
