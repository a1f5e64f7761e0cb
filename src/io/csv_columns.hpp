// SPDX-License-Identifier: BSD-3-Clause
// The header of a table of values on nodes, as SU2 and ParaView write it: which column ties the rows to nodes, which
// are coordinates, and which columns together are a field. Names are compared without case, blanks and punctuation.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <halograph/graph/slab/graph_slab.hpp>

#include "io/text_scanner.hpp"

namespace halograph::io {

struct CsvColumn {
  enum class Use : std::uint8_t { value, id, coordinate, skipped };
  std::string name;
  Use use = Use::value;
  std::size_t field = 0;     ///< of a value
  std::int64_t channel = 0;  ///< of a value
  int axis = 0;              ///< of a coordinate
};

struct CsvHeader {
  char separator = ',';
  std::vector<CsvColumn> columns;
  std::vector<SlabField> fields;  ///< without values
  bool has_id = false;
  bool has_coordinates = false;  ///< along all axes of the mesh
};

/// Reads the header of a table for a mesh of this dimension.
CsvHeader read_csv_header(TextScanner& scan, int dimension);

}  // namespace halograph::io
