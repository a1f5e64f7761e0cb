// SPDX-License-Identifier: BSD-3-Clause
#include "graph/dist/channel.hpp"

#include <utility>

#include "core/views.hpp"
#include "mpi/device_aware.hpp"
#include "mpi/row_type.hpp"
#include "mpi/waiting.hpp"

namespace halograph {
namespace {

constexpr int channel_tag = 7002;
constexpr const char* what = "a halo exchange";

kernels::Out matrix(const Buffer& buffer, std::int64_t rows, DType type, std::int64_t row_bytes) {
  const std::int64_t cols = row_bytes / std::int64_t(size_of(type));
  return {buffer.data(), type, rows, cols, cols};
}

}  // namespace

Channel::Channel(Communicator comm, Device device, bool adjoint, std::int64_t row_bytes, std::span<const int> neighbour,
                 std::span<const std::int64_t> send_offset, std::span<const std::int64_t> receive_offset)
    : comm_(std::move(comm)),
      device_(device),
      adjoint_(adjoint),
      row_bytes_(row_bytes),
      rows_sent_(send_offset.back()),
      rows_received_(receive_offset.back()),
      direct_(mpi_reaches(device)),
      outgoing_(rows_sent_ * row_bytes, device),
      incoming_(direct_ ? rows_received_ * row_bytes : 0, device),
      outgoing_message_(direct_ ? 0 : rows_sent_ * row_bytes, device),
      incoming_message_(direct_ ? 0 : rows_received_ * row_bytes, device) {
  const RowType row(row_bytes);
  const auto count = [](std::span<const std::int64_t> offset, std::size_t k) { return int(offset[k + 1] - offset[k]); };
  const auto address = [this](const Buffer& buffer, const Staging& message, std::int64_t first_row) {
    return static_cast<char*>(direct_ ? buffer.data() : message.data()) + first_row * row_bytes_;
  };
  for (std::size_t k = 0; k < neighbour.size(); ++k)
    if (const int rows = count(receive_offset, k); rows > 0) {
      check_mpi(MPI_Recv_init(address(incoming_, incoming_message_, receive_offset[k]), rows, row.raw(), neighbour[k],
                              channel_tag, comm_.raw(), &requests_.emplace_back(MPI_REQUEST_NULL)),
                "MPI_Recv_init");
      peer_.push_back(neighbour[k]);
    }
  for (std::size_t k = 0; k < neighbour.size(); ++k)
    if (const int rows = count(send_offset, k); rows > 0) {
      check_mpi(MPI_Send_init(address(outgoing_, outgoing_message_, send_offset[k]), rows, row.raw(), neighbour[k],
                              channel_tag, comm_.raw(), &requests_.emplace_back(MPI_REQUEST_NULL)),
                "MPI_Send_init");
      peer_.push_back(neighbour[k]);
      ++messages_sent_;
    }
}

Channel::~Channel() {
  for (MPI_Request& request : requests_) MPI_Request_free(&request);
}

void Channel::close() noexcept {
  try {
    wait();
  } catch (const Error&) {
    // Nobody has asked for the values.
  }
  for (MPI_Request& request : requests_) MPI_Request_free(&request);
  requests_.clear();
  closed_ = true;
}

void Channel::start(const Tensor& values, const Index& rows) {
  require(!closed_, what, " was asked for after MPI_Finalize");
  const kernels::Out packed = matrix(outgoing_, rows_sent_, values.dtype(), row_bytes_);
  kernels::table(device_).gather_rows(in(values), {}, rows.data(), packed);
  if (direct_) {
    synchronize(device_);
  } else {
    outgoing_message_.download(packed.data, rows_sent_ * row_bytes_);
    outgoing_message_.finish();
    incoming_message_.finish();  // what arrived the last time may still be on its way to the device
  }
  under_way_ = true;
  if (!requests_.empty()) check_mpi(MPI_Startall(int(requests_.size()), requests_.data()), "MPI_Startall");
}

void Channel::wait() {
  if (!std::exchange(under_way_, false)) return;
  // One after the other, so that it is known for whom this rank waits.
  for (std::size_t k = 0; k < requests_.size(); ++k) {
    const Waiting waiting(comm_, what, peer_[k]);
    check_mpi(MPI_Wait(&requests_[k], MPI_STATUS_IGNORE), "MPI_Wait");
  }
}

kernels::In Channel::arrived(DType type, Tensor& staged) {
  if (direct_) return matrix(incoming_, rows_received_, type, row_bytes_);
  // A tensor of its own: the channel may receive again before kernels have read this.
  staged = Tensor::empty(rows_received_, row_bytes_ / std::int64_t(size_of(type)), type, nullptr, device_);
  incoming_message_.upload(staged.raw_data(), rows_received_ * row_bytes_);
  return in(staged);
}

}  // namespace halograph
