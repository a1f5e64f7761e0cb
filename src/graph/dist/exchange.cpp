// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/graph/dist/exchange.hpp>

#include <algorithm>
#include <utility>

#include <halograph/core/error.hpp>

#include "core/recycled.hpp"
#include "core/views.hpp"
#include "graph/dist/channel.hpp"

namespace halograph {
namespace {

bool overlap = true;

}  // namespace

bool overlap_enabled() { return overlap; }
void set_overlap(bool enabled) { overlap = enabled; }

/// An exchange between start and first read. It keeps the tensors that its end needs, and ends the
/// messages even if nobody reads the result: others wait for them, and MPI writes into the buffers.
class Exchange::UnderWay : public Pending {
 public:
  UnderWay(std::shared_ptr<Exchange> exchange, std::shared_ptr<Channel> channel, std::function<void()> unpack)
      : exchange_(std::move(exchange)), channel_(std::move(channel)), unpack_(std::move(unpack)) {}
  ~UnderWay() override {
    try {
      wait();
    } catch (const Error&) {
      // Nobody asked for the values.
    }
  }
  Kind kind() const override { return Kind::exchange; }
  void finish() override {
    wait();
    if (const auto unpack = std::exchange(unpack_, nullptr)) unpack();
  }

 private:
  void wait() {
    // Afterwards the channel may serve another exchange: this one must not wait for it again.
    const auto channel = std::exchange(channel_, nullptr);
    if (!channel || !channel->under_way()) return;
    const double begin = MPI_Wtime();
    channel->wait();
    exchange_->traffic_.seconds_waiting += MPI_Wtime() - begin;
  }

  std::shared_ptr<Exchange> exchange_;
  std::shared_ptr<Channel> channel_;
  std::function<void()> unpack_;
};

Exchange::Exchange(Communicator comm, ExchangePlan plan, Device device)
    : comm_(std::move(comm)),
      plan_(std::move(plan)),
      device_(device),
      send_row_(plan_.send_row, device),
      ghost_source_(plan_.ghost_source, device),
      return_row_(plan_.return_row, device),
      add_row_(plan_.add_row, device),
      add_offset_(plan_.add_offset, device),
      add_source_(plan_.add_source, device) {
  // What start() can fill before messages arrive; the others get a row that is at hand.
  std::vector<std::int32_t> own = plan_.ghost_source;
  for (std::int32_t& source : own)
    if (source >= plan_.n_owned) source = 0;
  if (!plan_.neighbour.empty()) own_source_ = Index(own, device);
}

Exchange::~Exchange() = default;

/// Packs `rows` of `values` and starts the messages.
std::shared_ptr<Channel> Exchange::send(bool adjoint, const Tensor& values, const Index& rows) {
  const std::int64_t row_bytes = values.cols() * std::int64_t(size_of(values.dtype()));
  auto found = std::find_if(channels_.begin(), channels_.end(), [&](const auto& channel) {
    return channel->adjoint() == adjoint && channel->row_bytes() == row_bytes && !channel->under_way();
  });
  if (found == channels_.end()) {
    const auto& send_offset = adjoint ? plan_.return_offset : plan_.send_offset;
    const auto& receive_offset = adjoint ? plan_.return_receive_offset : plan_.receive_offset;
    found = channels_.insert(found, std::make_shared<Channel>(comm_, device_, adjoint, row_bytes, plan_.neighbour,
                                                              send_offset, receive_offset));
  }
  const auto channel = *found;
  channel->start(values, rows);
  traffic_.messages_sent += channel->messages_sent();
  traffic_.bytes_sent += channel->bytes_sent();
  return channel;
}

/// The result is pending on every rank, with or without neighbours or overlap: a backward pass orders
/// its work by what is pending, and that order must be the same on all ranks and for any number of them.
void Exchange::set_pending(const Tensor& result, std::shared_ptr<Channel> channel, std::function<void()> unpack) {
  auto pending = make_recycled<UnderWay>(shared_from_this(), std::move(channel), std::move(unpack));
  if (!overlap) pending->finish();
  result.handle()->pending = std::move(pending);
}

Tensor Exchange::start(const Tensor& nodes, const std::shared_ptr<const RowSpace>& ghosts) {
  require(nodes.rows() == plan_.n_owned && nodes.device() == device_, "Exchange: ", nodes, " on ",
          nodes.device().name(), " where ", plan_.n_owned, " rows on ", device_.name(), " are expected");
  const Tensor result = Tensor::empty(plan_.n_ghosts(), nodes.cols(), nodes.dtype(), ghosts, device_);
  ++traffic_.exchanges;
  if (plan_.neighbour.empty() || nodes.cols() == 0) {
    kernels::table(device_).gather_rows(in(nodes), {}, ghost_source_.data(), out(result));
    set_pending(result, nullptr, nullptr);
    return result;
  }
  auto channel = send(false, nodes, send_row_);
  if (overlap && plan_.n_owned > 0) kernels::table(device_).gather_rows(in(nodes), {}, own_source_.data(), out(result));
  // The result owns its pending work, so the work refers to the result's memory, not to the result.
  auto unpack = [this, channel, nodes, target = out(result), memory = result.handle()->buffer] {
    Tensor staged;
    const kernels::In received = channel->arrived(nodes.dtype(), staged);
    kernels::table(device_).gather_rows(in(nodes), received, ghost_source_.data(), target);
  };
  set_pending(result, std::move(channel), std::move(unpack));
  return result;
}

Tensor Exchange::start_adjoint(const Tensor& ghosts, const std::shared_ptr<const RowSpace>& nodes) {
  require(ghosts.rows() == plan_.n_ghosts() && ghosts.device() == device_, "Exchange: ", ghosts, " on ",
          ghosts.device().name(), " where ", plan_.n_ghosts(), " rows on ", device_.name(), " are expected");
  const Tensor result = Tensor::zeros(plan_.n_owned, ghosts.cols(), ghosts.dtype(), nodes, device_);
  ++traffic_.exchanges;
  const std::int64_t rows = add_row_.size();
  if (plan_.neighbour.empty() || ghosts.cols() == 0) {
    kernels::table(device_).segment_add(in(ghosts), add_offset_.data(), add_source_.data(), add_row_.data(), rows,
                                        out(result));
    set_pending(result, nullptr, nullptr);
    return result;
  }
  auto channel = send(true, ghosts, return_row_);
  auto unpack = [this, channel, ghosts, rows, target = out(result), memory = result.handle()->buffer] {
    Tensor staged;
    const kernels::In received = channel->arrived(ghosts.dtype(), staged);
    const Tensor ordered = Tensor::empty(add_source_.size(), ghosts.cols(), ghosts.dtype(), nullptr, device_);
    kernels::table(device_).gather_rows(in(ghosts), received, add_source_.data(), out(ordered));
    kernels::table(device_).segment_add(in(ordered), add_offset_.data(), nullptr, add_row_.data(), rows, target);
  };
  set_pending(result, std::move(channel), std::move(unpack));
  return result;
}

}  // namespace halograph
