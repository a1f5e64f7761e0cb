// SPDX-License-Identifier: BSD-3-Clause
// Configurations, and command lines that are wrong by themselves.
#include "tests/tool/corpus/corpus.hpp"

namespace halograph::test {
namespace {

void add_json_files(Corpus& corpus) {
  const std::string run = "train @ --set checkpoint.path=checkpoint.h5 --set history=history.csv";
  corpus.file("not_json.json", "{ \"graph\": \"graph.h5\",\n  \"steps\": }", "not valid JSON at line 2, column 12",
              run);
  corpus.file("cut.json", "{ \"graph\": \"graph.h5\", \"input\": [\"velocity\"", "not valid JSON", run);
  corpus.file("empty.json", "", "the file is empty", run);
  corpus.file("pointer.json", "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n", "run git lfs pull",
              run);
  corpus.file("utf16.json", std::string("\xff\xfe{\0", 4), "is UTF-16 or UTF-32 text", run);
  corpus.file("list.json", "[1, 2]", "expected a JSON object { ... }", run);
  corpus.file("key_twice.json", "{ \"graph\": \"graph.h5\", \"steps\": 1, \"steps\": 2 }",
              "the key 'steps' appears twice", run);
  corpus.file("deep.json", "{ \"graph\": " + std::string(10000, '[') + "1" + std::string(10000, ']') + " }",
              "nested deeper than 32 levels", run);
  corpus.file("no_graph.json", "{ \"input\": \"velocity\", \"target\": \"velocity\" }", "graph is missing", run);
  corpus.file("no_input.json", "{ \"graph\": \"graph.h5\", \"target\": \"velocity\" }", "input is missing", run);
  corpus.file("bytes.json", std::string("\0\1\2\xff\xfe", 5), "not valid JSON", run);
  corpus.command("missing.json", "broken/none.json", "cannot be opened", "train @");
  corpus.command("folder.json", "broken", "not a configuration: a folder", "train @");
}

void add_settings(Corpus& corpus) {
  corpus.setting("unknown_key", "model.hiden: unknown key; did you mean model.hidden?", "model.hiden=3");
  corpus.setting("steps_negative", "steps is -1, expected an integer from 0", "steps=-1");
  corpus.setting("steps_half", "steps is 1.5, expected an integer", "steps=1.5");
  corpus.setting("hidden_zero", "model.hidden is 0, expected an integer from 1 to 4096", "model.hidden=0");
  corpus.setting("hidden_absurd", "model.hidden is 1000000000", "model.hidden=1000000000");
  corpus.setting("hidden_text", "model.hidden is \"many\", expected an integer", "model.hidden=many");
  corpus.setting("flag_number", "overlap is 1, expected true or false", "overlap=1");
  corpus.setting("section_number", "model is 3, expected a section", "model=3");
  corpus.setting("activation", "model.activation is \"swish\", expected", "model.activation=swish");
  corpus.setting("optimizer", "optimizer.type is \"lion\", expected", "optimizer.type=lion");
  corpus.setting("schedule", "schedule.type is \"linear\", expected", "schedule.type=linear");
  corpus.setting("loss", "loss is \"huber\", expected", "loss=huber");
  corpus.setting("dtype", "dtype is \"f16\", expected", "dtype=f16");
  corpus.setting("device", "device: ", "device=toaster");
  corpus.setting("rate_negative", "schedule.rate is -1", "schedule.rate=-1");
  corpus.setting("seed_negative", "seed is -1", "seed=-1");
  corpus.setting("restart_and_weights", "restart and initial_weights exclude each other",
                 "restart=checkpoint.h5 --set initial_weights=weights.h5");
  corpus.setting("every_without_path", "checkpoint.every is 2, but checkpoint.path is missing",
                 "checkpoint.every=2 --set checkpoint.path=\"\"");
  corpus.command("set_without_value", "--set", "expected key=value", train + " --set steps");
  corpus.command("no_such_field", "graph.h5", "no field 'speed'", train + " --set input=speed");
  corpus.command("shift_too_large", "graph.h5", "target_shift is 2, but the fields have 2 frames",
                 train + " --set target_shift=2");
  corpus.command("rate_explodes", "schedule.rate", "the loss is",
                 "train config.json --set checkpoint.path=checkpoint.h5 --set schedule.rate=1e38");
}

void add_outputs(Corpus& corpus) {
  corpus.command("output_below_file", "config.json/box.h5", "does not exist",
                 "generate taylor-green --elements 2 --output @");
  corpus.command("output_is_a_folder", "broken", "is a folder", "partition box.h5 --patches 2 --output @");
  corpus.command("output_is_a_device", "/dev/null", "not a regular file", "partition box.h5 --patches 2 --output @");
  corpus.command("checkpoint_nowhere", "nowhere/checkpoint.h5", "the folder nowhere does not exist",
                 "train config.json --set checkpoint.path=@");
  corpus.command("history_nowhere", "nowhere/history.csv", "the folder nowhere does not exist",
                 train + " --set history=@");
  corpus.command("fields_below_file", "config.json/fields.vtkhdf", "does not exist",
                 "predict --model model.h5 --graph graph.h5 --output @");
  corpus.command("weights_ending", "weights.txt", "weights end in .h5, .hdf5 or .safetensors",
                 "weights --model model.h5 --output @");
  // corpus_test.sh mounts a small, full file system where it may.
  corpus.command("disk_full_graph", "full/box.h5", "full/box.h5", "generate taylor-green --elements 4 --output @");
  corpus.command("disk_full_model", "full/model.h5", "full/model.h5", "train config.json --set model_output=@");
  corpus.command("disk_full_checkpoint", "full/checkpoint.h5", "full/checkpoint.h5",
                 "train config.json --set checkpoint.path=@");
  corpus.command("disk_full_history", "full/history.csv", "full/history.csv", "train config.json --set history=@");
  corpus.command("disk_full_fields", "full/fields.vtkhdf", "full/fields.vtkhdf",
                 "predict --model model.h5 --graph graph.h5 --output @");
}

}  // namespace

void add_configurations(Corpus& corpus) {
  add_json_files(corpus);
  add_settings(corpus);
  add_outputs(corpus);
}

void add_command_lines(Corpus& corpus) {
  const std::string box = "generate taylor-green --output box.h5 ";
  corpus.command("elements_0", "elements", "expected at least 1", box + "--elements 0");
  corpus.command("elements_negative", "elements", "-1 elements", box + "--elements 2,-1,2");
  corpus.command("elements_two", "--elements", "expected one or three", box + "--elements 2,2");
  corpus.command("elements_billion", "box of 3000000000", "more edges than 64-bit ids", box + "--elements 1000000000");
  corpus.command("elements_word", "--elements", "many", box + "--elements many");
  corpus.command("order_0", "order 0", "expected 1 to 64", box + "--elements 2 --order 0");
  corpus.command("times_nan", "time nan", "expected a finite number", box + "--elements 2 --times 0,nan");
  corpus.command("viscosity_negative", "viscosity -1", "expected a finite number >= 0",
                 box + "--elements 2 --viscosity -1");
  corpus.command("patches_negative", "--patches", "-3", "partition box.h5 --patches -3 --output graph.h5");
  corpus.command("method", "--method", "scotch", "partition box.h5 --patches 2 --method scotch --output graph.h5");
  corpus.command("info_ranks", "--ranks", "0", "info graph.h5 --ranks 0");
  corpus.command("frame_5", "graph.h5", "frame 5 of 2",
                 "predict --model model.h5 --graph graph.h5 --output fields.vtkhdf --frame 5");
  corpus.command("verify_threads", "--threads", "0", "verify config.json --threads 0");
  corpus.command("no_subcommand", "frobnicate", "frobnicate", "frobnicate");
  corpus.command("unknown_option", "--fast", "--fast", "train config.json --fast");
}

}  // namespace halograph::test
