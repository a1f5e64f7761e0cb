// SPDX-License-Identifier: BSD-3-Clause
// The gradients of the fused network, some patches at a time: tiles of rows run again and their gradients flow back
// (mlp_gradient_tile.hpp); then the sums over rows of each patch, which end in gradients of parameters, and those
// over the rows of each target and source. All of them add in row order.
#include <kernels/device/mlp_gradient_sums.hpp>
#include <kernels/device/mlp_gradient_tile.hpp>
#include <kernels/device/mlp_launch.hpp>
#include <kernels/device/outer.hpp>
#include <kernels/device/patch_fold.hpp>
#include <kernels/register.hpp>

namespace halograph::kernels::HALOGRAPH_BACKEND {
namespace {

/// Bytes of rows that are kept at a time, unless one patch has more: enough to fill a GPU with tiles. In the emulation
/// so few that tests have several chunks.
constexpr std::int64_t scratch_bytes = std::int64_t(HALOGRAPH_EMULATED ? 32 : 512 * 1024) << 10;

bool parameters_wanted(const MlpGradientTask& task) {
  // Weights without columns have no memory: any other gradient tells.
  bool wanted = task.dnorm_weight.data;
  for (int k = 0; k < task.mlp.n_layers; ++k) wanted = wanted || task.dweight[k].data || task.dbias[k].data;
  return wanted;
}

/// The matrices that GradientScratch needs, side by side in memory.
template <class T>
class ScratchPlan {
 public:
  ScratchPlan(const MlpGradientTask& task, const Network<T>& net, bool parameters) : net_(net) {
    const int last = net.n_layers - 1;
    for (int k = 0; k <= last; ++k) {
      const Unary f = net.activation(k);
      slope_[k] = slope_needs_argument(f);
      // Values are inputs of the next layer, say what the slope is, or are what a norm's weight is multiplied with.
      value_[k] = (f != Unary::identity && !slope_[k]) || (parameters && (k < last || net.norm_weight));
      dz_[k] = parameters || (k == 0 && (task.dtarget.data || task.dsource.data));
    }
    given_ = (parameters && net.norm_weight) || (net.residual >= 0 && task.dinput[net.residual].data);
  }

  std::int64_t gradient_cols() const {
    std::int64_t cols = given_ ? padded(net_.out) : 0;
    for (int k = 0; k < net_.n_layers; ++k) cols += dz_[k] * padded(net_.layer[k].out);
    return cols;
  }
  std::int64_t row_size() const {
    std::int64_t size = gradient_cols();
    for (int k = 0; k < net_.n_layers; ++k) size += (value_[k] + slope_[k]) * padded(net_.layer[k].out);
    return size;
  }

  GradientScratch<T> place(T* memory, std::int64_t begin, std::int64_t rows) const {
    GradientScratch<T> scratch;
    scratch.begin = begin;
    scratch.rows = rows;
    scratch.gradient_stride = gradient_cols();
    const auto take = [&](bool wanted, int cols, std::int64_t of_rows) {
      T* const matrix = wanted ? memory : nullptr;
      if (wanted) memory += of_rows * padded(cols);
      return matrix;
    };
    for (int k = 0; k < net_.n_layers; ++k) {
      scratch.value[k] = take(value_[k], net_.layer[k].out, rows);
      scratch.slope[k] = take(slope_[k], net_.layer[k].out, rows);
    }
    for (int k = 0; k < net_.n_layers; ++k) scratch.dz[k] = take(dz_[k], net_.layer[k].out, 1);
    scratch.given = take(given_, net_.out, 1);
    return scratch;
  }

 private:
  const Network<T>& net_;
  bool value_[MlpTask::max_layers] = {}, slope_[MlpTask::max_layers] = {}, dz_[MlpTask::max_layers] = {},
       given_ = false;
};

template <class T>
class NetworkGradient {
 public:
  explicit NetworkGradient(const MlpGradientTask& task)
      : task_(task),
        net_(task.mlp, true),
        parameters_(parameters_wanted(task)),
        plan_(task, *net_, parameters_),
        layout_(*net_) {
    int cols[2] = {0, 0};
    const auto needs = [&](int tile, int n) { cols[tile] = std::max(cols[tile], n); };
    for (int k = 0; k < net_->n_layers; ++k) {
      needs(k % 2, net_->layer[k].in);
      needs(1 - k % 2, net_->layer[k].out);
      needs(k % 2, net_->layer[k].out);
      needs(1 - k % 2, net_->layer[k].in);
    }
    tiles_.stride[0] = tile_stride<T>(cols[0]);
    tiles_.stride[1] = tile_stride<T>(cols[1]);
  }

