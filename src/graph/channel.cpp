// SPDX-License-Identifier: BSD-3-Clause
#include "graph/channel.hpp"

#include "mpi/row_type.hpp"

namespace halograph {
namespace {

constexpr int tag = 7002;

kernels::Out matrix(const Buffer& buffer, std::int64_t rows, DType type, std::int64_t row_bytes) {
  const std::int64_t cols = row_bytes / std::int64_t(size_of(type));
  return {buffer.data(), type, rows, cols, cols};
}

}  // namespace

Channel::Channel(Communicator comm, bool adjoint, std::int64_t row_bytes, std::span<const int> neighbour,
                 std::span<const std::int64_t> send_offset, std::span<const std::int64_t> receive_offset)
    : comm_(std::move(comm)),
      adjoint_(adjoint),
      row_bytes_(row_bytes),
      rows_sent_(send_offset.back()),
      rows_received_(receive_offset.back()),
      outgoing_(send_offset.back() * row_bytes, Device::host()),
      incoming_(receive_offset.back() * row_bytes, Device::host()) {
  const RowType row(row_bytes);
  const auto count = [](std::span<const std::int64_t> offset, std::size_t k) { return int(offset[k + 1] - offset[k]); };
  const auto address = [row_bytes](const Buffer& buffer, std::int64_t r) {
    return static_cast<char*>(buffer.data()) + r * row_bytes;
  };
  for (std::size_t k = 0; k < neighbour.size(); ++k)
    if (const int rows = count(receive_offset, k); rows > 0)
      check_mpi(MPI_Recv_init(address(incoming_, receive_offset[k]), rows, row.raw(), neighbour[k], tag, comm_.raw(),
                              &requests_.emplace_back(MPI_REQUEST_NULL)),
                "MPI_Recv_init");
  for (std::size_t k = 0; k < neighbour.size(); ++k)
    if (const int rows = count(send_offset, k); rows > 0) {
      check_mpi(MPI_Send_init(address(outgoing_, send_offset[k]), rows, row.raw(), neighbour[k], tag, comm_.raw(),
                              &requests_.emplace_back(MPI_REQUEST_NULL)),
                "MPI_Send_init");
      ++messages_sent_;
    }
}

Channel::~Channel() {
  int finalized = 0;
  MPI_Finalized(&finalized);
  if (finalized) return;
  for (MPI_Request& request : requests_) MPI_Request_free(&request);
}

void Channel::start() {
  under_way_ = true;
  if (!requests_.empty()) check_mpi(MPI_Startall(int(requests_.size()), requests_.data()), "MPI_Startall");
}

void Channel::wait() {
  under_way_ = false;
  if (!requests_.empty())
    check_mpi(MPI_Waitall(int(requests_.size()), requests_.data(), MPI_STATUSES_IGNORE), "MPI_Waitall");
}

kernels::Out Channel::outgoing(DType type) const { return matrix(outgoing_, rows_sent_, type, row_bytes_); }
kernels::In Channel::incoming(DType type) const { return matrix(incoming_, rows_received_, type, row_bytes_); }

}  // namespace halograph
