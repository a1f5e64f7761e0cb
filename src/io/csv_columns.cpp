// SPDX-License-Identifier: BSD-3-Clause
#include "io/csv_columns.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <map>
#include <set>
#include <string_view>
#include <utility>

namespace halograph::io {

namespace {

using Use = CsvColumn::Use;

/// The part of a name that matters: "Point ID", "PointID" and "point_id" are one.
std::string plain(std::string_view name) {
  std::string out;
  for (const unsigned char c : name)
    if (std::isalnum(c)) out += char(std::tolower(c));
  return out;
}

/// Names of a column with the numbers of the nodes. ParaView's own number of a row is trusted least: filters change it.
constexpr std::array<std::string_view, 11> id_names{
    "nodeid",      "globalnodeid",        "globalnodeids",      "globalpointid", "globalpointids",
    "globalindex", "vtkoriginalpointids", "vtkoriginalpointid", "pointids",      "pointid",
    "point"};

/// The number 535532, with which SU2 begins its binary files.
constexpr std::string_view binary_restart{"\xec\x2b\x08\0", 4};

/// 0, 1, 2 for the names of x, y, z, otherwise -1.
int axis_of(const std::string& name) {
  for (int axis = 0; axis < 3; ++axis) {
    const std::string letter(1, "xyz"[axis]), digit(1, "012"[axis]);
    for (const std::string& known : {letter, letter + "coord", letter + "coordinate", "coord" + letter,
                                     "coordinate" + letter, "points" + digit, "points" + letter, "coordinates" + digit})
      if (name == known) return axis;
  }
  return -1;
}

bool is_number(std::string_view text) {
  double value = 0;
  return std::from_chars(text.data(), text.data() + text.size(), value).ptr == text.data() + text.size();
}

class Sorter {
 public:
  Sorter(const TextScanner& scan, std::vector<CsvColumn>& columns, int dimension)
      : scan_(scan), columns_(columns), dimension_(dimension) {}

  void sort(CsvHeader& header) {
    find_ids(header);
    std::set<int> axes;
    for (CsvColumn& column : columns_) {
      const int axis = axis_of(plain(column.name));
      if (axis < 0 || column.use != Use::value) continue;
      column.use = Use::coordinate;
      column.axis = axis;
      if (axis < dimension_) axes.insert(axis);
    }
    header.has_coordinates = int(axes.size()) == dimension_;
    placed_.resize(columns_.size());
    for (std::size_t c = 0; c < columns_.size(); ++c) by_name_[columns_[c].name] = c;
    for (std::size_t c = 0; c < columns_.size(); ++c)
      if (columns_[c].use == Use::value && !placed_[c]) add_field(header.fields, c);
    scan_.check(!header.fields.empty(), "no columns of values");
  }

 private:
  void find_ids(CsvHeader& header) {
    std::size_t best = id_names.size();
    CsvColumn* chosen = nullptr;
    for (CsvColumn& column : columns_) {
      const auto at = std::size_t(std::find(id_names.begin(), id_names.end(), plain(column.name)) - id_names.begin());
      if (at == id_names.size()) continue;
      column.use = Use::skipped;
      if (at < best) {
        best = at;
        chosen = &column;
      }
    }
    if (chosen) chosen->use = Use::id;
    header.has_id = chosen != nullptr;
  }

  /// Columns of the vector that begins with column `c`, called "U_x", "U:0" or "U_0", or `c` alone.
  std::vector<std::size_t> members_of(std::size_t c) const {
    const std::string& name = columns_[c].name;
    if (name.size() < 3) return {c};
    const char mark = name[name.size() - 2], first = name.back();
    const std::string stem = name.substr(0, name.size() - 2);
    const bool digit = first == '0', begins = digit || first == 'x' || first == 'X';
    if ((mark != ':' && mark != '_') || !begins || by_name_.contains(stem) || fields_.contains(stem)) return {c};
    std::vector<std::size_t> members;
    const int most = digit ? 10 : dimension_;
    for (int k = 0; k < most; ++k) {
      const auto member = by_name_.find(stem + mark + char(first + k));
      if (member == by_name_.end() || columns_[member->second].use != Use::value) break;
      members.push_back(member->second);
    }
    const int n = int(members.size());
    // "U_0" may also be the first of many species; vectors have two or three components.
    const bool vector = !digit ? n == dimension_ : mark == ':' ? n > 1 : n == 2 || n == 3;
    return vector ? members : std::vector<std::size_t>{c};
  }

  void add_field(std::vector<SlabField>& fields, std::size_t c) {
    const std::vector<std::size_t> members = members_of(c);
    for (std::size_t m = 0; m < members.size(); ++m) {
      placed_[members[m]] = true;
      columns_[members[m]].field = fields.size();
      columns_[members[m]].channel = std::int64_t(m);
    }
    std::string name = columns_[c].name;
    if (members.size() > 1) name.resize(name.size() - 2);
    fields_.insert(name);
    fields.push_back({std::move(name), std::int64_t(members.size()), 1, {}});
  }

  const TextScanner& scan_;
  std::vector<CsvColumn>& columns_;
  int dimension_;
  std::map<std::string, std::size_t> by_name_;
  std::set<std::string> fields_;  // names given so far
  std::vector<bool> placed_;
};

}  // namespace

CsvHeader read_csv_header(TextScanner& scan, int dimension) {
  const auto line = scan.next_line();
  scan.check(line.has_value(), "the header is missing");
  scan.check(!line->starts_with(binary_restart),
             "a binary restart of SU2, not a table: OUTPUT_FILES= RESTART_ASCII "
             "makes it write tables");
  CsvHeader header;
  for (const char separator : {'\t', ';', ','})
    if (line->find(separator) != std::string_view::npos) header.separator = separator;
  LineParser words(scan, *line, header.separator);
  std::set<std::string, std::less<>> seen;
  while (!words.done()) {
    std::string_view name = words.word("a column's name");
    const bool quotes = name.size() > 1 && name.front() == '"' && name.back() == '"';
    if (quotes) name = name.substr(1, name.size() - 2);
    while (!name.empty() && name.front() == ' ') name.remove_prefix(1);
    while (!name.empty() && name.back() == ' ') name.remove_suffix(1);
    scan.check(!name.empty() && name.find('"') == std::string_view::npos, "column name ", in_quotes(name),
               ": empty or with unbalanced quotes");
    scan.check(!is_number(name), "the header is missing: ", in_quotes(name), " is a number");
    scan.check(seen.insert(std::string(name)).second, "column ", in_quotes(name), " occurs twice");
    header.columns.push_back({std::string(name)});
    std::replace(header.columns.back().name.begin(), header.columns.back().name.end(), '/', '_');  // a folder in HDF5
  }
  Sorter(scan, header.columns, dimension).sort(header);
  return header;
}

}  // namespace halograph::io
