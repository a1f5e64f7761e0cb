// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/io/vtkhdf.hpp>

#include <algorithm>
#include <deque>
#include <numeric>

#include "rows.hpp"
#include "same_on_ranks.hpp"

namespace halograph {
namespace {

using h5::bytes_of;
using h5::Element;
using h5::Rows;

constexpr std::uint8_t vtk_vertex = 1;

void check_lengths(const std::string& path, const VtkMesh& mesh, std::span<const SlabField> fields,
                   std::span<const double> times, std::int64_t n_frames) {
  require<FileError>(mesh.dimension >= 1 && mesh.dimension <= 3, path, ": dimension ", mesh.dimension,
                     " is not 1, 2 or 3");
  require<FileError>(mesh.position.size() % std::size_t(mesh.dimension) == 0, path, ": ", mesh.position.size(),
                     " coordinates are no points of dimension ", mesh.dimension);
  const std::int64_t n = std::int64_t(mesh.position.size()) / mesh.dimension;
  require<FileError>(times.empty() || std::int64_t(times.size()) == n_frames, path, ": there are ", times.size(),
                     " times for ", n_frames, " frames");
  const auto check_name = [&](const std::string& name) {
    require<FileError>(!name.empty() && name != "." && name.find('/') == std::string::npos, path, ": '", name,
                       "' cannot be the name of a field");
  };
  for (const VtkNumbers& numbers : mesh.numbers) {
    check_name(numbers.name);
    require<FileError>(std::int64_t(numbers.values.size()) == n, path, ": '", numbers.name, "' has ",
                       numbers.values.size(), " values; ", n, " are needed");
  }
  for (const SlabField& field : fields) {
    check_name(field.name);
    require<FileError>(field.channels >= 1 && (field.frames == 1 || field.frames == n_frames), path, ": field '",
                       field.name, "' has ", field.channels, " channels and ", field.frames, " frames of ", n_frames);
    require<FileError>(std::int64_t(field.values.size()) == field.frames * n * field.channels, path, ": field '",
                       field.name, "' has ", field.values.size(), " values; ", field.frames * n * field.channels,
                       " are needed");
  }
}

void check_cells(const std::string& path, const VtkMesh& mesh, std::int64_t n_points) {
  const std::size_t offsets = mesh.cell_offset.size();
  require<FileError>(mesh.cell_type.empty() ? offsets <= 1 : offsets == mesh.cell_type.size() + 1, path, ": ", offsets,
                     " offsets for ", mesh.cell_type.size(), " cells");
  require<FileError>(std::is_sorted(mesh.cell_offset.begin(), mesh.cell_offset.end()) &&
                         (offsets == 0 || mesh.cell_offset.front() == 0) &&
                         std::int64_t(mesh.cell_point.size()) == (offsets == 0 ? 0 : mesh.cell_offset.back()),
                     path, ": the offsets of the cells do not rise from 0 to the number of corners, ",
                     mesh.cell_point.size());
  for (const std::int64_t point : mesh.cell_point)
    require<FileError>(point >= 0 && point < n_points, path, ": a cell has corner ", point, ", which is not in [0, ",
                       n_points, ")");
}

/// Rows of `width` values as rows of three, with zeros behind.
std::vector<double> padded(const std::vector<double>& rows, std::size_t width) {
  if (width == 3) return rows;
  std::vector<double> out(rows.size() / width * 3, 0.0);
  for (std::size_t i = 0; i < rows.size() / width; ++i)
    std::copy_n(rows.begin() + std::ptrdiff_t(i * width), width, &out[3 * i]);
  return out;
}

// A vector of a plane mesh: viewers know vectors of three components only.
bool is_plane_vector(const VtkMesh& mesh, const SlabField& field) { return mesh.dimension == 2 && field.channels == 2; }

// A graph without cells is shown as its points.
void add_vertices(VtkMesh& mesh, const Rows& points) {
  mesh.cell_type.assign(std::size_t(points.local), vtk_vertex);
  mesh.cell_offset.resize(std::size_t(points.local + 1));
  std::iota(mesh.cell_offset.begin(), mesh.cell_offset.end(), std::int64_t(0));
  mesh.cell_point.resize(std::size_t(points.local));
  std::iota(mesh.cell_point.begin(), mesh.cell_point.end(), points.first);
}

// Numbers that all ranks know and rank 0 writes.
class SmallDatasets {
 public:
  SmallDatasets(h5::FilePlan& plan, bool writer) : plan_(plan), writer_(writer) {}
  void add(const std::string& name, h5::Shape shape, std::vector<std::int64_t> values) {
    integers_.push_back(std::move(values));
    put({name, Element::i64, std::move(shape), {}}, bytes_of(integers_.back()));
  }
  void add(const std::string& name, h5::Shape shape, std::vector<double> values) {
    reals_.push_back(std::move(values));
    put({name, Element::f64, std::move(shape), {}}, bytes_of(reals_.back()));
  }

