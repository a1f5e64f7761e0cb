// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/io/weights.hpp>

#include <filesystem>

#include "archive_bytes.hpp"
#include "io/file_kind.hpp"
#include "safetensors.hpp"
#include "tensor_datasets.hpp"

namespace halograph {
namespace {

constexpr const char* format = "halograph weights";
constexpr std::int64_t version = 1;

enum class Kind { hdf5, safetensors };

/// Of a file to write.
Kind kind_to_write(const std::string& path) {
  const std::string ending = std::filesystem::path(path).extension().string();
  if (ending == ".h5" || ending == ".hdf5") return Kind::hdf5;
  require<FileError>(ending == ".safetensors", path, ": weights end in .h5, .hdf5 or .safetensors, not in '", ending,
                     "'");
  return Kind::safetensors;
}

}  // namespace

void save_weights(const Communicator& comm, const std::string& path, std::span<const NamedTensor> tensors) {
  const std::vector<NamedTensor> list(tensors.begin(), tensors.end());
  Kind kind{};
  on_all_ranks<FileError>(comm, path, [&] { kind = kind_to_write(path); });
  on_root<FileError>(comm, path, [&] {
    check_names(path, list);
    if (kind == Kind::safetensors) write_safetensors(path, list);
  });
  if (kind == Kind::safetensors) return;
  std::deque<std::vector<char>> storage;
  h5::FilePlan plan;
  on_root<FileError>(comm, path, [&] {
    plan.attributes = {{"/", "format", format}, {"/", "version", version}};
    plan_tensors(plan, storage, "/weights", list);
  });
  h5::write_file(comm, path, plan);
}

std::vector<NamedTensor> load_weights(const Communicator& comm, const std::string& path) {
  Archive archive;
  on_root<FileError>(comm, path, [&] {
    const std::string head = io::head_of(path);
    if (!io::is_hdf5(head) && (io::is_safetensors(head) || kind_to_write(path) == Kind::safetensors)) {
      archive.tensors = read_safetensors(path);
    } else {
      const h5::InputFile file(path);
      file.require_format(format, version);
      archive.tensors = read_tensors(file, "/weights");
    }
    for (const NamedTensor& tensor : archive.tensors) require_finite(path, tensor);
  });
  broadcast(comm, archive);
  return std::move(archive.tensors);
}

}  // namespace halograph
