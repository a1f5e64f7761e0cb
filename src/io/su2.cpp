// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/io/su2.hpp>

#include <algorithm>
#include <array>
#include <limits>
#include <optional>
#include <utility>

#include <halograph/graph/slab/slab_range.hpp>

#include "io/gmsh_rows.hpp"
#include "io/su2_columns.hpp"
#include "io/su2_types.hpp"
#include "io/text_scanner.hpp"

namespace halograph::io {

namespace {

/// Sections that SU2 has and a graph has no use for. Their lines may be anything.
bool is_foreign_section(std::string_view word) {
  for (const std::string_view start :
       {"FFD_", "PERIODIC_", "NPERIODIC", "AOA_OFFSET", "AOS_OFFSET", "NCHUNK", "CHUNK_", "IZONE"})
    if (word.starts_with(start)) return true;
  return false;
}

/// One pass over the file finds the sections and takes the nodes, a second one over the elements takes these. Only
/// where elements of high order leave nodes out are the nodes read again.
class Su2Reader {
 public:
  Su2Reader(const std::string& path, int part, int parts) : scan_(path), part_(part), parts_(parts) {}

  MeshSlab read() {
    find_dimension();
    while (const auto line = data_line()) {
      const std::size_t equals = line->find('=');
      if (equals != std::string_view::npos) keyword(line->substr(0, equals), line->substr(equals + 1));
      else if (border_left_ > 0) read_border(*line);
      else scan_.check(in_foreign_section_, "expected KEYWORD= VALUE, found ", in_quotes(*line));
    }
    scan_.check(border_left_ == 0, "the file ends before the last ", border_left_, " elements of a marker");
    scan_.check(nodes_.has_value(), "NPOIN is missing");
    scan_.check(elements_.has_value(), "NELEM is missing");
    scan_.check(markers_found_ >= markers_, "NMARK is ", markers_, ", but the file has ", markers_found_,
                " MARKER_TAG");
    RowSet corners(nodes_->count);
    read_elements(corners);
    const std::int64_t used = corners.seal();
    if (high_order_) keep_corners(corners, used);
    write_notes(used);
    return std::move(mesh_);
  }

 private:
  struct Section {
    TextScanner::Mark mark;  // behind the keyword
    std::int64_t count;
  };

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
    scan_.check(line->find('=') == std::string_view::npos, "only ", at, " of ", count, " ", what, " stand before ",
                in_quotes(*line));
    return LineParser(scan_, *line);
  }

  /// SU2 takes the sections in any order. Nodes are read only with the dimension at hand.
  void find_dimension() {
    const TextScanner::Mark start = scan_.mark();
    while (const auto line = data_line()) {
      const std::size_t equals = line->find('=');
      LineParser name(scan_, line->substr(0, equals));
      if (equals == std::string_view::npos || name.done() || name.word("a keyword") != "NDIME") continue;
      LineParser value(scan_, line->substr(equals + 1));
      dimension_ = first_number(value, "NDIME");
      scan_.check(dimension_ == 2 || dimension_ == 3, "NDIME is ", dimension_, ": expected 2 or 3");
      mesh_.dimension = int(dimension_);
      return scan_.return_to(start);
    }
    scan_.return_to(start);
    if (const auto line = data_line())
      scan_.check(line->find('=') != std::string_view::npos, "expected KEYWORD= VALUE, found ", in_quotes(*line));
    scan_.fail("not an SU2 mesh: NDIME is missing");
  }

  void keyword(std::string_view name, std::string_view rest) {
    LineParser words(scan_, name);
    const std::string_view word = words.word("a keyword");
    constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
    scan_.check(words.done() && word.find_first_not_of(letters) == std::string_view::npos,
                "expected KEYWORD= VALUE, found ", in_quotes(name));
    if (word == "SEND_TO") return;  // between a marker's head and its elements
    scan_.check(border_left_ == 0, word, " stands before the last ", border_left_, " elements of a marker");
    LineParser value(scan_, rest);
    in_foreign_section_ = false;
    if (word == "NDIME") {
      scan_.check(!std::exchange(has_dimension_, true), "NDIME occurs twice");
    } else if (word == "NPOIN") {
      nodes_ = section(nodes_, "NPOIN", value, 2 * dimension_, "nodes");
      read_nodes();
    } else if (word == "NELEM") {
      elements_ = section(elements_, "NELEM", value, 8, "elements");
      for (std::int64_t e = 0; e < elements_->count; ++e)
        item("elements", e, elements_->count).integer("the element type");
    } else if (word == "NZONE") {
      const std::int64_t zones = first_number(value, "NZONE");
      scan_.check(zones == 1, "NZONE is ", zones, ": only meshes of one zone are read");
    } else if (word == "NMARK") {
      markers_ = first_number(value, "NMARK");
    } else if (word == "MARKER_TAG") {
      ++markers_found_;
    } else if (word == "MARKER_ELEMS") {
      border_left_ = first_number(value, "MARKER_ELEMS");
      scan_.check_count(border_left_, 2, "elements of a marker");
    } else {
      in_foreign_section_ = true;
      if (!is_foreign_section(word) && unknown_.empty()) unknown_ = word;
    }
  }

  /// Old files name further counts behind the first one, which SU2 does not need.
  static std::int64_t first_number(LineParser& value, const char* name) {
    const std::int64_t number = value.integer(name);
    while (!value.done()) value.integer(name);
    return number;
  }

  Section section(const std::optional<Section>& before, const char* name, LineParser& value, std::int64_t bytes,
                  const char* items) {
    scan_.check(!before, name, " occurs twice");
    const std::int64_t count = first_number(value, name);
    scan_.check(count > 0, name, " is ", count, ": there must be ", items);
    scan_.check_count(count, bytes, items);
    return {scan_.mark(), count};
  }

