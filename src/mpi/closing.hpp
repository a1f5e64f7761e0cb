// SPDX-License-Identifier: BSD-3-Clause
// Objects that own requests of MPI may outlive MPI_Finalize: a solver's graph, or a result that nobody has read. They
// end what is under way and give their requests back when MPI_Finalize begins, while MPI still works.
#pragma once

namespace halograph {

/// Base of what owns requests.
class ClosedWithMpi {
 public:
  /// Throws UsageError after MPI_Finalize. Not collective.
  ClosedWithMpi();
  virtual ~ClosedWithMpi();
  ClosedWithMpi(const ClosedWithMpi&) = delete;
  ClosedWithMpi& operator=(const ClosedWithMpi&) = delete;

  /// Called once at the beginning of MPI_Finalize. Afterwards the object makes no calls of MPI.
  virtual void close() noexcept = 0;
};

}  // namespace halograph
