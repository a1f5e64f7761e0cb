// SPDX-License-Identifier: BSD-3-Clause
// Makes exchange plans: who needs asks the owner by node id, once.
#pragma once

#include <cstdint>
#include <span>

#include <halograph/graph/dist/exchange.hpp>
#include <halograph/graph/dist/tree_sum.hpp>

#include "graph/setup/assembly.hpp"

namespace halograph {

/// The forward part of a plan that fills one row for each of `id` (nodes of any rank, given with
/// their patches, repetitions allowed) from the rows of their owners. The adjoint part is empty.
/// Collective.
ExchangePlan plan_copies(const TreeSum& tree, const LocalNodes& nodes, std::span<const std::int64_t> id,
                         std::span<const std::int32_t> patch);

/// Adds the adjoint part for the ghosts of patches. Collective.
void plan_returns(const TreeSum& tree, std::span<const std::int64_t> ghost_offset, ExchangePlan& plan);

}  // namespace halograph