 private:
  void put(h5::PlannedDataset dataset, std::span<const std::byte> bytes) {
    if (writer_) dataset.pieces.push_back({0, bytes});
    plan_.datasets.push_back(std::move(dataset));
  }
  h5::FilePlan& plan_;
  bool writer_;
  std::deque<std::vector<std::int64_t>> integers_;
  std::deque<std::vector<double>> reals_;
};

// The mesh is the same in all steps: every step refers to its beginning.
void plan_steps(h5::FilePlan& plan, SmallDatasets& small, std::span<const VtkNumbers> numbers,
                std::span<const SlabField> fields, std::span<const double> times, std::int64_t n_frames,
                std::int64_t n_points) {
  const std::vector<std::int64_t> zeros(std::size_t(n_frames), 0), ones(std::size_t(n_frames), 1);
  std::vector<double> values(times.begin(), times.end());
  for (std::int64_t t = std::int64_t(values.size()); t < n_frames; ++t) values.push_back(double(t));
  plan.groups.insert(plan.groups.end(), {"/VTKHDF/Steps", "/VTKHDF/Steps/PointDataOffsets"});
  plan.attributes.push_back({"/VTKHDF/Steps", "NSteps", n_frames});
  small.add("/VTKHDF/Steps/Values", {n_frames}, values);
  small.add("/VTKHDF/Steps/PartOffsets", {n_frames}, zeros);
  small.add("/VTKHDF/Steps/NumberOfParts", {n_frames}, ones);
  small.add("/VTKHDF/Steps/PointOffsets", {n_frames}, zeros);
  small.add("/VTKHDF/Steps/CellOffsets", {n_frames, 1}, zeros);
  small.add("/VTKHDF/Steps/ConnectivityIdOffsets", {n_frames, 1}, zeros);
  for (const VtkNumbers& one : numbers) small.add("/VTKHDF/Steps/PointDataOffsets/" + one.name, {n_frames}, zeros);
  for (const SlabField& field : fields) {
    std::vector<std::int64_t> offsets = zeros;
    if (field.frames > 1)
      for (std::int64_t t = 0; t < n_frames; ++t) offsets[std::size_t(t)] = t * n_points;
    small.add("/VTKHDF/Steps/PointDataOffsets/" + field.name, {n_frames}, std::move(offsets));
  }
}

std::string common_part(const VtkMesh& mesh, std::span<const SlabField> fields, std::span<const double> times) {
  std::string text = cat("dimension ", mesh.dimension, ", times");
  for (const double time : times) text += cat(" ", time);
  for (const VtkNumbers& numbers : mesh.numbers) text += cat(", '", numbers.name, "'");
  for (const SlabField& field : fields)
    text += cat(", field '", field.name, "' [", field.frames, ", n, ", field.channels, "]");
  return text;
}

}  // namespace

void write_vtkhdf(const Communicator& comm, const std::string& path, const VtkMesh& given,
                  std::span<const SlabField> fields, std::span<const double> times) {
  require_same(comm, path, common_part(given, fields, times));
  std::int64_t n_frames = std::max<std::int64_t>(1, std::int64_t(times.size()));
  for (const SlabField& field : fields) n_frames = std::max(n_frames, field.frames);
  on_all_ranks<FileError>(comm, path, [&] { check_lengths(path, given, fields, times, n_frames); });
  const Rows points(comm, given.position.size() / std::size_t(given.dimension));
  on_all_ranks<FileError>(comm, path, [&] { check_cells(path, given, points.total); });

  VtkMesh mesh = given;
  if (comm.sum(std::int64_t(mesh.cell_type.size())) == 0) add_vertices(mesh, points);
  const std::vector<double> position = padded(mesh.position, std::size_t(mesh.dimension));
  const Rows cells(comm, mesh.cell_type.size()), corners(comm, mesh.cell_point.size());
  std::vector<std::int64_t> ends;  // of the cells, counted over all ranks
  if (comm.rank() == 0) ends.push_back(0);
  for (std::size_t i = 1; i < mesh.cell_offset.size(); ++i) ends.push_back(corners.first + mesh.cell_offset[i]);

  h5::FilePlan plan;
  SmallDatasets small(plan, comm.rank() == 0);
  plan.groups = {"/VTKHDF", "/VTKHDF/PointData"};
  plan.attributes = {{"/VTKHDF", "Version", std::vector<std::int64_t>{n_frames > 1 ? 2 : 1, 0}},
                     {"/VTKHDF", "Type", "UnstructuredGrid"}};
  small.add("/VTKHDF/NumberOfPoints", {1}, std::vector<std::int64_t>{points.total});
  small.add("/VTKHDF/NumberOfCells", {1}, std::vector<std::int64_t>{cells.total});
  small.add("/VTKHDF/NumberOfConnectivityIds", {1}, std::vector<std::int64_t>{corners.total});
  plan.datasets.push_back(h5::table("/VTKHDF/Points", points, 3, position));
  plan.datasets.push_back(h5::column("/VTKHDF/Types", Element::u8, cells, mesh.cell_type));
  plan.datasets.push_back({"/VTKHDF/Offsets",
                           Element::i64,
                           {cells.total + 1},
                           {{cells.first + (comm.rank() == 0 ? 0 : 1), bytes_of(ends)}}});
  plan.datasets.push_back(h5::column("/VTKHDF/Connectivity", Element::i64, corners, mesh.cell_point));
  for (const VtkNumbers& numbers : mesh.numbers)
    plan.datasets.push_back(h5::column("/VTKHDF/PointData/" + numbers.name, Element::i64, points, numbers.values));
  std::deque<SlabField> vectors;
  for (const SlabField& given_field : fields) {
    const SlabField* field = &given_field;
    if (is_plane_vector(mesh, *field))
      field = &vectors.emplace_back(SlabField{field->name, 3, field->frames, padded(field->values, 2)});
    h5::Shape shape = {field->frames * points.total};
    if (field->channels > 1) shape.push_back(field->channels);
    plan.datasets.push_back(h5::frames("/VTKHDF/PointData/" + field->name, std::move(shape), *field, points));
  }
  if (n_frames > 1) plan_steps(plan, small, mesh.numbers, fields, times, n_frames, points.total);
  h5::write_file(comm, path, plan);
}

}  // namespace halograph
