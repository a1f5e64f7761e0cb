// SPDX-License-Identifier: BSD-3-Clause
// The MPI type of one row of bytes. Messages counted in rows stay within MPI's int counts where
// their bytes do not.
#pragma once

#include <limits>

#include <halograph/mpi/communicator.hpp>

namespace halograph {

/// Lives as long as requests are made with it; MPI keeps what started requests need.
class RowType {
 public:
  explicit RowType(std::int64_t row_bytes) {
    require(row_bytes <= std::numeric_limits<int>::max(), "a row of ", row_bytes, " bytes is too long for a message");
    check_mpi(MPI_Type_contiguous(int(row_bytes), MPI_BYTE, &type_), "MPI_Type_contiguous");
    check_mpi(MPI_Type_commit(&type_), "MPI_Type_commit");
  }
  ~RowType() { MPI_Type_free(&type_); }
  RowType(const RowType&) = delete;
  RowType& operator=(const RowType&) = delete;

  MPI_Datatype raw() const { return type_; }

 private:
  MPI_Datatype type_ = MPI_DATATYPE_NULL;
};

}  // namespace halograph
