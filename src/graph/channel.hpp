// SPDX-License-Identifier: BSD-3-Clause
// Message buffers in host memory with their persistent requests, for rows of one size in one
// direction of a plan. One message a neighbour; neighbours without rows get none.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include <halograph/core/dtype.hpp>
#include <halograph/core/device.hpp>
#include <halograph/mpi/communicator.hpp>
#include <kernels/kernels.hpp>

namespace halograph {

class Channel {
 public:
  /// Offsets in rows, per neighbour, as in ExchangePlan. Not collective.
  Channel(Communicator comm, bool adjoint, std::int64_t row_bytes, std::span<const int> neighbour,
          std::span<const std::int64_t> send_offset, std::span<const std::int64_t> receive_offset);
  ~Channel();
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;

  bool adjoint() const { return adjoint_; }
  std::int64_t row_bytes() const { return row_bytes_; }
  bool under_way() const { return under_way_; }

  void start();
  /// Ends what start() began.
  void wait();

  /// The buffers as matrices of `type`.
  kernels::Out outgoing(DType type) const;
  kernels::In incoming(DType type) const;

  std::int64_t messages_sent() const { return messages_sent_; }
  std::int64_t bytes_sent() const { return rows_sent_ * row_bytes_; }

 private:
  Communicator comm_;
  bool adjoint_, under_way_ = false;
  std::int64_t row_bytes_, rows_sent_, rows_received_, messages_sent_ = 0;
  Buffer outgoing_, incoming_;
  std::vector<MPI_Request> requests_;
};

}  // namespace halograph
