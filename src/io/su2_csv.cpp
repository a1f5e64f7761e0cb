// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <vector>

#include <halograph/io/su2.hpp>

#include "io/text_scanner.hpp"

namespace halograph::io {

namespace {

constexpr std::array<const char*, 3> axes{"x", "y", "z"};

/// Where the columns of the file go.
struct Columns {
  struct Target {
    std::size_t field;
    std::int64_t channel;
  };
  std::vector<std::string> names;
  std::vector<Target> target;             // of each column; unused where it is no field
  std::array<int, 3> coordinate{-1, -1, -1};  // column of x, y, z
  int id = -1;
  std::vector<SlabField> fields;  // without values
};

std::vector<std::string> read_header(TextScanner& scan) {
  const auto line = scan.next_line();
  scan.check(line.has_value(), "the header is missing");
  LineParser header(scan, *line, ',');
  std::vector<std::string> names;
  while (!header.done()) {
    std::string_view name = header.word("a column's name");
    const bool quotes = name.size() > 1 && name.front() == '"' && name.back() == '"';
    if (quotes) name = name.substr(1, name.size() - 2);
    scan.check(!name.empty() && name.find('"') == std::string_view::npos, "column name ", quoted(name),
               ": empty or with unbalanced quotes");
    scan.check(std::find(names.begin(), names.end(), name) == names.end(), "column ", quoted(name), " occurs twice");
    names.emplace_back(name);
  }
  return names;
}

Columns sort_columns(TextScanner& scan, int dimension) {
  Columns columns;
  columns.names = read_header(scan);
  columns.target.resize(columns.names.size());
  const auto find = [&](const std::string& name) {
    const auto found = std::find(columns.names.begin(), columns.names.end(), name);
    return found == columns.names.end() ? -1 : int(found - columns.names.begin());
  };
  std::vector<bool> placed(columns.names.size());
  columns.id = find("PointID");
  if (columns.id >= 0) placed[std::size_t(columns.id)] = true;
  for (int axis = 0; axis < 3; ++axis) {
    const int column = columns.coordinate[std::size_t(axis)] = find(axes[std::size_t(axis)]);
    scan.check(column < 0 || axis < dimension, "column ", axes[std::size_t(axis)],
               " in a solution on a mesh of dimension ", dimension);
    if (column >= 0) placed[std::size_t(column)] = true;
  }
  for (std::size_t c = 0; c < columns.names.size(); ++c) {
    if (placed[c]) continue;
    const std::string& name = columns.names[c];
    const std::string stem = name.ends_with("_x") ? name.substr(0, name.size() - 2) : "";
    std::vector<int> members;
    for (int axis = 0; axis < dimension && !stem.empty(); ++axis) {
      const int member = find(stem + "_" + axes[std::size_t(axis)]);
      if (member >= int(c) && !placed[std::size_t(member)]) members.push_back(member);
    }
    const bool vector = int(members.size()) == dimension && find(stem) < 0;
    if (!vector) members = {int(c)};
    for (std::size_t m = 0; m < members.size(); ++m) {
      placed[std::size_t(members[m])] = true;
      columns.target[std::size_t(members[m])] = {columns.fields.size(), std::int64_t(m)};
    }
    columns.fields.push_back({vector ? stem : name, std::int64_t(members.size()), 1, {}});
  }
  scan.check(!columns.fields.empty(), "no columns of values");
  return columns;
}

void check_same_fields(const TextScanner& scan, const std::vector<SlabField>& old, const std::vector<SlabField>& now) {
  if (old.empty()) return;
  scan.check(old.size() == now.size(), now.size(), " fields, where the frames before have ", old.size());
  for (std::size_t f = 0; f < old.size(); ++f)
    scan.check(old[f].name == now[f].name && old[f].channels == now[f].channels, "field ", quoted(now[f].name),
               " with ", now[f].channels, " channels, where the frames before have ", quoted(old[f].name), " with ",
               old[f].channels);
}

/// Remembers the coordinate that differs most from the mesh. Coordinates near zero are rounding noise of
/// the largest ones, which are known only at the end.
class CoordinateCheck {
 public:
  CoordinateCheck(const MeshSlab& mesh) : mesh_(mesh) {}

