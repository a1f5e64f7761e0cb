// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/mpi/communicator.hpp>

#include <algorithm>
#include <limits>
#include <new>

#include "mpi/waiting.hpp"

namespace halograph {
namespace {

// MPI counts are int: longer transfers go in pieces of at most this many bytes or elements.
constexpr std::int64_t longest_transfer = std::int64_t(1) << 30;

bool mpi_is_up() {
  int initialized = 0, finalized = 0;
  MPI_Initialized(&initialized);
  MPI_Finalized(&finalized);
  return initialized && !finalized;
}

enum class Kind : std::int32_t { other, usage, file, mpi, device, not_implemented };

Kind kind_of(const std::exception& error) {
  if (dynamic_cast<const UsageError*>(&error)) return Kind::usage;
  if (dynamic_cast<const FileError*>(&error)) return Kind::file;
  if (dynamic_cast<const MpiError*>(&error)) return Kind::mpi;
  if (dynamic_cast<const DeviceError*>(&error)) return Kind::device;
  if (dynamic_cast<const NotImplemented*>(&error)) return Kind::not_implemented;
  return Kind::other;
}

[[noreturn]] void throw_kind(Kind kind, const std::string& text) {
  switch (kind) {
    case Kind::usage: throw UsageError(text);
    case Kind::file: throw FileError(text);
    case Kind::mpi: throw MpiError(text);
    case Kind::device: throw DeviceError(text);
    case Kind::not_implemented: throw NotImplemented(text);
    case Kind::other: break;
  }
  throw Error(text);
}

}  // namespace

void check_mpi(int code, const char* call) {
  if (code == MPI_SUCCESS) return;
  char text[MPI_MAX_ERROR_STRING];
  int length = 0;
  MPI_Error_string(code, text, &length);
  throw MpiError(cat(call, " failed: ", std::string(text, std::size_t(length))));
}

struct Communicator::Owner {
  explicit Owner(MPI_Comm raw) : comm(raw) {}
  Owner(const Owner&) = delete;
  Owner& operator=(const Owner&) = delete;
  ~Owner() {
    if (comm != MPI_COMM_NULL && mpi_is_up()) MPI_Comm_free(&comm);
  }
  MPI_Comm comm;
};

Communicator::Communicator() {
  if (mpi_is_up()) *this = Communicator(MPI_COMM_SELF);
}

Communicator::Communicator(MPI_Comm comm) {
  require(mpi_is_up(), "Communicator: MPI is not initialized");
  check_mpi(MPI_Comm_rank(comm, &rank_), "MPI_Comm_rank");
  check_mpi(MPI_Comm_size(comm, &size_), "MPI_Comm_size");
  MPI_Comm copy = MPI_COMM_NULL;
  {
    const Waiting waiting(*this, "MPI_Comm_dup");
    check_mpi(MPI_Comm_dup(comm, &copy), "MPI_Comm_dup");
  }
  owner_ = std::make_shared<const Owner>(copy);
  check_mpi(MPI_Comm_set_errhandler(copy, MPI_ERRORS_RETURN), "MPI_Comm_set_errhandler");
}

MPI_Comm Communicator::raw() const { return owner_ ? owner_->comm : MPI_COMM_NULL; }

Communicator Communicator::split(int colour, int key) const {
  if (!owner_) return {};
  MPI_Comm part = MPI_COMM_NULL;
  {
    const Waiting waiting(*this, "MPI_Comm_split");
    check_mpi(MPI_Comm_split(raw(), colour < 0 ? MPI_UNDEFINED : colour, key, &part), "MPI_Comm_split");
  }
  if (part == MPI_COMM_NULL) return {};
  Communicator result(part);
  MPI_Comm_free(&part);
  return result;
}

void Communicator::barrier() const {
  if (size_ == 1) return;
  const Waiting waiting(*this, "MPI_Barrier");
  check_mpi(MPI_Barrier(raw()), "MPI_Barrier");
}

void Communicator::reduce(const void* in, void* out, std::int64_t count, std::int64_t width, MPI_Datatype type,
                          MPI_Op op) const {
  if (size_ == 1) {
    const char* from = static_cast<const char*>(in);
    std::copy(from, from + count * width, static_cast<char*>(out));
    return;
  }
  const Waiting waiting(*this, "a sum or an agreement of all ranks (MPI_Allreduce)");
  for (std::int64_t done = 0; done < count; done += longest_transfer) {
    const int part = int(std::min(count - done, longest_transfer));
    check_mpi(MPI_Allreduce(static_cast<const char*>(in) + done * width, static_cast<char*>(out) + done * width, part,
                            type, op, raw()),
              "MPI_Allreduce");
  }
}

std::int64_t Communicator::exclusive_sum(std::int64_t value) const {
  std::int64_t before = 0;
  if (size_ == 1) return before;
  const Waiting waiting(*this, "a sum over the lower ranks (MPI_Exscan)");
  check_mpi(MPI_Exscan(&value, &before, 1, MPI_INT64_T, MPI_SUM, raw()), "MPI_Exscan");
  return rank_ == 0 ? 0 : before;
}

std::vector<char> Communicator::gather_bytes(std::span<const char> mine, int root) const {
  if (size_ == 1) return {mine.begin(), mine.end()};
  const std::int64_t bytes = std::int64_t(mine.size());
  const Waiting waiting(*this, "a gathering of data", rank_ == root ? Waiting::everyone : root);
  std::vector<std::int64_t> sizes(rank_ == root ? std::size_t(size_) : 0);
  check_mpi(MPI_Gather(&bytes, 1, MPI_INT64_T, sizes.data(), 1, MPI_INT64_T, root, raw()), "MPI_Gather");
  constexpr int tag = 1;
  if (rank_ != root) {
    for (std::int64_t done = 0; done < bytes; done += longest_transfer)
      check_mpi(MPI_Send(mine.data() + done, int(std::min(bytes - done, longest_transfer)), MPI_BYTE, root, tag, raw()),
                "MPI_Send");
    return {};
  }
  std::int64_t total = 0;
  for (std::int64_t size : sizes) total += size;
  std::vector<char> all(static_cast<std::size_t>(total));
  std::int64_t at = 0;
  for (int from = 0; from < size_; ++from) {
    if (from == root) {
      std::copy(mine.begin(), mine.end(), all.begin() + at);
    } else {
      for (std::int64_t done = 0; done < sizes[std::size_t(from)]; done += longest_transfer)
        check_mpi(MPI_Recv(all.data() + at + done, int(std::min(sizes[std::size_t(from)] - done, longest_transfer)),
                           MPI_BYTE, from, tag, raw(), MPI_STATUS_IGNORE),
                  "MPI_Recv");
    }
    at += sizes[std::size_t(from)];
  }
  return all;
}

void Communicator::broadcast_bytes(void* data, std::int64_t bytes, int root) const {
  if (size_ == 1) return;
  const Waiting waiting(*this, "a broadcast (MPI_Bcast)", rank_ == root ? Waiting::everyone : root);
  for (std::int64_t done = 0; done < bytes; done += longest_transfer)
    check_mpi(MPI_Bcast(static_cast<char*>(data) + done, int(std::min(bytes - done, longest_transfer)), MPI_BYTE, root,
                        raw()),
              "MPI_Bcast");
}

void Communicator::broadcast(std::string& text, int root) const {
  std::vector<char> bytes(text.begin(), text.end());
  broadcast(bytes, root);
  text.assign(bytes.begin(), bytes.end());
}

void detail::rethrow_together(const Communicator& comm, const std::string& source, const std::exception* error) {
  const int first = comm.min(error ? comm.rank() : comm.size());
  if (first == comm.size()) return;
  std::string text = error ? error->what() : "";
  const std::string prefix = source.empty() ? "" : source + ": ";
  if (dynamic_cast<const std::bad_alloc*>(error)) text = prefix + "not enough memory";
  else if (text.empty()) text = prefix + "unknown error";
  std::vector<Kind> kind{error ? kind_of(*error) : Kind::other};
  comm.broadcast(text, first);
  comm.broadcast(kind, first);
  throw_kind(kind.front(), text);
}

}  // namespace halograph
