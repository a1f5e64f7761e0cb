// SPDX-License-Identifier: BSD-3-Clause
#include "io/gmsh_sections.hpp"

#include <algorithm>

namespace halograph::io {

namespace {

/// The line with the number of nodes or elements of version 2.2 is text in binary files too.
std::int64_t read_count_line(GmshSource& source, std::int64_t bytes, const char* what) {
  const auto line = source.text_line();
  source.scan().check(line.has_value(), "the file ends where the number of ", what, " is expected");
  LineParser parser(source.scan(), *line);
  const std::int64_t count = parser.integer(cat("the number of ", what));
  parser.finish(cat("the number of ", what));
  source.scan().check_count(count, bytes, what);
  return count;
}

/// Gmsh's manual asks for positive tags in both versions, its reader takes 0 in version 2.
std::int64_t checked_tag(GmshSource& source, std::int64_t tag) {
  source.scan().check(tag > 0 || (tag == 0 && !source.is_41()), "node tag ", tag, ": tags are positive");
  return tag;
}

std::array<double, 3> read_position(GmshSource& source) {
  const double x = source.number("coordinate x"), y = source.number("coordinate y");
  return {x, y, source.number("coordinate z")};
}

/// `dimension` is that of the entity where the file says it, else -1.
GmshType read_type(GmshSource& source, int dimension = -1) {
  const std::int64_t number = source.integer("the element type");
  if (const GmshType* type = find_gmsh_type(number)) return *type;
  source.scan().check(dimension >= 0, "element type ", number, " is not one of Gmsh's");
  return {number, 0, dimension, ElementShape::line, "not one of Gmsh's"};
}

/// In binary files only what has a known length can be skipped.
void check_length(const GmshSource& source, const GmshType& type) {
  source.scan().check(type.nodes > 0 || !source.binary(), "element type ", type.number, " (",
                      type.unread ? type.unread : "",
                      ") is not read, and its number of nodes in a binary file is not known");
}

/// Where on the model a node of $ParametricNodes lies. Gmsh leaves it out of a text if it does not know.
void skip_parameters(GmshSource& source) {
  if (!source.binary() && !source.has_more("the coordinates")) return;
  const std::int64_t dimension = source.integer("the dimension of a node's entity");
  source.scan().check(dimension >= 0 && dimension <= 3, "entity dimension ", dimension, ": expected 0 to 3");
  source.integer("the tag of a node's entity");
  for (std::int64_t p = 0; p < (dimension < 3 ? dimension : 0); ++p) source.number("a parametric coordinate");
}

void walk_nodes_22(GmshSource& source, bool parametric, const NodeVisitor& visit) {
  const std::int64_t count = read_count_line(source, source.binary() ? 28 : 8, "nodes");
  for (std::int64_t i = 0; i < count; ++i) {
    visit.tag(checked_tag(source, source.integer("a node tag")));
    visit.position(read_position(source));
    if (parametric) skip_parameters(source);
    source.end_record("the coordinates");
  }
}

/// Head of a 4.1 section: blocks, items, smallest and largest tag.
std::pair<std::int64_t, std::int64_t> read_head_41(GmshSource& source, std::int64_t bytes, const char* what) {
  const std::int64_t blocks = source.size("the number of blocks"), items = source.size("the number of items");
  source.size("the smallest tag");
  source.size("the largest tag");
  source.end_record("the section's head");
  source.scan().check_count(blocks, source.binary() ? 20 : 8, "blocks");
  source.scan().check_count(items, bytes, what);
  return {blocks, items};
}

void check_block_41(GmshSource& source, std::int64_t in_block, std::int64_t left, const char* what) {
  source.scan().check(in_block >= 0 && in_block <= left, in_block, " ", what, " in a block, where ", left,
                      " are left of the section's number");
}

void check_all_read_41(GmshSource& source, std::int64_t left, const char* what) {
  source.scan().check(left == 0, "the blocks hold ", left, " ", what, " less than the section's head says");
}

void walk_nodes_41(GmshSource& source, const NodeVisitor& visit) {
  auto [blocks, left] = read_head_41(source, source.binary() ? 32 : 8, "nodes");
  for (; blocks > 0; --blocks) {
    const std::int64_t dimension = source.integer("the dimension of a block's entity");
    source.integer("the tag of a block's entity");
    const std::int64_t parametric = source.integer("the parametric flag");
    const std::int64_t in_block = source.size("the number of nodes in a block");
    source.scan().check(dimension >= 0 && dimension <= 3, "entity dimension ", dimension, ": expected 0 to 3");
    source.scan().check(parametric == 0 || parametric == 1, "parametric flag ", parametric, ": expected 0 or 1");
    source.end_record("the block's head");
    check_block_41(source, in_block, left, "nodes");
    for (std::int64_t i = 0; i < in_block; ++i) {
      visit.tag(checked_tag(source, source.size("a node tag")));
      source.end_record("the node tag");
    }
    for (std::int64_t i = 0; i < in_block; ++i) {
      visit.position(read_position(source));
      for (std::int64_t p = 0; p < (parametric ? dimension : 0); ++p) source.number("a parametric coordinate");
      source.end_record("the coordinates");
    }
    left -= in_block;
  }
  check_all_read_41(source, left, "nodes");
}

/// The nodes of an element to the end of its record.
void read_corners(GmshSource& source, const GmshType& type, bool wide, std::span<std::int64_t> tags) {
  if (type.nodes == 0) return source.skip_record("the element");
  for (int c = 0; c < type.nodes; ++c)
    tags[std::size_t(c)] = wide ? source.size("a node of an element") : source.integer("a node of an element");
  source.end_record("the element");
}

void walk_elements_22(GmshSource& source, const ElementVisitor& visit) {
  std::array<std::int64_t, gmsh_most_nodes> tags{};
  const std::int64_t count = read_count_line(source, 8, "elements");
  const auto read_tail = [&](const GmshType& type, std::int64_t labels) {
    for (std::int64_t i = 0; i < labels; ++i) source.integer("a tag of an element");
    read_corners(source, type, false, tags);
    visit(type, {tags.data(), std::size_t(type.nodes)});
  };
  const auto read_labels = [&] {
    const std::int64_t labels = source.integer("the number of an element's tags");
    source.scan().check(labels >= 0, labels, " tags of an element: a count must not be negative");
    return labels;
  };
  if (!source.binary()) {
    for (std::int64_t i = 0; i < count; ++i) {
      source.integer("an element's number");
      const GmshType type = read_type(source);
      read_tail(type, read_labels());
    }
    return;
  }
  for (std::int64_t left = count; left > 0;) {
    const GmshType type = read_type(source);
    check_length(source, type);
    const std::int64_t in_block = source.integer("the number of elements in a block");
    const std::int64_t labels = read_labels();
    source.scan().check(in_block > 0 && in_block <= left, in_block, " elements in a block, where ", left,
                        " are left of the section's number");
    for (std::int64_t i = 0; i < in_block; ++i) {
      source.integer("an element's number");
      read_tail(type, labels);
    }
    left -= in_block;
  }
}

void walk_elements_41(GmshSource& source, const ElementVisitor& visit) {
  std::array<std::int64_t, gmsh_most_nodes> tags{};
  auto [blocks, left] = read_head_41(source, source.binary() ? 16 : 4, "elements");
  for (; blocks > 0; --blocks) {
    const std::int64_t dimension = source.integer("the dimension of a block's entity");
    source.scan().check(dimension >= 0 && dimension <= 3, "entity dimension ", dimension, ": expected 0 to 3");
    source.integer("the tag of a block's entity");
    const GmshType type = read_type(source, int(dimension));
    check_length(source, type);
    const std::int64_t in_block = source.size("the number of elements in a block");
    source.end_record("the block's head");
    check_block_41(source, in_block, left, "elements");
    for (std::int64_t i = 0; i < in_block; ++i) {
      source.size("an element's tag");
      read_corners(source, type, true, tags);
      visit(type, {tags.data(), std::size_t(type.nodes)});
    }
    left -= in_block;
  }
  check_all_read_41(source, left, "elements");
}

/// Pairs of nodes and the map from one side to the other, which is not needed: the nodes say where they are.
void walk_periodic_22(GmshSource& source, const PeriodicVisitor& visit) {
  const std::int64_t entities = read_count_line(source, 8, "periodic entities");
  for (std::int64_t e = 0; e < entities; ++e) {
    visit.entity(source.integer("the dimension of a periodic entity"));
    source.integer("the tag of a periodic entity");
    source.integer("the tag of its master");
    source.end_record("the periodic entity");
    if (source.take("Affine", "the number of periodic nodes")) {
      for (int i = 0; i < 16; ++i) source.number("a value of the affine map");
      source.end_record("the affine map");
    }
    const std::int64_t pairs = source.integer("the number of periodic nodes");
    source.end_record("the number of periodic nodes");
    source.scan().check_count(pairs, 4, "periodic nodes");
    for (std::int64_t p = 0; p < pairs; ++p) {
      const std::int64_t node = source.integer("a periodic node");
      visit.pair(node, source.integer("its master"));
      source.end_record("the pair of nodes");
    }
  }
}

void walk_periodic_41(GmshSource& source, const PeriodicVisitor& visit) {
  const std::int64_t entities = source.size("the number of periodic entities");
  source.end_record("the number of periodic entities");
  source.scan().check_count(entities, source.binary() ? 28 : 8, "periodic entities");
  for (std::int64_t e = 0; e < entities; ++e) {
    visit.entity(source.integer("the dimension of a periodic entity"));
    source.integer("the tag of a periodic entity");
    source.integer("the tag of its master");
    source.end_record("the periodic entity");
    const std::int64_t values = source.size("the length of the affine map");
    source.scan().check_count(values, source.binary() ? 8 : 2, "values of the affine map");
    for (std::int64_t i = 0; i < values; ++i) source.number("a value of the affine map");
    source.end_record("the affine map");
    const std::int64_t pairs = source.size("the number of periodic nodes");
    source.end_record("the number of periodic nodes");
    source.scan().check_count(pairs, source.binary() ? 16 : 4, "periodic nodes");
    for (std::int64_t p = 0; p < pairs; ++p) {
      const std::int64_t node = source.size("a periodic node");
      visit.pair(node, source.size("its master"));
      source.end_record("the pair of nodes");
    }
  }
}

}  // namespace

void walk_nodes(GmshSource& source, bool parametric, const NodeVisitor& visit) {
  source.is_41() ? walk_nodes_41(source, visit) : walk_nodes_22(source, parametric, visit);
  source.expect_line(parametric ? "$EndParametricNodes" : "$EndNodes");
}

void walk_elements(GmshSource& source, const ElementVisitor& visit) {
  source.is_41() ? walk_elements_41(source, visit) : walk_elements_22(source, visit);
  source.expect_line("$EndElements");
}

void walk_periodic(GmshSource& source, const PeriodicVisitor& visit) {
  const bool binary = source.binary();
  if (!source.is_41()) source.set_binary(false);  // version 2 keeps this section as text
  source.is_41() ? walk_periodic_41(source, visit) : walk_periodic_22(source, visit);
  source.set_binary(binary);
  source.expect_line("$EndPeriodic");
}

}  // namespace halograph::io
