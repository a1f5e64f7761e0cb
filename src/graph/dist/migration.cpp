// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/graph/dist/migration.hpp>

#include <algorithm>
#include <cstring>

#include "mpi/row_type.hpp"
#include "mpi/waiting.hpp"

namespace halograph {
namespace {

constexpr int migration_tag = 7003;

std::int64_t rows_of(const Routes& routes, int without) {
  std::int64_t rows = 0;
  for (const auto& [rank, list] : routes)
    if (rank != without) rows += std::int64_t(list.size());
  return rows;
}

}  // namespace

Migration::Migration(Communicator comm, Routes send, Routes receive, std::int64_t slab_rows, std::int64_t local_rows)
    : comm_(std::move(comm)),
      send_(std::move(send)),
      receive_(std::move(receive)),
      slab_rows_(slab_rows),
      local_rows_(local_rows) {}

void Migration::check(std::int64_t size, std::int64_t rows, std::int64_t cols) const {
  require_all<UsageError>(comm_, cols >= 0 && size == rows * cols, "Migration: ", size, " values for ", rows,
                          " rows of ", cols, " columns");
}

void Migration::move(const Routes& from, const Routes& to, const void* values, void* result,
                     std::int64_t row_bytes) const {
  if (row_bytes == 0) return;
  const std::size_t width = std::size_t(row_bytes);
  const char* source = static_cast<const char*>(values);
  char* target = static_cast<char*>(result);
  const int here = comm_.rank();
  std::vector<char> outgoing(std::size_t(rows_of(from, here)) * width),
      incoming(std::size_t(rows_of(to, here)) * width);
  std::vector<MPI_Request> requests;
  if (!outgoing.empty() || !incoming.empty()) {
    const RowType row(row_bytes);
    char* at = incoming.data();
    for (const auto& [rank, rows] : to) {
      if (rank == here || rows.empty()) continue;
      check_mpi(MPI_Irecv(at, int(rows.size()), row.raw(), rank, migration_tag, comm_.raw(),
                          &requests.emplace_back(MPI_REQUEST_NULL)),
                "MPI_Irecv");
      at += rows.size() * width;
    }
    at = outgoing.data();
    for (const auto& [rank, rows] : from) {
      if (rank == here || rows.empty()) continue;
      char* first = at;
      for (const std::int32_t r : rows) at = std::copy_n(source + std::size_t(r) * width, width, at);
      check_mpi(MPI_Isend(first, int(rows.size()), row.raw(), rank, migration_tag, comm_.raw(),
                          &requests.emplace_back(MPI_REQUEST_NULL)),
                "MPI_Isend");
    }
  }
  const auto is_here = [here](const auto& route) { return route.first == here; };
  const auto own_from = std::find_if(from.begin(), from.end(), is_here);
  const auto own_to = std::find_if(to.begin(), to.end(), is_here);
  if (own_from != from.end() && own_to != to.end())
    for (std::size_t i = 0; i < own_from->second.size(); ++i)
      std::memcpy(target + std::size_t(own_to->second[i]) * width, source + std::size_t(own_from->second[i]) * width,
                  width);
  if (!requests.empty()) {
    const Waiting waiting(comm_, "a move of rows between ranks");
    check_mpi(MPI_Waitall(int(requests.size()), requests.data(), MPI_STATUSES_IGNORE), "MPI_Waitall");
  }
  const char* at = incoming.data();
  for (const auto& [rank, rows] : to) {
    if (rank == here) continue;
    for (const std::int32_t r : rows) {
      std::memcpy(target + std::size_t(r) * width, at, width);
      at += width;
    }
  }
}

}  // namespace halograph
