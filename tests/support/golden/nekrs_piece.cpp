// SPDX-License-Identifier: BSD-3-Clause
#include "tests/support/golden/nekrs_piece.hpp"

#include <filesystem>
#include <fstream>

#include "tests/support/shared_data.hpp"

namespace halograph::testing {
namespace {

template <class T>
std::vector<T> read_raw(const std::filesystem::path& path) {
  std::vector<T> values(std::filesystem::file_size(path) / sizeof(T));
  std::ifstream(path, std::ios::binary)
      .read(reinterpret_cast<char*>(values.data()), std::streamsize(values.size() * sizeof(T)));
  return values;
}

}  // namespace

SolverPartition NekrsPiece::view() const {
  SolverPartition part;
  part.node_id = node_id;
  part.edge_source = edge_source;
  part.edge_target = edge_target;
  return part;
}

NekrsPiece read_nekrs_piece(int rank) {
  const auto file = [rank](const std::string& name) {
    return shared_path("data/meshes/nekrs_tgv_2rank/" + name + "_rank_" + std::to_string(rank) + "_size_2.bin");
  };
  NekrsPiece piece;
  piece.node_id = read_raw<std::int64_t>(file("global_ids"));
  // Points inside an element all have id 0 there.
  for (std::size_t i = 0; i < piece.node_id.size(); ++i)
    if (piece.node_id[i] == 0) piece.node_id[i] = 10000 * (rank + 1) + std::int64_t(i);
  const auto ends = read_raw<std::int32_t>(file("edge_index"));
  for (std::size_t e = 0; e + 1 < ends.size(); e += 2) {
    piece.edge_source.push_back(ends[e]);
    piece.edge_target.push_back(ends[e + 1]);
  }
  piece.position = read_raw<double>(file("pos_node"));
  piece.velocity = read_raw<double>(file("fld_u_time_0.0"));
  return piece;
}

}  // namespace halograph::testing
