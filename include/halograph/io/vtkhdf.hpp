// SPDX-License-Identifier: BSD-3-Clause
// Fields on an unstructured grid in VTKHDF, the HDF5 format that ParaView opens: one piece, its points in the order of
// the ranks, so that the bytes of the file depend on the rows alone and not on how they were cut. One frame is written
// as version 1.0 (ParaView 5.10, VTK 9.1 and newer), several as the steps of version 2.0 (ParaView 5.12, VTK 9.3).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <halograph/graph/slab/graph_slab.hpp>
#include <halograph/mpi/communicator.hpp>

namespace halograph {

/// One integer a point, such as an id, written as 64 bits.
struct VtkNumbers {
  std::string name;
  std::vector<std::int64_t> values;  ///< [n]
};

/// This rank's points and cells. The points of all ranks are numbered through in the order of the ranks.
struct VtkMesh {
  int dimension = 3;                      ///< 1, 2 or 3; missing coordinates are written as 0
  std::vector<double> position;           ///< [n, dimension]
  std::vector<std::uint8_t> cell_type;    ///< [cells] shapes as VTK numbers them; no cell on any rank: points are shown
  std::vector<std::int64_t> cell_offset;  ///< [cells + 1] into cell_point, from 0; or empty without cells here
  std::vector<std::int64_t> cell_point;   ///< global numbers of the corners' points
  std::vector<VtkNumbers> numbers{};      ///< on the points, in all frames
};

/// Replaces the file `path`. `fields` are values on the points, [frames, n, channels], the same fields on all ranks; a
/// field has one frame or as many as the others. A field of two channels on a mesh of dimension 2 is a vector and gets
/// a third component of zeros, which ParaView needs to draw arrows. `times` has the value of each frame, or is empty:
/// frames are counted then. Values that are not finite are written as they are. Throws the same FileError on all ranks
/// if the arguments do not fit or the file cannot be written; an earlier file is untouched then. Collective.
void write_vtkhdf(const Communicator& comm, const std::string& path, const VtkMesh& mesh,
                  std::span<const SlabField> fields, std::span<const double> times = {});

}  // namespace halograph
