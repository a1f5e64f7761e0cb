// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/io/gmsh.hpp>

#include <algorithm>
#include <limits>

#include <halograph/graph/slab_range.hpp>

#include "io/gmsh_rows.hpp"
#include "io/gmsh_sections.hpp"

namespace halograph::io {

namespace {

/// Goes to the line behind $`wanted`; other sections are skipped.
TextScanner::Mark find_section(GmshSource& source, const std::string& wanted) {
  TextScanner& scan = source.scan();
  for (;;) {
    const auto line = source.text_line();
    scan.check(line.has_value(), "section $", wanted, " is missing");
    const std::string_view name = LineParser(scan, *line).word("a section");
    scan.check(name.starts_with("$") && !name.starts_with("$End"), "expected a section, found ", quoted(*line));
    if (name.substr(1) == wanted) return scan.mark();
    scan.check(name != "$Elements", "section $Elements stands before $", wanted);
    scan.check(name != "$Nodes", "section $Nodes occurs twice");
    const std::string end = "$End" + std::string(name.substr(1));
    scan.check(scan.skip_past_line(end), end, " is missing");
  }
}

/// What the first pass over the file finds out.
struct Survey {
  TextScanner::Mark nodes, elements;
  TagRows rows;
  int dimension = 0;        // highest of the elements
  std::int64_t kept = 0;    // elements of that dimension
  RowSet corners{0};        // rows of the nodes that are corners of kept elements
  std::int64_t n_nodes = 0;  // size of corners
};

Survey survey(GmshSource& source) {
  Survey found;
  TextScanner& scan = source.scan();
  found.nodes = find_section(source, "Nodes");
  walk_nodes(source, {[&](std::int64_t tag) { found.rows.add(tag); }, [](const std::array<double, 3>&) {}});
  const std::int64_t twice = found.rows.seal();
  scan.check(twice == 0, "section $Nodes gives node tag ", twice, " twice");

  found.elements = find_section(source, "Elements");
  found.corners = RowSet(found.rows.size());
  walk_elements(source, [&](const GmshType& type, std::span<const std::int64_t> tags) {
    if (type.dimension == 0 || type.dimension < found.dimension) return;
    if (type.dimension > found.dimension) {
      found.dimension = type.dimension;
      found.kept = 0;
      found.corners.clear();
    }
    ++found.kept;
    for (std::size_t c = 0; c < tags.size(); ++c) {
      const std::int64_t row = found.rows.find(tags[c]);
      scan.check(row >= 0, "an element refers to node tag ", tags[c], ", which section $Nodes does not have");
      if (int(c) < corners_of(type.shape)) found.corners.insert(row);
    }
  });
  scan.check(found.kept > 0, "section $Elements has no lines, faces or volumes");
  found.n_nodes = found.corners.seal();
  return found;
}

void read_elements(GmshSource& source, const Survey& found, std::int64_t begin, std::int64_t end, MeshSlab& mesh) {
  source.scan().return_to(found.elements);
  mesh.corner_offset.push_back(0);
  std::int64_t element = 0;
  walk_elements(source, [&](const GmshType& type, std::span<const std::int64_t> tags) {
    if (type.dimension < found.dimension) return;
    if (element >= begin && element < end) {
      mesh.shape.push_back(type.shape);
      for (std::int64_t tag : tags.first(std::size_t(corners_of(type.shape))))
        mesh.corner.push_back(found.corners.rank(found.rows.find(tag)));
      mesh.corner_offset.push_back(std::int32_t(mesh.corner.size()));
    }
    ++element;
  });
}

void read_positions(GmshSource& source, const Survey& found, std::int64_t end, MeshSlab& mesh) {
  source.scan().return_to(found.nodes);
  std::int64_t row = -1, node = 0;
  double low = std::numeric_limits<double>::infinity(), high = -low;
  walk_nodes(source, {[](std::int64_t) {}, [&](const std::array<double, 3>& at) {
                        if (!found.corners.contains(++row)) return;
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

}  // namespace

MeshSlab read_gmsh(const std::string& path, int part, int parts) {
  require_part(part, parts);
  GmshSource source(path);
  const Survey found = survey(source);
  MeshSlab mesh;
  mesh.n_nodes = found.n_nodes;
  mesh.first_node = slab_begin(found.n_nodes, part, parts);
  const std::int64_t begin = slab_begin(found.kept, part, parts), end = slab_begin(found.kept, part + 1, parts);
  require<FileError>((end - begin) * 8 <= std::numeric_limits<std::int32_t>::max(), path, ": ", end - begin,
                     " elements in one slab are too many for 32-bit offsets: use more ranks");
  read_elements(source, found, begin, end, mesh);
  read_positions(source, found, slab_begin(found.n_nodes, part + 1, parts), mesh);
  return mesh;
}

}  // namespace halograph::io
