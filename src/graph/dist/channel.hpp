// SPDX-License-Identifier: BSD-3-Clause
// Message buffers with their persistent requests, for rows of one size in one direction of a plan. One message a
// neighbour; neighbours without rows get none. Messages leave from host memory and arrive there, except where MPI
// reaches the device's own.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include <halograph/core/tensor.hpp>
#include <halograph/graph/dist/index.hpp>
#include <halograph/mpi/communicator.hpp>
#include <kernels/kernels.hpp>

#include "core/staging.hpp"
#include "mpi/closing.hpp"

namespace halograph {

class Channel : private ClosedWithMpi {
 public:
  /// For tensors on `device`. Offsets in rows, per neighbour, as in ExchangePlan. Not collective.
  Channel(Communicator comm, Device device, bool adjoint, std::int64_t row_bytes, std::span<const int> neighbour,
          std::span<const std::int64_t> send_offset, std::span<const std::int64_t> receive_offset);
  ~Channel() override;

  bool adjoint() const { return adjoint_; }
  std::int64_t row_bytes() const { return row_bytes_; }
  bool under_way() const { return under_way_; }

  /// Sends the listed rows of `values`.
  void start(const Tensor& values, const Index& rows);
  /// Ends what start() began, where it has not ended: MPI_Finalize does so too.
  void wait();
  /// What arrived, for kernels of the device; `staged` keeps a copy alive where one is needed.
  kernels::In arrived(DType type, Tensor& staged);

  std::int64_t messages_sent() const { return messages_sent_; }
  std::int64_t bytes_sent() const { return rows_sent_ * row_bytes_; }

 private:
  void close() noexcept override;

  Communicator comm_;
  Device device_;
  bool adjoint_, under_way_ = false, closed_ = false;
  std::int64_t row_bytes_, rows_sent_, rows_received_, messages_sent_ = 0;
  bool direct_;                                  ///< MPI reads and writes the buffers on the device
  Buffer outgoing_, incoming_;                   ///< where kernels pack and unpack, on the device
  Staging outgoing_message_, incoming_message_;  ///< on their way, unless direct
  std::vector<MPI_Request> requests_;
  std::vector<int> peer_;  ///< of each request
};

}  // namespace halograph
