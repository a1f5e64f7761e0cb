// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include <halograph/io/su2.hpp>

#include "io/csv_columns.hpp"
#include "io/text_scanner.hpp"

namespace halograph::io {

namespace {

constexpr std::array<const char*, 3> axes{"x", "y", "z"};

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
  CoordinateCheck(const MeshSlab& mesh, bool by_order) : mesh_(mesh), by_order_(by_order) {}

  /// Node `local` of the slab, or none that this part has, has the coordinate `x` in its row.
  void see(const TextScanner& scan, std::optional<std::int64_t> local, int axis, double x) {
    largest_ = std::max(largest_, std::abs(x));
    if (axis >= mesh_.dimension) {
      scan.check(x == height_.value_or(x), axes[std::size_t(axis)], " is ", x, " and ", height_.value_or(x),
                 " before, on a mesh of dimension ", mesh_.dimension);
      height_ = x;
    } else if (local) {
      compare(scan, *local, axis, x);
    }
  }
  void finish() const {
    require<FileError>(worst_ <= 1e-12 * largest_, text_, ": not a solution on this mesh",
                       by_order_ ? ", or its rows have another order and no column with the numbers of the nodes" : "");
  }

 private:
  void compare(const TextScanner& scan, std::int64_t local, int axis, double x) {
    const double* at = &mesh_.position[std::size_t(local * mesh_.dimension)];
    double size = 0;
    for (int a = 0; a < mesh_.dimension; ++a) size = std::max(size, std::abs(at[a]));
    const double excess = std::abs(x - at[axis]) - six_digits * size;
    if (excess <= worst_) return;
    worst_ = excess;
    text_ = cat(scan.place(), ": ", axes[std::size_t(axis)], " is ", x, ", in the mesh ", at[axis]);
  }

  static constexpr double six_digits = 5.1e-6;  // half a unit of the last digit that ParaView prints

  const MeshSlab& mesh_;
  bool by_order_;
  double largest_ = 0, worst_ = 0;
  std::optional<double> height_;  // along an axis that the mesh does not have
  std::string text_;
};

/// The number of a node, which some programs print as a real number.
std::int64_t node_number(const TextScanner& scan, LineParser& line, const std::string& name) {
  LineParser as_real = line;
  const std::string_view word = LineParser(line).word(name);
  if (word.find_first_of(".eE") == std::string_view::npos) return line.integer(name);
  const double value = as_real.number(name);
  scan.check(std::abs(value) < 0x1p53 && value == std::floor(value), name, " is ", quoted(word), ", not an integer");
  line = as_real;
  return std::int64_t(value);
}

void add_once(std::vector<std::string>& notes, const std::string& line) {
  if (std::find(notes.begin(), notes.end(), line) == notes.end()) notes.push_back(line);
}

}  // namespace

void read_su2_csv(const std::string& path, MeshSlab& mesh) {
  TextScanner scan(path);
  CsvHeader header = read_csv_header(scan, mesh.dimension);
  check_same_fields(scan, mesh.fields, header.fields);
  const std::int64_t n_local = std::int64_t(mesh.position.size()) / mesh.dimension;
  for (SlabField& field : header.fields) field.values.resize(std::size_t(n_local * field.channels));

  CoordinateCheck coordinates(mesh, !header.has_id);
  std::vector<bool> seen(std::size_t(mesh.n_nodes));
  std::vector<double> row(header.columns.size());
  std::int64_t rows = 0;
  while (const auto text = scan.next_line()) {
    LineParser line(scan, *text, header.separator);
    if (line.done()) continue;
    scan.check(rows < mesh.n_nodes, "more rows than the ", mesh.n_nodes, " nodes of the mesh");
    std::int64_t node = rows++;
    const std::string* id_name = nullptr;
    for (std::size_t c = 0; c < row.size(); ++c) {
      const CsvColumn& column = header.columns[c];
      if (column.use == CsvColumn::Use::skipped)
        line.word(column.name);
      else if (column.use != CsvColumn::Use::id)
        row[c] = line.number(column.name);
      else
        node = node_number(scan, line, *(id_name = &column.name));
    }
    line.finish("the last column");
    if (id_name) {
      scan.check(node >= 0 && node < mesh.n_nodes, *id_name, " ", node, ": expected 0 to ", mesh.n_nodes - 1,
                 node == mesh.n_nodes ? "; nodes count from 0" : "");
      scan.check(!seen[std::size_t(node)], *id_name, " ", node, " occurs twice");
      seen[std::size_t(node)] = true;
    }

    std::optional<std::int64_t> local;
    if (node >= mesh.first_node && node - mesh.first_node < n_local) local = node - mesh.first_node;
    for (std::size_t c = 0; c < row.size(); ++c) {
      const CsvColumn& column = header.columns[c];
      if (column.use == CsvColumn::Use::coordinate) coordinates.see(scan, local, column.axis, row[c]);
      if (column.use != CsvColumn::Use::value || !local) continue;
      SlabField& field = header.fields[column.field];
      field.values[std::size_t(*local * field.channels + column.channel)] = row[c];
    }
  }
  scan.check(rows == mesh.n_nodes, rows, " rows for the ", mesh.n_nodes, " nodes of the mesh");
  coordinates.finish();
  if (!header.has_id && !header.has_coordinates)
    add_once(mesh.notes,
             "rows of solutions are taken in the order of the nodes: no column with numbers or all "
             "coordinates of the nodes ties them");
  if (!scan.underflow().empty()) add_once(mesh.notes, cat(path, ": ", scan.underflow()));

  if (mesh.fields.empty()) {
    mesh.fields = std::move(header.fields);
    return;
  }
  for (std::size_t f = 0; f < mesh.fields.size(); ++f) {
    SlabField& field = mesh.fields[f];
    const auto& frame = header.fields[f].values;
    field.values.insert(field.values.end(), frame.begin(), frame.end());
    ++field.frames;
  }
}

}  // namespace halograph::io
