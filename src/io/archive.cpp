// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/core/digest.hpp>
#include <halograph/io/archive.hpp>

#include "archive_bytes.hpp"
#include "tensor_datasets.hpp"

namespace halograph {
namespace {

constexpr const char* format = "halograph archive";
constexpr std::int64_t version = 1;

std::string checksum(const Archive& archive, const std::string& kind) {
  const std::vector<char> content = pack(archive);
  return Digest().update(kind).update(std::as_bytes(std::span(content))).hex();
}

h5::FilePlan plan_of(const Archive& archive, const std::string& kind, std::deque<std::vector<char>>& storage) {
  h5::FilePlan plan;
  plan_tensors(plan, storage, "/tensors", archive.tensors);
  plan.groups.insert(plan.groups.end(), {"/integers", "/reals", "/texts"});
  plan.attributes = {{"/", "format", format},
                     {"/", "version", version},
                     {"/", "kind", kind},
                     {"/", "sha256", checksum(archive, kind)}};
  for (const auto& [name, value] : archive.integers) plan.attributes.push_back({"/integers", name, value});
  for (const auto& [name, value] : archive.reals) plan.attributes.push_back({"/reals", name, value});
  for (const auto& [name, text] : archive.texts) {
    storage.emplace_back(text.begin(), text.end());
    plan.datasets.push_back(
        {"/texts/" + name, h5::Element::u8, {std::int64_t(text.size())}, {{0, h5::bytes_of(storage.back())}}});
  }
  return plan;
}

Archive read(const std::string& path, const std::string& kind) {
  const h5::InputFile file(path);
  file.require_format(format, version);
  const std::string found = file.text("/", "kind");
  require<FileError>(found == kind, path, ": is a '", found, "' archive; a '", kind, "' is needed");
  Archive archive;
  archive.tensors = read_tensors(file, "/tensors");
  for (const std::string& name : file.attributes("/integers")) archive.integers[name] = file.integer("/integers", name);
  for (const std::string& name : file.attributes("/reals")) archive.reals[name] = file.reals("/reals", name, 1)[0];
  for (const std::string& name : file.children("/texts")) {
    const h5::InputDataset dataset(file, "/texts/" + name, h5::Numbers::integers);
    const std::vector<std::uint8_t> text = dataset.require_shape({-1}).read<std::uint8_t>();
    archive.texts[name] = std::string(text.begin(), text.end());
  }
  const std::string wanted = file.text("/", "sha256"), have = checksum(archive, kind);
  require<FileError>(have == wanted, path, ": the content is damaged: its checksum is ", have,
                     ", attribute 'sha256' is ", wanted);
  return archive;
}

void write(const Communicator& comm, const std::string& path, const Archive& archive, const std::string& kind,
           h5::Outcome outcome) {
  std::deque<std::vector<char>> storage;
  h5::FilePlan plan;
  on_root<FileError>(comm, path, [&] {
    check_names(path, archive.tensors);
    plan = plan_of(archive, kind, storage);
  });
  h5::write_file(comm, path, plan, outcome);
}

}  // namespace

void write_archive(const Communicator& comm, const std::string& path, const Archive& archive, const std::string& kind) {
  write(comm, path, archive, kind, h5::Outcome::replace);
}

void rehearse_archive(const Communicator& comm, const std::string& path, const Archive& archive,
                      const std::string& kind) {
  write(comm, path, archive, kind, h5::Outcome::discard);
}

Archive read_archive(const Communicator& comm, const std::string& path, const std::string& kind) {
  Archive archive;
  on_root<FileError>(comm, path, [&] { archive = read(path, kind); });
  broadcast(comm, archive);
  return archive;
}

}  // namespace halograph