  void run() {
    const PatchTree& tree = task_.tree;
    if (!parameters_) return chunks(0, tree.count, nullptr);
    const Buffer memory(tree.n_subtrees * layout_.size * std::int64_t(sizeof(T)), this_device());
    T* const sums = static_cast<T*>(memory.data());
    fold_patches_on_device<T>(
        tree, layout_.size, Out{sums, task_.mlp.layer[0].weight.type, tree.n_subtrees, layout_.size, layout_.size},
        [&](std::int64_t first, std::int64_t count, T* patch_sums) { chunks(first, count, patch_sums); });
    hand_out(task_, layout_, sums);
  }

 private:
  /// Local patches from `first` on; their sums of parameters' gradients go to `sums`, a row each.
  void chunks(std::int64_t first, std::int64_t count, T* sums) const {
    const std::int64_t* offset = task_.tree.offset;
    const std::int64_t row_bytes = std::max<std::int64_t>(1, plan_.row_size() * std::int64_t(sizeof(T)));
    const std::int64_t most = scratch_bytes / row_bytes;
    for (std::int64_t begin = first; begin < first + count;) {
      std::int64_t end = begin + 1;
      while (end < first + count && offset[end + 1] - offset[begin] <= most) ++end;
      chunk(begin, end, sums ? sums + (begin - first) * layout_.size : nullptr);
      begin = end;
    }
  }

  void chunk(std::int64_t first_patch, std::int64_t end_patch, T* sums) const {
    const std::int64_t begin = task_.tree.offset[first_patch], rows = task_.tree.offset[end_patch] - begin;
    const Buffer memory(rows * plan_.row_size() * std::int64_t(sizeof(T)), this_device());
    const GradientScratch<T> scratch = plan_.place(static_cast<T*>(memory.data()), begin, rows);
    with_tiles<T>(tiles_, rows, [&](auto shape, const TileLayout<T>& placed, std::int64_t most_blocks) {
      constexpr int tile_rows = decltype(shape)::rows;
      const std::int64_t blocks = std::min((rows + tile_rows - 1) / tile_rows, most_blocks);
      for_each_block<tile_threads>(
          blocks, placed.shared_bytes(tile_rows, shape.spills),
          Backward<T, tile_rows, decltype(shape)::spills>{*net_, placed, scratch, RowGradients<T>(task_), blocks});
    });
    if (sums) parameter_sums(scratch, first_patch, end_patch - first_patch, sums);
    add_to_start(task_, scratch, first_patch, end_patch);
  }

  /// Sums over the rows of each of some patches.
  void parameter_sums(const GradientScratch<T>& scratch, std::int64_t first_patch, std::int64_t patches,
                      T* sums) const {
    const std::int64_t all_rows = task_.tree.offset[task_.tree.count];
    const RowPieces pieces = RowPieces::patches(task_.tree, first_patch, all_rows);
    const auto rows_of = [&](const T* matrix, std::int64_t stride) {
      return Rows<T>(In{matrix - scratch.begin * stride, dtype_of<T>(), all_rows, stride, stride});
    };
    const auto values_of = [&](int k) { return rows_of(scratch.value[k], padded(net_->layer[k].out)); };
    const auto gradients_of = [&](const T* matrix) { return rows_of(matrix, scratch.gradient_stride); };
    for (int k = 0; k < net_->n_layers; ++k) {
      const auto& layer = net_->layer[k];
      const Rows<T> dz = gradients_of(scratch.dz[k]);
      const auto outer = [&](const Rows<T>& x, std::int64_t cols, std::int64_t first) {
        T* const to = sums + layout_.weight[k] + first;
        launch_outer(OuterProduct<T>{x, dz, cols, layer.out, pieces, patches, to, layout_.size, layer.in});
      };
      if (k > 0) {
        outer(values_of(k - 1), layer.in, 0);
      } else {
        std::int64_t first = 0;
        for (int i = 0; i < net_->n_inputs; ++i) {
          outer(Rows<T>(task_.mlp.input[i]), net_->input[i].cols, first);
          first += net_->input[i].cols;
        }
      }
    }
    // Gradients stand side by side as the sums of biases do.
    launch_chains<T>(SumChain<T>{gradients_of(scratch.dz[0]), sums + layout_.bias[0], layout_.size}, pieces, patches,
                     scratch.gradient_stride);
    if (!net_->norm_weight) return;
    const Rows<T> given = gradients_of(scratch.given), normalised = values_of(net_->n_layers - 1);
    const ProductChain<T> products{given, normalised, sums + layout_.norm_weight, layout_.size};
    launch_chains<T>(products, pieces, patches, net_->out);
  }

  const MlpGradientTask& task_;
  const PackedNetwork<T> net_;
  const bool parameters_;
  const ScratchPlan<T> plan_;
  const ParameterLayout layout_;
  TileLayout<T> tiles_;
};

void mlp_gradient(const MlpGradientTask& task) {
  switch_type(task.mlp.layer[0].weight.type, [&](auto t) { NetworkGradient<decltype(t)>(task).run(); });
}

}  // namespace

void register_mlp_gradient(Table& table) { table.mlp_gradient = mlp_gradient; }

}  // namespace halograph::kernels::HALOGRAPH_BACKEND