  void see(double x) { largest_ = std::max(largest_, std::abs(x)); }
  void compare(const TextScanner& scan, std::int64_t local, int axis, double x) {
    const double* at = &mesh_.position[std::size_t(local * mesh_.dimension)];
    double size = 0;
    for (int a = 0; a < mesh_.dimension; ++a) size = std::max(size, std::abs(at[a]));
    const double excess = std::abs(x - at[axis]) - 1e-6 * size;
    if (excess <= worst_) return;
    worst_ = excess;
    text_ = cat(scan.place(), ": ", axes[std::size_t(axis)], " is ", x, ", in the mesh ", at[axis]);
  }
  void finish() const { require<FileError>(worst_ <= 1e-12 * largest_, text_, ": not a solution on this mesh"); }

 private:
  const MeshSlab& mesh_;
  double largest_ = 0, worst_ = 0;
  std::string text_;
};

}  // namespace

void read_su2_csv(const std::string& path, MeshSlab& mesh) {
  TextScanner scan(path);
  Columns columns = sort_columns(scan, mesh.dimension);
  check_same_fields(scan, mesh.fields, columns.fields);
  const std::int64_t n_local = std::int64_t(mesh.position.size()) / mesh.dimension;
  for (SlabField& field : columns.fields) field.values.resize(std::size_t(n_local * field.channels));

  CoordinateCheck coordinates(mesh);
  std::vector<bool> seen(std::size_t(mesh.n_nodes));
  std::vector<double> row(columns.names.size());
  std::int64_t rows = 0;
  while (const auto text = scan.next_line()) {
    LineParser line(scan, *text, ',');
    if (line.done()) continue;
    scan.check(rows < mesh.n_nodes, "more rows than the ", mesh.n_nodes, " nodes of the mesh");
    std::int64_t node = rows++;
    for (std::size_t c = 0; c < row.size(); ++c) {
      if (int(c) == columns.id) node = line.integer("PointID");
      else row[c] = line.number(columns.names[c]);
    }
    line.finish("the last column");
    scan.check(node >= 0 && node < mesh.n_nodes, "PointID ", node, ": expected 0 to ", mesh.n_nodes - 1);
    scan.check(!seen[std::size_t(node)], "PointID ", node, " occurs twice");
    seen[std::size_t(node)] = true;

    const std::int64_t local = node - mesh.first_node;
    const bool mine = local >= 0 && local < n_local;
    for (std::size_t c = 0; c < row.size(); ++c) {
      if (int(c) == columns.id) continue;
      const auto axis = std::find(columns.coordinate.begin(), columns.coordinate.end(), int(c));
      if (axis != columns.coordinate.end()) {
        coordinates.see(row[c]);
        if (mine) coordinates.compare(scan, local, int(axis - columns.coordinate.begin()), row[c]);
      } else if (mine) {
        SlabField& field = columns.fields[columns.target[c].field];
        field.values[std::size_t(local * field.channels + columns.target[c].channel)] = row[c];
      }
    }
  }
  scan.check(rows == mesh.n_nodes, rows, " rows for the ", mesh.n_nodes, " nodes of the mesh");
  coordinates.finish();

  if (mesh.fields.empty()) {
    mesh.fields = std::move(columns.fields);
    return;
  }
  for (std::size_t f = 0; f < mesh.fields.size(); ++f) {
    SlabField& field = mesh.fields[f];
    const auto& frame = columns.fields[f].values;
    field.values.insert(field.values.end(), frame.begin(), frame.end());
    ++field.frames;
  }
}

}  // namespace halograph::io
