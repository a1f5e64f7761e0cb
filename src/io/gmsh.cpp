// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/io/gmsh.hpp>

#include <algorithm>
#include <array>
#include <limits>
#include <optional>

#include <halograph/graph/slab/slab_range.hpp>

#include "io/corner_check.hpp"
#include "io/gmsh_periodic.hpp"
#include "io/gmsh_rows.hpp"
#include "io/gmsh_sections.hpp"

namespace halograph::io {

namespace {

/// Name of the section that begins here; nothing at the end of the file.
std::optional<std::string> next_section(GmshSource& source) {
  const auto line = source.text_line();
  if (!line) return std::nullopt;
  const std::string_view name = LineParser(source.scan(), *line).word("a section");
  source.scan().check(name.starts_with("$") && !name.starts_with("$End"), "expected a section, found ",
                      in_quotes(*line));
  return std::string(name.substr(1));
}

/// What the first pass over the file finds out.
struct Survey {
  TextScanner::Mark nodes, elements;
  bool parametric = false;
  TagRows rows;
  int dimension = 0;                       // highest of the elements
  std::int64_t kept = 0;                   // elements of that dimension
  std::int64_t collapsed = 0;              // of these
  std::string first_collapsed;             // its place
  std::string fault;                       // what is wrong with the first of these that cannot be read, and where
  RowSet corners{0};                       // rows of the nodes that are corners of kept elements
  std::array<std::int64_t, 4> periodic{};  // entities by dimension
  std::vector<JoinedRows::Pair> tags;      // of periodic nodes, where they are to be joined
  JoinedRows joined;
  std::int64_t merged = 0;   // nodes that are left out because another one stands for them
  std::int64_t n_nodes = 0;  // size of corners
};

void survey_nodes(GmshSource& source, bool parametric, Survey& found) {
  source.scan().check(found.nodes.offset == 0, "a second section of nodes: a mesh has one");
  found.parametric = parametric;
  found.nodes = source.scan().mark();
  walk_nodes(source, parametric, {[&](std::int64_t tag) { found.rows.add(tag); }, [](const std::array<double, 3>&) {}});
  const std::int64_t twice = found.rows.seal();
  source.scan().check(twice < 0, "section $Nodes gives node tag ", twice, " twice");
}

constexpr std::array measures{"length", "area", "volume"};

void survey_corners(const TextScanner& scan, const GmshType& type, std::span<const std::int64_t> tags, Survey& found) {
  const auto corners = tags.first(std::size_t(corners_of(type.shape)));
  const Corners kind = check_corners(type.shape, corners);
  if (kind == Corners::broken && found.fault.empty())
    found.fault =
        cat(scan.place(), ": a ", name_of(type.shape), " names a node more than once: what is left of it has no ",
            measures[std::size_t(type.dimension - 1)]);
  if (kind == Corners::collapsed && found.collapsed++ == 0) found.first_collapsed = scan.place();
  for (std::size_t c = 0; c < tags.size(); ++c) {
    const std::int64_t row = found.rows.find(tags[c]);
    scan.check(row >= 0, "an element refers to node tag ", tags[c], ", which section $Nodes does not have");
    if (c < corners.size()) found.corners.insert(row);
  }
}

void survey_elements(GmshSource& source, Survey& found) {
  TextScanner& scan = source.scan();
  scan.check(found.elements.offset == 0, "a second section of elements: a mesh has one");
  scan.check(found.nodes.offset > 0, "no section $Nodes or $ParametricNodes stands before $Elements");
  found.elements = scan.mark();
  found.corners = RowSet(found.rows.size());
  walk_elements(source, [&](const GmshType& type, std::span<const std::int64_t> tags) {
    if (type.dimension == 0 || type.dimension < found.dimension) return;
    if (type.dimension > found.dimension) {
      found.dimension = type.dimension;
      found.kept = found.collapsed = 0;
      found.fault.clear();
      found.corners.clear();
    }
    ++found.kept;
    if (!type.unread) survey_corners(scan, type, tags, found);
    else if (found.fault.empty())
      found.fault = cat(scan.place(), ": element type ", type.number, " (", type.unread,
                        ") is not read, and no element has a higher dimension");
  });
  require<FileError>(found.fault.empty(), found.fault);
  scan.check(found.kept > 0, "section $Elements has no lines, faces or volumes");
}

void survey_periodic(GmshSource& source, bool join, Survey& found) {
  walk_periodic(source, {[&](std::int64_t dimension) {
                           source.scan().check(dimension >= 0 && dimension < 3, "periodic entity of dimension ",
                                               dimension, ": expected 0 to 2");
                           ++found.periodic[std::size_t(dimension)];
                         },
                         [&](std::int64_t node, std::int64_t master) {
                           if (join) found.tags.push_back({node, master});
                         }});
}

/// Leaves out of the corners those for which another one stands. Skips pairs of nodes that Gmsh did not save, and of
/// middle nodes of curved elements.
void join_rows(Survey& found) {
  for (const auto& [tag, master_tag] : found.tags) {
    const std::int64_t row = found.rows.find(tag), master = found.rows.find(master_tag);
    if (row < 0 || master < 0 || row == master) continue;
    if (found.corners.contains(row) && found.corners.contains(master)) found.joined.add({row, master});
  }
  found.tags = {};
  found.joined.seal();
  for (const std::int64_t row : found.joined.rows()) {
    if (found.joined.find(row) == row) continue;
    found.corners.erase(row);
    ++found.merged;
  }
}

Survey survey(GmshSource& source, bool join) {
  Survey found;
  TextScanner& scan = source.scan();
  while (const auto name = next_section(source)) {
    if (*name == "Nodes" || *name == "ParametricNodes") survey_nodes(source, *name != "Nodes", found);
    else if (*name == "Elements") survey_elements(source, found);
    else if (*name == "Periodic") survey_periodic(source, join, found);
    else scan.check(scan.skip_past_line("$End" + *name), "$End", *name, " is missing");
  }
  scan.check(found.nodes.offset > 0, "section $Nodes is missing");
  scan.check(found.elements.offset > 0, "section $Elements is missing");
  if (join) join_rows(found);
  found.n_nodes = found.corners.seal();
  return found;
}

/// Reads the slab's elements. Returns the rows of their corners before any were joined; nothing if none are joined.
std::vector<std::int64_t> read_elements(GmshSource& source, const Survey& found, std::int64_t begin, std::int64_t end,
                                        MeshSlab& mesh) {
  source.scan().return_to(found.elements);
  std::vector<std::int64_t> corner_row;
  mesh.corner_offset.push_back(0);
  std::int64_t element = 0;
  walk_elements(source, [&](const GmshType& type, std::span<const std::int64_t> tags) {
    if (type.dimension < found.dimension) return;
    if (element >= begin && element < end) {
      bool moved = false;
      for (const std::int64_t tag : tags.first(std::size_t(corners_of(type.shape)))) {
        const std::int64_t row = found.rows.find(tag), first = found.joined.find(row);
        if (!found.joined.empty()) corner_row.push_back(row);
        moved = moved || first != row;
        mesh.corner.push_back(found.corners.rank(first));
      }
      if (moved) mesh.wrapped.push_back(std::int32_t(mesh.shape.size()));
      mesh.shape.push_back(type.shape);
      mesh.corner_offset.push_back(std::int32_t(mesh.corner.size()));
    }
    ++element;
  });
  return corner_row;
}

/// Reads the positions of the slab's nodes, and those that `wanted` asks for.
void read_positions(GmshSource& source, const Survey& found, std::int64_t end, MeshSlab& mesh, RowPositions& wanted) {
  source.scan().return_to(found.nodes);
  std::int64_t row = -1, node = 0;
  double low = std::numeric_limits<double>::infinity(), high = -low;
  walk_nodes(source, found.parametric,
             {[](std::int64_t) {},
              [&](const std::array<double, 3>& at) {
                wanted.pass(++row, at);
                if (!found.corners.contains(row)) return;
                low = std::min(low, at[2]);
                high = std::max(high, at[2]);
                if (node >= mesh.first_node && node < end)
                  mesh.position.insert(mesh.position.end(), at.begin(), at.end());
                ++node;
              }});
  mesh.dimension = found.dimension < 3 && low == high ? 2 : 3;
  if (mesh.dimension == 3) return;
  const std::size_t n = mesh.position.size() / 3;
  for (std::size_t i = 0; i < n; ++i) {
    mesh.position[2 * i] = mesh.position[3 * i];
    mesh.position[2 * i + 1] = mesh.position[3 * i + 1];
  }
  mesh.position.resize(2 * n);
}

void add_notes(const Survey& found, bool join, MeshSlab& mesh) {
  if (found.collapsed > 0)
    mesh.notes.push_back(cat(found.collapsed, found.collapsed == 1 ? " element is" : " elements are",
                             " collapsed, naming a node more than once; the first: ", found.first_collapsed));
  const std::int64_t sides = found.periodic[std::size_t(found.dimension - 1)];
  const std::string what = cat(sides, sides == 1 ? " periodic pair of sides" : " periodic pairs of sides");
  if (join) mesh.notes.push_back(cat(what, " (", found.merged, found.merged == 1 ? " node) joined" : " nodes) joined"));
  else if (sides > 0) mesh.notes.push_back(cat(what, " not joined: join_periodic joins them"));
}

}  // namespace

MeshSlab read_gmsh(const std::string& path, int part, int parts, const GmshOptions& options) {
  require_part(part, parts);
  GmshSource source(path);
  const Survey found = survey(source, options.join_periodic);
  require<FileError>(!options.join_periodic || found.merged > 0, path,
                     ": join_periodic: no section $Periodic, or none of its nodes is a corner of an element");
  MeshSlab mesh;
  mesh.n_nodes = found.n_nodes;
  mesh.first_node = slab_begin(found.n_nodes, part, parts);
  const std::int64_t begin = slab_begin(found.kept, part, parts), end = slab_begin(found.kept, part + 1, parts);
  require<FileError>((end - begin) * 8 <= std::numeric_limits<std::int32_t>::max(), path, ": ", end - begin,
                     " elements in one slab are too many for 32-bit offsets: use more ranks");
  const std::vector<std::int64_t> corner_row = read_elements(source, found, begin, end, mesh);
  std::vector<std::int64_t> wanted = corner_row;
  wanted.insert(wanted.end(), found.joined.rows().begin(), found.joined.rows().end());
  RowPositions positions(std::move(wanted));
  read_positions(source, found, slab_begin(found.n_nodes, part + 1, parts), mesh, positions);
  mesh.period = period_of(path, found.joined, positions);
  if (!found.joined.empty()) check_spans(path, mesh, corner_row, positions);
  add_notes(found, options.join_periodic, mesh);
  if (const std::string& line = source.scan().underflow(); !line.empty()) mesh.notes.push_back(line);
  return mesh;
}

}  // namespace halograph::io
