// SPDX-License-Identifier: BSD-3-Clause
// Exchanges halo rows of a graph, and sends their gradients back. A *ghost* is a copy of a node for one patch that
// needs it as a source and does not own it; its key is (patch, node). Forward, an owner sends each node once to
// every neighbour rank that has ghosts of it. The adjoint brings the value of every ghost back to the owner, which
// adds them in patch order: the same additions whoever owns the patches. There is one message per neighbour and
// direction over persistent requests; start() and finish() leave room for work in between.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include <halograph/core/tensor.hpp>
#include <halograph/graph/dist/index.hpp>
#include <halograph/mpi/communicator.hpp>

namespace halograph {

/// What a rank sends and receives, in rows. Built with the graph; plain data.
struct ExchangePlan {
  std::vector<int> neighbour;  ///< ranks to exchange with, ascending; the relation is symmetric

  // Forward: nodes -> ghosts.
  std::vector<std::int32_t> send_row;        ///< owned rows to send, neighbour after neighbour
  std::vector<std::int64_t> send_offset;     ///< [n_neighbours + 1] into send_row
  std::vector<std::int64_t> receive_offset;  ///< [n_neighbours + 1] received rows per neighbour
  std::vector<std::int32_t> ghost_source;    ///< [n_ghosts] < n_owned: own row; else n_owned + received row

  // Adjoint: ghosts -> nodes.
  std::vector<std::int32_t> return_row;             ///< ghosts to send back, neighbour after neighbour
  std::vector<std::int64_t> return_offset;          ///< [n_neighbours + 1] into return_row
  std::vector<std::int64_t> return_receive_offset;  ///< [n_neighbours + 1] rows that come back per neighbour
  std::vector<std::int32_t> add_row;                ///< owned rows that have ghosts somewhere, ascending
  std::vector<std::int32_t> add_offset;             ///< [add_row + 1] into add_source
  std::vector<std::int32_t> add_source;             ///< by patch: < n_ghosts: own ghost; else n_ghosts + received row

  std::int64_t n_owned = 0;
  std::int64_t n_ghosts() const { return std::int64_t(ghost_source.size()); }
};

/// Traffic of this rank since the last reset.
struct ExchangeTraffic {
  std::int64_t exchanges = 0, messages_sent = 0, bytes_sent = 0;
  double seconds_waiting = 0;
};

class Channel;

/// Runs exchanges over a plan. Buffers and persistent requests are made once per row size and
/// reused. Shared by the graph and the exchanges under way.
///
/// All exchanges share one tag. MPI matches messages between two ranks in the order in which they
/// were started, so it is enough that all ranks start the same exchanges in the same order, over
/// all graphs on one communicator; when each finishes, and which buffers it uses, may differ
/// between ranks.
class Exchange : public std::enable_shared_from_this<Exchange> {
 public:
  /// Tensors to exchange live on `device`; messages leave from pinned host memory, or from the device where MPI reaches
  /// it. Not collective.
  Exchange(Communicator comm, ExchangePlan plan, Device device = Device::preferred());
  ~Exchange();

  const ExchangePlan& plan() const { return plan_; }

  /// nodes [n_owned, c] -> ghosts [n_ghosts, c]. The result is pending until first read; ghosts that
  /// this rank owns itself are there at once, for readers of raw_data(). Collective in the sense that
  /// all ranks must start the same exchanges in the same order.
  Tensor start(const Tensor& nodes, const std::shared_ptr<const RowSpace>& ghosts);

  /// ghosts [n_ghosts, c] -> nodes [n_owned, c], the sum over the ghosts of each node in patch
  /// order, 0 where there are none. Pending until first read. As start().
  Tensor start_adjoint(const Tensor& ghosts, const std::shared_ptr<const RowSpace>& nodes);

  const ExchangeTraffic& traffic() const { return traffic_; }
  void reset_traffic() { traffic_ = {}; }

 private:
  class UnderWay;
  std::shared_ptr<Channel> send(bool adjoint, const Tensor& values, const Index& rows);
  void set_pending(const Tensor& result, std::shared_ptr<Channel> channel, std::function<void()> unpack);

  Communicator comm_;
  ExchangePlan plan_;
  Device device_;
  Index send_row_, ghost_source_, own_source_, return_row_, add_row_, add_offset_, add_source_;
  std::vector<std::shared_ptr<Channel>> channels_;
  ExchangeTraffic traffic_;
};

/// Whether exchanges may stay under way while other work runs (true at start). Without overlap
/// each one finishes at once; results are the same bits.
bool overlap_enabled();
void set_overlap(bool enabled);

}  // namespace halograph