  /// A border is no part of the graph: its elements may be of any type.
  void read_border(std::string_view text) {
    LineParser line(scan_, text);
    while (!line.done()) line.integer("a number of a marker's element");
    --border_left_;
  }

  /// Nodes are numbered by their order. What stands behind the coordinates is not used, as in SU2.
  void read_nodes() {
    mesh_.n_nodes = nodes_->count;
    mesh_.first_node = slab_begin(nodes_->count, part_, parts_);
    const std::int64_t end = slab_begin(nodes_->count, part_ + 1, parts_);
    for (std::int64_t i = 0; i < nodes_->count; ++i) {
      LineParser line = item("nodes", i, nodes_->count);
      for (int axis = 0; axis < int(dimension_); ++axis) {
        if (axis + 1 == dimension_) node_columns_.see_last_coordinate(line, i);
        const double x = line.number("a coordinate");
        if (i >= mesh_.first_node && i < end) mesh_.position.push_back(x);
      }
      node_columns_.read_rest(scan_, line, i);
    }
    node_columns_.finish(scan_, nodes_->count);
  }

  void read_elements(RowSet& corners) {
    scan_.return_to(elements_->mark);
    const std::int64_t n = elements_->count;
    const std::int64_t begin = slab_begin(n, part_, parts_), end = slab_begin(n, part_ + 1, parts_);
    scan_.check((end - begin) * 8 <= std::numeric_limits<std::int32_t>::max(), end - begin,
                " elements in one slab are too many for 32-bit offsets: use more ranks");
    RestOfLine rest("nodes", "a node");
    mesh_.corner_offset.push_back(0);
    for (std::int64_t e = 0; e < n; ++e) {
      LineParser line = item("elements", e, n);
      const std::int64_t number = line.integer("the element type");
      const auto type = find_su2_type(number);
      if (!type) scan_.fail(unknown_su2_type(number));
      scan_.check(dimension_of(type->shape) == dimension_, "element type ", number, " (", name_of(type->shape),
                  ") in a mesh of dimension ", dimension_);
      high_order_ = high_order_ || type->order > 1;
      std::array<std::int64_t, 8> corner{};
      const std::size_t count = std::size_t(corners_of(type->shape));
      for (std::int64_t k = 0; k < type->nodes; ++k) {
        const std::int64_t node = line.integer("a node of an element");
        scan_.check(node >= 0 && node < nodes_->count, "an element refers to node ", node, " of ", nodes_->count,
                    ": nodes count from 0");
        for (std::size_t c = 0; c < count; ++c)
          if (type->corner[c] == k) corner[c] = node;
      }
      rest.read(scan_, line, e);
      for (std::size_t c = 0; c < count; ++c) {
        scan_.check(std::count(corner.begin(), corner.begin() + std::ptrdiff_t(c), corner[c]) == 0,
                    "an element names node ", corner[c], " twice");
        corners.insert(corner[c]);
      }
      if (e < begin || e >= end) continue;
      mesh_.shape.push_back(type->shape);
      mesh_.corner.insert(mesh_.corner.end(), corner.begin(), corner.begin() + std::ptrdiff_t(count));
      mesh_.corner_offset.push_back(std::int32_t(mesh_.corner.size()));
    }
  }

  /// Drops the nodes that are no corners and numbers the others in their order, as the reader of Gmsh does.
  void keep_corners(const RowSet& corners, std::int64_t kept) {
    for (std::int64_t& node : mesh_.corner) node = corners.rank(node);
    mesh_.n_nodes = kept;
    mesh_.first_node = slab_begin(kept, part_, parts_);
    const std::int64_t end = slab_begin(kept, part_ + 1, parts_);
    mesh_.position.clear();
    scan_.return_to(nodes_->mark);
    for (std::int64_t i = 0, row = 0; i < nodes_->count; ++i) {
      LineParser line = item("nodes", i, nodes_->count);
      if (!corners.contains(i)) continue;
      if (row >= mesh_.first_node && row < end)
        for (int axis = 0; axis < int(dimension_); ++axis) mesh_.position.push_back(line.number("a coordinate"));
      ++row;
    }
  }

  void write_notes(std::int64_t used) {
    const std::int64_t unused = nodes_->count - used;
    if (high_order_)
      mesh_.notes.push_back(cat("of elements of high order only the corners are read: ", used, " of ", nodes_->count,
                                " nodes, in their order"));
    else if (unused > 0) mesh_.notes.push_back(cat(unused, " of ", nodes_->count, " nodes belong to no element"));
    node_columns_.add_notes(mesh_.notes, dimension_);
    if (!unknown_.empty()) mesh_.notes.push_back(cat("section ", unknown_, " is not known and not read"));
    if (!scan_.underflow().empty()) mesh_.notes.push_back(scan_.underflow());
  }

  TextScanner scan_;
  int part_, parts_;
  MeshSlab mesh_;
  std::int64_t dimension_ = 0;
  bool has_dimension_ = false;
  std::optional<Section> nodes_, elements_;
  NodeColumns node_columns_;
  bool high_order_ = false;
  std::int64_t markers_ = 0, markers_found_ = 0;
  std::int64_t border_left_ = 0;     // lines of a marker still to come
  bool in_foreign_section_ = false;  // lines of a section that we do not read
  std::string unknown_;              // the first such section that SU2 does not have either
};

}  // namespace

MeshSlab read_su2(const std::string& path, int part, int parts) {
  require_part(part, parts);
  return Su2Reader(path, part, parts).read();
}

}  // namespace halograph::io
