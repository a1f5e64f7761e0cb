// SPDX-License-Identifier: BSD-3-Clause
// Checkpoints, models and weights.
#include <limits>

#include <halograph/core/error.hpp>

#include "tests/io/damage.hpp"
#include "tests/io/mesh_files.hpp"
#include "tests/tool/corpus/corpus.hpp"

namespace halograph::test {
namespace {

const std::string restart = train + " --set steps=9 --set restart=";
const std::string weights = train + " --set initial_weights=@";
const std::string predict = "predict --model @ --graph graph.h5 --output fields.vtkhdf";

/// safetensors: the header's length in 8 bytes, the header, the values.
std::string safetensors(const std::string& header, const std::string& values) {
  const std::uint64_t length = header.size();
  return std::string(reinterpret_cast<const char*>(&length), sizeof length) + header + values;
}

std::string with_length(std::string content, std::uint64_t length) {
  return content.replace(0, sizeof length, reinterpret_cast<const char*>(&length), sizeof length);
}

std::string tensor_a(const std::string& shape, const std::string& offsets) {
  return "{\"a\":{\"dtype\":\"F32\",\"shape\":" + shape + ",\"data_offsets\":" + offsets + "}}";
}

/// The name of the first tensor of a good file.
std::string first_tensor() {
  const std::string text = content_of("weights.safetensors");
  const std::size_t start = text.find("{\"") + 2;
  return text.substr(start, text.find('"', start) - start);
}

void add_checkpoints(Corpus& corpus) {
  const std::string good = "checkpoint.h5", whole = content_of(good);
  corpus.command("restart_missing", "broken/none.h5", "cannot be opened", restart + "@");
  corpus.command("restart_model", "model.h5", "a 'checkpoint' is needed", "train config.json --set restart=@");
  corpus.command("restart_graph", "graph.h5", "file is needed", restart + "@");
  corpus.command("restart_hidden", good, "model.hidden is 5 here, but 4 in the checkpoint",
                 restart + "@ --set model.hidden=5");
  corpus.command("restart_dtype", good, "dtype is \"f64\" here", restart + "@ --set dtype=f64");
  corpus.command("restart_seed", good, "seed is 7 here, but 1 in the checkpoint", restart + "@ --set seed=7");
  corpus.command("restart_other_graph", good, "graph is ", restart + "@ --set partition.patches=3");
  corpus.command("restart_past_end", good, "has done 4 steps, but steps is 2", restart + "@ --set steps=2");
  for (const std::size_t percent : {5, 50, 95})
    corpus.file("checkpoint_cut_" + std::to_string(percent) + ".h5", whole.substr(0, whole.size() * percent / 100),
                "is not a readable HDF5 file", restart + "@");
  const std::string tensor = "/tensors/" + first_tensor();
  corpus.damaged(
      "checkpoint_flipped.h5", good, [&](hid_t f) { poke(f, tensor.c_str(), 0, 0.123); },
      "the content is damaged: its checksum is", restart + "@");
  corpus.damaged(
      "checkpoint_lacks_a_tensor.h5", good, [&](hid_t f) { remove_link(f, tensor.c_str()); }, "the content is damaged",
      restart + "@");
  corpus.damaged(
      "checkpoint_huge_tensor.h5", good,
      [&](hid_t f) {
        replace(f, tensor.c_str(), H5T_NATIVE_FLOAT, {hsize_t(1) << 40, 4});
      },
      "but the file holds 0 bytes of it", restart + "@");
}

void add_models(Corpus& corpus) {
  const std::string good = "model.h5", whole = content_of(good);
  corpus.command("model_is_a_checkpoint", "checkpoint.h5", "a 'model' is needed", predict);
  corpus.command("model_missing", "broken/none.h5", "cannot be opened", predict);
  corpus.file("model_cut.h5", whole.substr(0, whole.size() / 2), "is not a readable HDF5 file", predict);
  corpus.damaged(
      "model_without_config.h5", good, [](hid_t f) { remove_link(f, "/texts/config"); }, "damaged", predict);
  corpus.damaged(
      "model_kind.h5", good, [](hid_t f) { H5Adelete(f, "kind"); }, "attribute 'kind'", predict);
}

void add_weights(Corpus& corpus) {
  const std::string good = content_of("weights.safetensors"), values(16, '\0'), name = first_tensor(),
                    quoted = cat('"', name, '"');
  const auto add = [&](const std::string& id, const std::string& content, const std::string& words) {
    corpus.file(id + ".safetensors", content, words, weights);
  };
  add("no_header", "abc", "has no header");
  add("pointer", "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n", "run git lfs pull");
  add("zip", "PK\x03\x04 and so on", "compressed (zip, as .pt and .npz files are)");
  add("header_bomb", with_length(good, std::uint64_t(1) << 60), "its header is to be");
  add("header_no_json", safetensors("{\"a\":", values), "the header is not a JSON object");
  add("header_deep", safetensors(std::string(100000, '['), values), "the header is not a JSON object");
  add("absurd_shape", safetensors(tensor_a("[4611686018427387904,4]", "[0,16]"), values), "absurd shape");
  add("negative_shape", safetensors(tensor_a("[-2,2]", "[0,16]"), values), "-2 is not a size");
  add("offsets_outside", safetensors(tensor_a("[2,2]", "[16,32]"), values), "lies at [16, 32)");
  add("offsets_short", safetensors(tensor_a("[2,2]", "[0,12]"), values), "takes 16 bytes");
  add("strange_dtype", replaced(good, "\"F32\"", "\"C64\""), "has dtype C64");
  add("strange_name", safetensors(tensor_a("[2,2]", "[0,16]"), values), "holds 'a', which the network does not have");
  add("renamed", replaced(good, quoted, cat('"', std::string(name.size(), 'x'), '"')),
      "which the network does not have");
  add("cut", good.substr(0, good.size() - 4), "values");
  std::string nan = good;
  const float not_a_number = std::numeric_limits<float>::quiet_NaN();
  nan.replace(nan.size() - 4, 4, reinterpret_cast<const char*>(&not_a_number), 4);
  add("nan_weight", nan, "is not finite");
  corpus.command("wrong_shape.safetensors", "weights.safetensors", "expected", weights + " --set model.hidden=5");
  corpus.damaged(
      "no_weights.h5", "weights.h5", [](hid_t f) { remove_link(f, "/weights"); }, "group '/weights' is missing",
      weights);
  corpus.damaged(
      "lacks_one.h5", "weights.h5", [&](hid_t f) { remove_link(f, ("/weights/" + name).c_str()); },
      "has no tensor '" + name + "'", weights);
  corpus.damaged(
      "cube.h5", "weights.h5",
      [&](hid_t f) {
        replace(f, ("/weights/" + name).c_str(), {2, 2, 2}, std::vector<double>(8));
      },
      "is [2, 2, 2], expected [", weights);
  corpus.command("weights_missing.h5", "broken/none.h5", "cannot be opened", weights);
}

}  // namespace

void add_archives(Corpus& corpus) {
  add_checkpoints(corpus);
  add_models(corpus);
  add_weights(corpus);
}

}  // namespace halograph::test
