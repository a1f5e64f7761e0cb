// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <string>
#include <string_view>
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
    scan.check(old[f].name == now[f].name && old[f].channels == now[f].channels, "field ", in_quotes(now[f].name),
               " with ", now[f].channels, " channels, where the frames before have ", in_quotes(old[f].name), " with ",
               old[f].channels);
}

/// How exactly a table prints its coordinates: %.6g, %.15e, %.6f and the like, told from all of them together.
class PrintedDigits {
 public:
  void see(std::string_view word) {
    const std::size_t exponent = std::min(word.find_first_of("eE"), word.size());
    has_exponents_ = has_exponents_ || exponent < word.size();
    const std::string_view mantissa = word.substr(0, exponent);
    const std::size_t point = mantissa.find('.');
    if (point != std::string_view::npos) decimals_ = std::max(decimals_, int(mantissa.size() - point - 1));
    int digits = 0;
    for (const char c : mantissa)
      if (c >= '0' && c <= '9' && (digits > 0 || c != '0')) ++digits;
    significant_ = std::max(significant_, digits);
  }

  /// Half a unit of the last digit of a number of this size. Zeros at the end may be left out, so no table is taken to
  /// have less than ParaView's six digits.
  double rounding(double size) const {
    constexpr double half = 0.51;
    if (size == 0) return 0;
    const int digits = std::clamp(significant_, 6, 15);
    const double of_digits = half * std::pow(10.0, std::floor(std::log10(size)) + 1 - digits);
    // Without exponents all numbers may end at the same decimal: the small ones have fewer digits then.
    const bool fixed = !has_exponents_ && decimals_ >= 6;
    return fixed ? std::max(of_digits, half * std::pow(10.0, -decimals_)) : of_digits;
  }

 private:
  int significant_ = 0, decimals_ = 0;
  bool has_exponents_ = false;
};

/// Compares the coordinates of a table with those of the mesh, as exactly as the table prints them.
class CoordinateCheck {
 public:
  CoordinateCheck(const MeshSlab& mesh, bool by_order)
      : mesh_(mesh), by_order_(by_order), given_(mesh.position.size()), line_(mesh.position.size()) {}

  /// Node `local` of the slab, or none that this part has, has the coordinate `x`, written as `word`, in its row.
  void see(const TextScanner& scan, std::optional<std::int64_t> local, int axis, double x, std::string_view word) {
    largest_ = std::max(largest_, std::abs(x));
    if (axis >= mesh_.dimension) {
      if (!has_height_) height_ = x;
      has_height_ = true;
      scan.check(x == height_, axes[std::size_t(axis)], " is ", x, " and ", height_, " before, on a mesh of dimension ",
                 mesh_.dimension);
      return;
    }
    digits_.see(word);
    row_[std::size_t(axis)] = x;
    if (!local) return;
    const std::size_t at = std::size_t(*local * mesh_.dimension + axis);
    given_[at] = x;
    line_[at] = scan.mark().line;
  }

  /// Ends a row of the table.
  void end_row(std::int64_t row) {
    if (row > 0 && row_ == before_) ++equal_rows_;
    before_ = row_;
  }

  void finish(const std::string& path) const {
    for (std::size_t i = 0; i < given_.size(); ++i) {
      if (line_[i] == 0) continue;
      const double x = given_[i], at = mesh_.position[i];
      // Single precision in between is no other mesh.
      const double error = std::min(std::abs(x - at), std::abs(x - double(float(at))));
      // Coordinates near zero are rounding noise of the largest ones.
      require<FileError>(
          error <= digits_.rounding(std::abs(at)) || std::abs(x - at) <= 1e-12 * largest_, path, ", line ", line_[i],
          ": ", axes[i % std::size_t(mesh_.dimension)], " is ", x, ", in the mesh ", at,
          ": not a solution on this mesh",
          by_order_ ? ", or its rows have another order and no column with the numbers of the nodes" : "");
    }
  }

  /// What is to be said of rows that no coordinate tells from the one before; empty if there are none.
  std::string doubt() const {
    if (!by_order_ || equal_rows_ == 0) return {};
    return cat(
        equal_rows_, equal_rows_ == 1 ? " row of a solution has" : " rows of solutions have",
        " the coordinates of the row before, as they are printed: such rows are taken in the order of the nodes");
  }

 private:
  const MeshSlab& mesh_;
  bool by_order_;
  PrintedDigits digits_;
  double largest_ = 0;
  double height_ = 0;  // along an axis that the mesh does not have
  bool has_height_ = false;
  std::vector<double> given_;       // [n_local, dimension]
  std::vector<std::int64_t> line_;  // of each; 0: not in the table
  std::array<double, 3> row_{}, before_{};
  std::int64_t equal_rows_ = 0;
};

/// The number of a node, which some programs print as a real number.
std::int64_t node_number(const TextScanner& scan, LineParser& line, const std::string& name) {
  LineParser as_real = line;
  const std::string_view word = LineParser(line).word(name);
  if (word.find_first_of(".eE") == std::string_view::npos) return line.integer(name);
  const double value = as_real.number(name);
  scan.check(std::abs(value) < 0x1p53 && value == std::floor(value), name, " is ", in_quotes(word), ", not an integer");
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
  std::vector<std::string_view> words(header.columns.size());
  std::int64_t rows = 0;
  while (const auto text = scan.next_line()) {
    LineParser line(scan, *text, header.separator);
    if (line.done()) continue;
    scan.check(rows < mesh.n_nodes, "more rows than the ", mesh.n_nodes, " nodes of the mesh");
    std::int64_t node = rows++;
    const std::string* id_name = nullptr;
    for (std::size_t c = 0; c < row.size(); ++c) {
      const CsvColumn& column = header.columns[c];
      if (column.use == CsvColumn::Use::skipped) {
        line.word(column.name);
      } else if (column.use != CsvColumn::Use::id) {
        words[c] = LineParser(line).word(column.name);
        row[c] = line.number(column.name);
      } else {
        node = node_number(scan, line, *(id_name = &column.name));
      }
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
      if (column.use == CsvColumn::Use::coordinate) coordinates.see(scan, local, column.axis, row[c], words[c]);
      if (column.use != CsvColumn::Use::value || !local) continue;
      SlabField& field = header.fields[column.field];
      field.values[std::size_t(*local * field.channels + column.channel)] = row[c];
    }
    if (header.has_coordinates) coordinates.end_row(rows - 1);
  }
  scan.check(rows == mesh.n_nodes, rows, " rows for the ", mesh.n_nodes, " nodes of the mesh");
  coordinates.finish(path);
  if (const std::string doubt = coordinates.doubt(); !doubt.empty()) add_once(mesh.notes, doubt);
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
