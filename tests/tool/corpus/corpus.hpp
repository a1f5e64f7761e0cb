// SPDX-License-Identifier: BSD-3-Clause
// A corpus of broken inputs for the tool. Each case is one line of the manifest: its name, the file or option that the
// message must name, words of the rule that it must state, and the arguments of the tool, tab-separated. The good files
// that are damaged, and the outputs that no case may touch, lie in the same folder: corpus_test.sh makes them.
#pragma once

#include <hdf5.h>

#include <functional>
#include <string>
#include <vector>

namespace halograph::test {

/// Arguments with earlier outputs at stake; '@' stands for the broken file.
inline const std::string train =
    "train config.json --set checkpoint.path=checkpoint.h5 --set model_output=model.h5 --set history=history.csv";
inline const std::string with_graph = train + " --set graph=@";
inline const std::string partition = "partition @ --patches 4 --output graph.h5";

class Corpus {
 public:
  /// A file `name` with this content.
  void file(const std::string& name, const std::string& content, const std::string& words,
            const std::string& arguments);

  /// A file `name` that is the good HDF5 file after `damage`.
  void damaged(const std::string& name, const std::string& good, const std::function<void(hid_t)>& damage,
               const std::string& words, const std::string& arguments);

  /// No broken file: `named` is what the message must name.
  void command(const std::string& name, const std::string& named, const std::string& words,
               const std::string& arguments);

  /// A training run with one more `--set`.
  void setting(const std::string& name, const std::string& words, const std::string& assignment);

  void write_manifest(const std::string& path) const;

 private:
  std::string place(const std::string& name) const;

  std::vector<std::string> lines_;
};

std::string content_of(const std::string& path);

void add_graph_files(Corpus& corpus);
void add_gmsh_files(Corpus& corpus);
void add_su2_files(Corpus& corpus);
void add_configurations(Corpus& corpus);
void add_archives(Corpus& corpus);
void add_command_lines(Corpus& corpus);

}  // namespace halograph::test
