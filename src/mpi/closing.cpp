// SPDX-License-Identifier: BSD-3-Clause
#include "mpi/closing.hpp"

#include <mpi.h>

#include <algorithm>
#include <vector>

#include <halograph/mpi/communicator.hpp>

namespace halograph {
namespace {

/// Never destroyed: static objects leave it at the end of the process.
std::vector<ClosedWithMpi*>& alive() {
  static auto& it = *new std::vector<ClosedWithMpi*>;
  return it;
}

int close_all(MPI_Comm, int, void*, void*) {
  for (ClosedWithMpi* object : alive()) object->close();
  alive().clear();
  return MPI_SUCCESS;
}

/// MPI_Finalize begins by deleting the attributes of MPI_COMM_SELF.
void close_all_at_finalize() {
  static bool arranged = false;
  if (arranged) return;
  int key = MPI_KEYVAL_INVALID;
  check_mpi(MPI_Comm_create_keyval(MPI_COMM_NULL_COPY_FN, close_all, &key, nullptr), "MPI_Comm_create_keyval");
  check_mpi(MPI_Comm_set_attr(MPI_COMM_SELF, key, nullptr), "MPI_Comm_set_attr");
  check_mpi(MPI_Comm_free_keyval(&key), "MPI_Comm_free_keyval");
  arranged = true;
}

}  // namespace

ClosedWithMpi::ClosedWithMpi() {
  int finalized = 0;
  MPI_Finalized(&finalized);
  require(!finalized, "an exchange between ranks was asked for after MPI_Finalize");
  close_all_at_finalize();
  alive().push_back(this);
}

ClosedWithMpi::~ClosedWithMpi() { std::erase(alive(), this); }

}  // namespace halograph
