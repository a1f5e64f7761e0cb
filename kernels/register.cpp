// SPDX-License-Identifier: BSD-3-Clause
#include <kernels/register.hpp>

namespace halograph::kernels::HALOGRAPH_BACKEND {

/// Fills the table of a back end: an instruction set of the host, or a kind of device. The files of kernels/ are the
/// same for all of them; what the others register comes from kernels/host or kernels/device.
void register_all(Table& table) {
  register_elementwise(table);
  register_gather(table);
  register_segment(table);
  register_segment_moments(table);
  register_segment_product(table);
  register_segment_softmax(table);
  register_weighted(table);
  register_weighted_max(table);
  register_vector_message(table);
  register_columns(table);
  register_norm(table);
  register_gru(table);
  register_optim(table);
  register_random(table);
  register_linear(table);
  register_row_sums(table);
  register_group_sums(table);
  register_mlp(table);
  register_mlp_gradient(table);
}

}  // namespace halograph::kernels::HALOGRAPH_BACKEND
