// SPDX-License-Identifier: BSD-3-Clause
// Walks through $Nodes, $Elements and $Periodic of either version and hands every item to a visitor. What is
// wrong with the file by itself (counts, types, numbers) is found here; what is wrong between the
// sections (unknown tags) is the visitor's to find.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <span>

#include "io/gmsh_source.hpp"
#include "io/gmsh_types.hpp"

namespace halograph::io {

struct NodeVisitor {
  std::function<void(std::int64_t tag)> tag;
  /// Positions come in the order of the tags, but not right after each.
  std::function<void(const std::array<double, 3>&)> position;
};

/// Elements of types whose number of nodes is not known come without tags.
using ElementVisitor = std::function<void(const GmshType&, std::span<const std::int64_t> tags)>;

struct PeriodicVisitor {
  std::function<void(std::int64_t dimension)> entity;                ///< one that is a copy of another
  std::function<void(std::int64_t node, std::int64_t master)> pair;  ///< tags; those of the entity named last
};

/// The scanner stands behind the line $Nodes, or $ParametricNodes, and is left behind its end.
void walk_nodes(GmshSource& source, bool parametric, const NodeVisitor& visit);

/// The scanner stands behind the line $Elements and is left behind $EndElements.
void walk_elements(GmshSource& source, const ElementVisitor& visit);

/// The scanner stands behind the line $Periodic and is left behind $EndPeriodic.
void walk_periodic(GmshSource& source, const PeriodicVisitor& visit);

}  // namespace halograph::io
