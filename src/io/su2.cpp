// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/io/su2.hpp>

#include <limits>
#include <optional>

#include <halograph/graph/slab_range.hpp>

#include "io/text_scanner.hpp"

namespace halograph::io {

namespace {

std::optional<ElementShape> shape_of_vtk(std::int64_t type) {
  for (int s = 0; s <= int(ElementShape::hexahedron); ++s)
    if (vtk_type_of(ElementShape(s)) == type) return ElementShape(s);
  return std::nullopt;
}

class Su2Reader {
 public:
  Su2Reader(const std::string& path, int part, int parts)
      : path_(path), scan_(path), part_(part), parts_(parts) {}

  MeshSlab read() {
    mesh_.corner_offset.push_back(0);
    while (const auto line = data_line()) {
      const std::size_t equals = line->find('=');
      if (equals == std::string_view::npos) {
        scan_.check(after_skipped_, "expected KEYWORD= VALUE, found ", quoted(*line));
        continue;
      }
      keyword(line->substr(0, equals), line->substr(equals + 1));
    }
    scan_.check(dimension_.has_value(), "not an SU2 mesh: NDIME is missing");
    scan_.check(has_nodes_, "NPOIN is missing");
    scan_.check(has_elements_, "NELEM is missing");
    require<FileError>(largest_ < mesh_.n_nodes, path_, ", line ", largest_line_, ": an element refers to node ",
                       largest_, " of ", mesh_.n_nodes);
    return std::move(mesh_);
  }

 private:
  /// The next line with data, without its comment.
  std::optional<std::string_view> data_line() {
    while (const auto line = scan_.next_line()) {
      const std::string_view data = line->substr(0, line->find('%'));
      if (!LineParser(scan_, data).done()) return data;
    }
    return std::nullopt;
  }

  LineParser item(const char* what, std::int64_t at, std::int64_t count) {
    const auto line = data_line();
    scan_.check(line.has_value(), "the file ends after ", at, " of ", count, " ", what);
    return LineParser(scan_, *line);
  }

  void keyword(std::string_view name, std::string_view rest) {
    const std::string_view word = LineParser(scan_, name).word("a keyword");
    LineParser value(scan_, rest);
    after_skipped_ = false;
    if (word == "NDIME") {
      scan_.check(!dimension_, "NDIME occurs twice");
      const std::int64_t dimension = value.integer("NDIME");
      scan_.check(dimension == 2 || dimension == 3, "NDIME is ", dimension, ": expected 2 or 3");
      mesh_.dimension = int(dimension);
      dimension_ = int(dimension);
    } else if (word == "NPOIN") {
      read_nodes(value);
    } else if (word == "NELEM") {
      read_elements(value);
    } else if (word == "NZONE") {
      const std::int64_t zones = value.integer("NZONE");
      scan_.check(zones == 1, "NZONE is ", zones, ": only meshes of one zone are read");
    } else {
      after_skipped_ = true;
    }
  }

  void read_nodes(LineParser& value) {
    scan_.check(dimension_.has_value(), "NPOIN stands before NDIME");
    scan_.check(!has_nodes_, "NPOIN occurs twice");
    has_nodes_ = true;
    const std::int64_t n = value.integer("NPOIN");
    if (!value.done()) value.integer("the number of physical nodes");
    value.finish("NPOIN");
    scan_.check(n > 0, "NPOIN is ", n, ": expected at least one node");
    scan_.check_count(n, 2 * *dimension_, "nodes");
    mesh_.n_nodes = n;
    mesh_.first_node = slab_begin(n, part_, parts_);
    const std::int64_t end = slab_begin(n, part_ + 1, parts_);
    for (std::int64_t i = 0; i < n; ++i) {
      LineParser line = item("nodes", i, n);
      for (int axis = 0; axis < *dimension_; ++axis) {
        const double x = line.number("a coordinate");
        if (i >= mesh_.first_node && i < end) mesh_.position.push_back(x);
      }
      const std::int64_t index = read_index(line, i, "the index of a node");
      scan_.check(index == i, "the index of a node is ", index, ": expected ", i);
    }
  }

  /// Items may carry their own number. SU2 counts for itself; we insist where a solution could be misplaced.
  std::int64_t read_index(LineParser& line, std::int64_t otherwise, const char* what) {
    const std::int64_t index = line.done() ? otherwise : line.integer(what);
    line.finish(what);
    return index;
  }

  void read_elements(LineParser& value) {
    scan_.check(dimension_.has_value(), "NELEM stands before NDIME");
    scan_.check(!has_elements_, "NELEM occurs twice");
    has_elements_ = true;
    const std::int64_t n = value.integer("NELEM");
    value.finish("NELEM");
    scan_.check_count(n, 8, "elements");
    const std::int64_t begin = slab_begin(n, part_, parts_), end = slab_begin(n, part_ + 1, parts_);
    scan_.check((end - begin) * 8 <= std::numeric_limits<std::int32_t>::max(), end - begin,
                " elements in one slab are too many for 32-bit offsets: use more ranks");
    for (std::int64_t e = 0; e < n; ++e) {
      LineParser line = item("elements", e, n);
      const std::int64_t type = line.integer("the element type");
      const auto shape = shape_of_vtk(type);
      scan_.check(shape.has_value(), "element type ", type, " is not supported");
      scan_.check(dimension_of(*shape) == *dimension_, "element type ", type, " (", name_of(*shape),
                  ") in a mesh of dimension ", *dimension_);
      const bool mine = e >= begin && e < end;
      for (int c = 0; c < corners_of(*shape); ++c) {
        const std::int64_t node = line.integer("a node of an element");
        scan_.check(node >= 0, "an element refers to node ", node, ": indices start at 0");
        if (node > largest_) {
          largest_ = node;
          largest_line_ = scan_.mark().line;
        }
        if (mine) mesh_.corner.push_back(node);
      }
      read_index(line, e, "the index of an element");
      if (!mine) continue;
      mesh_.shape.push_back(*shape);
      mesh_.corner_offset.push_back(std::int32_t(mesh_.corner.size()));
    }
  }

  std::string path_;
  TextScanner scan_;
  int part_, parts_;
  MeshSlab mesh_;
  std::optional<int> dimension_;
  bool has_nodes_ = false, has_elements_ = false;
  bool after_skipped_ = false;    // lines of a section that we do not read
  std::int64_t largest_ = -1;     // node that an element refers to: elements may stand before the nodes
  std::int64_t largest_line_ = 0;
};

}  // namespace

MeshSlab read_su2(const std::string& path, int part, int parts) {
  require_part(part, parts);
  return Su2Reader(path, part, parts).read();
}

}  // namespace halograph::io
