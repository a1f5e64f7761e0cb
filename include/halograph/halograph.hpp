// SPDX-License-Identifier: BSD-3-Clause
// The whole library. Headers of single modules compile faster.
#pragma once

#include <halograph/core/device.hpp>
#include <halograph/core/digest.hpp>
#include <halograph/core/dtype.hpp>
#include <halograph/core/eigen.hpp>
#include <halograph/core/error.hpp>
#include <halograph/core/named_tensor.hpp>
#include <halograph/core/random.hpp>
#include <halograph/core/tensor.hpp>
#include <halograph/core/threads.hpp>

#include <halograph/mpi/communicator.hpp>
#include <halograph/mpi/log.hpp>
#include <halograph/mpi/runtime.hpp>
#include <halograph/mpi/sparse_exchange.hpp>

#include <halograph/graph/batch.hpp>
#include <halograph/graph/box.hpp>
#include <halograph/graph/cell_graph.hpp>
#include <halograph/graph/complete.hpp>
#include <halograph/graph/distribute.hpp>
#include <halograph/graph/edge_list.hpp>
#include <halograph/graph/edge_map.hpp>
#include <halograph/graph/exchange.hpp>
#include <halograph/graph/graph.hpp>
#include <halograph/graph/graph_slab.hpp>
#include <halograph/graph/index.hpp>
#include <halograph/graph/mesh_graph.hpp>
#include <halograph/graph/mesh_slab.hpp>
#include <halograph/graph/migration.hpp>
#include <halograph/graph/partition.hpp>
#include <halograph/graph/patch_runs.hpp>
#include <halograph/graph/quality.hpp>
#include <halograph/graph/rank_counts.hpp>
#include <halograph/graph/row_space.hpp>
#include <halograph/graph/self_loops.hpp>
#include <halograph/graph/slab_range.hpp>
#include <halograph/graph/solver_graph.hpp>
#include <halograph/graph/subgraph.hpp>
#include <halograph/graph/sum_batch.hpp>
#include <halograph/graph/symmetrise.hpp>
#include <halograph/graph/tree_sum.hpp>
#include <halograph/graph/typed_graphs.hpp>

#include <halograph/ops/aggregate.hpp>
#include <halograph/ops/attention.hpp>
#include <halograph/ops/carry.hpp>
#include <halograph/ops/edge_mlp.hpp>
#include <halograph/ops/elementwise.hpp>
#include <halograph/ops/gru.hpp>
#include <halograph/ops/linear.hpp>
#include <halograph/ops/loss.hpp>
#include <halograph/ops/message.hpp>
#include <halograph/ops/mlp.hpp>
#include <halograph/ops/norm.hpp>
#include <halograph/ops/pool.hpp>
#include <halograph/ops/reduce.hpp>
#include <halograph/ops/rows.hpp>
#include <halograph/ops/shape.hpp>
#include <halograph/ops/weighted.hpp>

#include <halograph/autograd/checkpoint.hpp>
#include <halograph/autograd/tape.hpp>

#include <halograph/nn/conv/cg_conv.hpp>
#include <halograph/nn/conv/edge_conv.hpp>
#include <halograph/nn/conv/gat_conv.hpp>
#include <halograph/nn/conv/gated_graph_conv.hpp>
#include <halograph/nn/conv/gatv2_conv.hpp>
#include <halograph/nn/conv/gin_conv.hpp>
#include <halograph/nn/conv/graph_conv.hpp>
#include <halograph/nn/conv/le_conv.hpp>
#include <halograph/nn/conv/nn_conv.hpp>
#include <halograph/nn/conv/pna_conv.hpp>
#include <halograph/nn/conv/rgcn_conv.hpp>
#include <halograph/nn/conv/sage_conv.hpp>
#include <halograph/nn/conv/simple_conv.hpp>
#include <halograph/nn/conv/transformer_conv.hpp>
#include <halograph/nn/conv/typed_ggnn.hpp>
#include <halograph/nn/gru_cell.hpp>
#include <halograph/nn/linear.hpp>
#include <halograph/nn/mesh_graph_net.hpp>
#include <halograph/nn/message_passing.hpp>
#include <halograph/nn/mlp.hpp>
#include <halograph/nn/naming.hpp>
#include <halograph/nn/pool/global_pool.hpp>
#include <halograph/nn/propagate.hpp>
#include <halograph/nn/softmax_aggregation.hpp>
#include <halograph/nn/state.hpp>

#include <halograph/optim/clip.hpp>
#include <halograph/optim/optimizer.hpp>
#include <halograph/optim/schedule.hpp>

#include <halograph/data/edge_features.hpp>
#include <halograph/data/normalise.hpp>

#include <halograph/io/archive.hpp>
#include <halograph/io/gmsh.hpp>
#include <halograph/io/graph_file.hpp>
#include <halograph/io/su2.hpp>
#include <halograph/io/vtkhdf.hpp>
#include <halograph/io/weights.hpp>

#include <halograph/train/case.hpp>
#include <halograph/train/config.hpp>
#include <halograph/train/graph_input.hpp>
#include <halograph/train/model_file.hpp>
#include <halograph/train/predict.hpp>
#include <halograph/train/trainer.hpp>
