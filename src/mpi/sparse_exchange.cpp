// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/mpi/sparse_exchange.hpp>

#include <algorithm>
#include <cstring>
#include <string>

#include "mpi/waiting.hpp"

namespace halograph {
namespace {

constexpr int tag = 2;  // communicator.cpp uses 1

bool receive_one(const Communicator& comm, const std::function<std::byte*(int, std::int64_t)>& room) {
  int found = 0, bytes = 0;
  MPI_Message message;
  MPI_Status status;
  check_mpi(MPI_Improbe(MPI_ANY_SOURCE, tag, comm.raw(), &found, &message, &status), "MPI_Improbe");
  if (!found) return false;
  check_mpi(MPI_Get_count(&status, MPI_BYTE, &bytes), "MPI_Get_count");
  check_mpi(MPI_Mrecv(room(status.MPI_SOURCE, bytes), bytes, MPI_BYTE, &message, MPI_STATUS_IGNORE), "MPI_Mrecv");
  return true;
}

}  // namespace

void sparse_exchange_bytes(const Communicator& comm,
                           const std::vector<std::pair<int, std::span<const std::byte>>>& outgoing,
                           const std::function<std::byte*(int source, std::int64_t bytes)>& room, std::int64_t item,
                           std::int64_t longest) {
  const auto outside = std::find_if(outgoing.begin(), outgoing.end(), [&comm](const auto& entry) {
    return entry.first < 0 || entry.first >= comm.size();
  });
  // Besides the check this keeps consecutive exchanges apart: a rank leaves the barrier below at its own
  // time and could otherwise send for the next exchange what another still takes for this one.
  agree<UsageError>(comm, outside == outgoing.end()
                              ? std::string()
                              : cat("sparse_exchange: rank ", outside->first, " is not in 0..", comm.size() - 1));
  const std::int64_t piece = std::max(longest / item, std::int64_t(1)) * item;
  std::vector<MPI_Request> sends;
  for (const auto& [rank, data] : outgoing) {
    const std::int64_t bytes = std::int64_t(data.size());
    if (rank == comm.rank()) {
      std::byte* here = room(rank, bytes);
      if (bytes > 0) std::memcpy(here, data.data(), data.size());
      continue;
    }
    std::int64_t done = 0;
    do {
      const int count = int(std::min(bytes - done, piece));
      MPI_Request& request = sends.emplace_back(MPI_REQUEST_NULL);
      check_mpi(MPI_Issend(data.data() + done, count, MPI_BYTE, rank, tag, comm.raw(), &request), "MPI_Issend");
      done += count;
    } while (done < bytes);
  }
  if (comm.size() == 1) return;

  const Waiting waiting(comm, "an exchange of messages at set-up");
  MPI_Request barrier = MPI_REQUEST_NULL;
  bool in_barrier = false;
  for (int everybody_done = 0; !everybody_done;) {
    while (receive_one(comm, room)) {
    }
    if (in_barrier) {
      check_mpi(MPI_Test(&barrier, &everybody_done, MPI_STATUS_IGNORE), "MPI_Test");
      continue;
    }
    int mine_done = 0;
    check_mpi(MPI_Testall(int(sends.size()), sends.data(), &mine_done, MPI_STATUSES_IGNORE), "MPI_Testall");
    if (mine_done) {
      check_mpi(MPI_Ibarrier(comm.raw(), &barrier), "MPI_Ibarrier");
      in_barrier = true;
    }
  }
}

}  // namespace halograph
