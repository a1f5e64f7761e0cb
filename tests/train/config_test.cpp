// SPDX-License-Identifier: BSD-3-Clause
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include <halograph/train/config.hpp>

#include "train/config_visitors.hpp"

namespace halograph::train {
namespace {

const std::string head = R"({"graph": "g.h5", "input": ["u", "p"], "target": "u")";

/// A configuration with `more` behind the keys that must be there.
std::string with(const std::string& more) { return head + (more.empty() ? "" : ", ") + more + "}"; }

std::string message_of(const std::string& text, const std::vector<std::string>& overrides = {}) {
  try {
    parse_config(text, "c.json", overrides);
  } catch (const UsageError& error) {
    return error.what();
  }
  return "accepted";
}

TEST(Config, DefaultsAndValues) {
  const Config c = parse_config(with(R"("steps": 7, "dtype": "f64", "model": {"hidden": 8, "activation": "gelu"},
    "optimizer": {"type": "sgd", "momentum": 0.5}, "schedule": {"rate": 1}, "overlap": false)"),
                                "c.json");
  EXPECT_EQ(c.graph, "g.h5");
  EXPECT_EQ(c.input, (std::vector<std::string>{"u", "p"}));
  EXPECT_EQ(c.target, std::vector<std::string>{"u"});
  EXPECT_EQ(c.steps, 7);
  EXPECT_EQ(c.dtype, DType::f64);
  EXPECT_EQ(c.model.hidden, 8);
  EXPECT_EQ(c.model.activation, ops::Activation::gelu);
  EXPECT_EQ(c.model.steps, nn::MeshGraphNetOptions().steps);
  EXPECT_EQ(c.optimizer.type, OptimizerType::sgd);
  EXPECT_EQ(c.optimizer.momentum, 0.5);
  EXPECT_EQ(c.schedule.rate, 1);
  EXPECT_FALSE(c.overlap);
  EXPECT_EQ(c.seed, Config().seed);
}

TEST(Config, WhatIsWrittenReadsBack) {
  const std::string text = to_json(parse_config(with(R"("schedule": {"rate": 0.1, "floor": 1e-17, "type": "cosine"}, )"
                                                     R"("clip": {"norm": 0.3}, "seed": 9223372036854775807)"),
                                                "c.json"));
  const Config again = parse_config(text, "echo");
  EXPECT_EQ(to_json(again), text);
  EXPECT_EQ(again.schedule.floor, 1e-17);
  EXPECT_EQ(again.seed, 9223372036854775807u);
  EXPECT_EQ(config_keys().size(), config_values(again).size());
}

TEST(Config, OverridesAreJsonOrWords) {
  const Config c =
      parse_config(with(""), "c.json",
                   std::vector<std::string>{"model.hidden=16", "graph=../my file=1.h5", "input=[\"a\",\"b\"]",
                                            "target=p", "normalise=false", "schedule.rate=1e-4"});
  EXPECT_EQ(c.model.hidden, 16);
  EXPECT_EQ(c.graph, "../my file=1.h5");
  EXPECT_EQ(c.input, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(c.target, std::vector<std::string>{"p"});
  EXPECT_FALSE(c.normalise);
  EXPECT_EQ(c.schedule.rate, 1e-4);
}

struct Bad {
  std::string text, message;
};

TEST(Config, EveryMistakeIsNamed) {
  const std::vector<Bad> all{
      {"", "c.json: not valid JSON at line 1, column 1"},
      {"[1]", "c.json: expected a JSON object { ... }, found array"},
      {"{\"graph\": \"g\"\n \"input\": 1}", "c.json: not valid JSON at line 2, column 8"},
      {with("\"steps\": 1, \"steps\": 2"), "c.json: the key 'steps' appears twice in one object"},
      {with("\"model\": {\"hidden\": 1, \"hidden\": 1}"), "c.json: the key 'hidden' appears twice in one object"},
      {with("\"stps\": 1"), "c.json: stps: unknown key; did you mean steps?"},
      {with("\"model\": {\"hiden\": 1}"), "c.json: model.hiden: unknown key; did you mean model.hidden?"},
      {with("\"hidden\": 1"), "c.json: hidden: unknown key; did you mean model.hidden?"},
      {with("\"zzzzzzzzzzzzzzz\": 1"), "c.json: zzzzzzzzzzzzzzz: unknown key"},
      {with("\"learning\": {\"rate\": 1}"), "c.json: learning: unknown key"},
      {R"({"grpah": "g.h5", "input": "u", "target": "u"})", "c.json: grpah: unknown key; did you mean graph?"},
      {R"({"input": "u", "target": "u"})", "c.json: graph is missing: expected the path of a graph file or a mesh"},
      {R"({"graph": "g", "target": "u"})", "c.json: input is missing: expected the names of one or more fields"},
      {R"({"graph": "g", "input": "u", "target": []})",
       "c.json: target is missing: expected the names of one or more fields"},
      {with("\"fields\": [1]"), "c.json: fields is [1], expected a name or a list of names"},
      {with("\"fields\": \"\""), "c.json: fields is \"\", expected a name or a list of names"},
      {with("\"steps\": -1"), "c.json: steps is -1, expected an integer from 0 to 1099511627776"},
      {with("\"steps\": 1.5"), "c.json: steps is 1.5, expected an integer from 0 to 1099511627776"},
      {with("\"steps\": 1e3"), "c.json: steps is 1000.0, expected an integer from 0 to 1099511627776"},
      {with("\"steps\": \"10\""), "c.json: steps is \"10\", expected an integer from 0 to 1099511627776"},
      {with("\"steps\": 18446744073709551615"),
       "c.json: steps is 18446744073709551615, expected an integer from 0 to 1099511627776"},
      {with("\"steps\": null"), "c.json: steps is null, expected an integer from 0 to 1099511627776"},
      {with("\"normalise\": 1"), "c.json: normalise is 1, expected true or false"},
      {with("\"dtype\": \"f16\""), "c.json: dtype is \"f16\", expected one of \"f32\", \"f64\""},
      {with("\"dtype\": 32"), "c.json: dtype is 32, expected one of \"f32\", \"f64\""},
      {with("\"model\": 8"), "c.json: model is 8, expected a section { ... }"},
      {with("\"model\": {\"hidden\": 0}"), "c.json: model.hidden is 0, expected an integer from 1 to 4096"},
      {with("\"model\": {\"type\": \"gcn\"}"), "c.json: model.type is \"gcn\", expected one of \"mesh_graph_net\""},
      {with("\"graph\": 1"), "c.json: the key 'graph' appears twice in one object"},
      {with("\"partition\": {\"method\": \"rcb\"}"),
       "c.json: partition.method is \"rcb\", expected one of \"automatic\", \"given\", \"metis\", \"coordinates\""},
      {with("\"partition\": {\"method\": \"given\", \"patches\": 4}"),
       "c.json: partition.patches is 4, but with partition.method \"given\" the patches are those of the file"},
      {with("\"optimizer\": {\"beta1\": 1}"), "c.json: optimizer.beta1 is 1, expected a number below 1"},
      {with("\"optimizer\": {\"beta2\": 1.1}"), "c.json: optimizer.beta2 is 1.1, expected a number from 0 to 1"},
      {with("\"optimizer\": {\"momentum\": 0.9}"),
       "c.json: optimizer.momentum is 0.90000000000000002, but only \"sgd\" has a momentum"},
      {with("\"optimizer\": {\"type\": \"sgd\", \"nesterov\": true}"),
       "c.json: optimizer.nesterov is true, but optimizer.momentum is 0"},
      {with("\"schedule\": {\"rate\": \"fast\"}"), "c.json: schedule.rate is \"fast\", expected a number >= 0"},
      {with("\"schedule\": {\"rate\": -0.1}"), "c.json: schedule.rate is -0.1, expected a number >= 0"},
      {with("\"schedule\": {\"rate\": 1, \"floor\": 2}"), "c.json: schedule.floor is 2, above schedule.rate 1"},
      {with("\"steps\": 5, \"schedule\": {\"type\": \"cosine\", \"warmup_steps\": 5}"),
       "c.json: schedule.warmup_steps is 5, expected less than steps, 5"},
      {with("\"schedule\": {\"every\": 0}"),
       "c.json: schedule.every is 0, expected an integer from 1 to 1099511627776"},
      {with("\"threads\": 1025"), "c.json: threads is 1025, expected an integer from 0 to 1024"},
      {with("\"checkpoint\": {\"every\": 2}"), "c.json: checkpoint.every is 2, but checkpoint.path is missing"},
      {with("\"time_limit\": 2"),
       "c.json: time_limit is 2, but checkpoint.path is missing: there would be nothing to go on from"},
      {with("\"restart\": \"a\", \"initial_weights\": \"b\""),
       "c.json: restart and initial_weights exclude each other"},
      {with("\"model_output\": \"./x/../g.h5\""), "c.json: model_output and graph are the same file, ./x/../g.h5"},
      {with("\"model_output\": \"a\", \"history\": \"a\""), "c.json: model_output and history are the same file, a"},
      {with("\"history\": \"s.csv\", \"fields\": [\"r.csv\", \"s.csv\"]"),
       "c.json: history and fields are the same file, s.csv"},
      {with("\"initial_weights\": \"w\", \"checkpoint\": {\"path\": \"w\"}"),
       "c.json: checkpoint.path and initial_weights are the same file, w"},
  };
  for (const Bad& bad : all) EXPECT_EQ(message_of(bad.text), bad.message) << bad.text;
  EXPECT_EQ(message_of(with("\"restart\": \"c\", \"checkpoint\": {\"path\": \"c\"}")), "accepted");
  EXPECT_NE(message_of(with("\"device\": \"toaster\"")).find("c.json: device: "), std::string::npos);
  EXPECT_NE(message_of(with("\"schedule\": {\"rate\": 1e999}")).find("c.json: not valid JSON"), std::string::npos);
  EXPECT_NE(message_of("{\"a\": " + std::string(100000, '[')).find("nested deeper than 32"), std::string::npos);
}

// A key that does not say what it is for does not compile.
template <class V>
concept TakesKeysWithoutPurpose = requires(V v, std::string value) {
  v.text("key", value);
}
|| requires(V v, std::vector<std::string> value) { v.names("key", value); }
|| requires(V v, bool value) { v.flag("key", value); }
|| requires(V v, int value) { v.integer("key", value, 0, 1); }
|| requires(V v, double value) { v.real("key", value, 0, 1); }
|| requires(V v, int value) { v.choice("key", value, {{"word", 0}}); };
static_assert(!TakesKeysWithoutPurpose<ConfigReader> && !TakesKeysWithoutPurpose<ConfigWriter>);
static_assert(requires(ConfigReader v, double r) { v.real("key", Key::run, r, 0, 1); });

TEST(Config, EveryKeySaysWhetherItDecidesResults) {
  std::set<std::string> result;
  for (const auto& [key, value] : config_identity(parse_config(with(""), "c.json"))) result.insert(key);
  // As checkpoints of earlier versions have them.
  const std::set<std::string> expected{"input",
                                       "target",
                                       "target_shift",
                                       "normalise",
                                       "dtype",
                                       "seed",
                                       "loss",
                                       "model.type",
                                       "model.hidden",
                                       "model.mlp_hidden_layers",
                                       "model.steps",
                                       "model.activation",
                                       "model.layer_norm",
                                       "model.carry_edges",
                                       "optimizer.type",
                                       "optimizer.beta1",
                                       "optimizer.beta2",
                                       "optimizer.epsilon",
                                       "optimizer.weight_decay",
                                       "optimizer.momentum",
                                       "optimizer.nesterov"};
  EXPECT_EQ(result, expected);
  // A new key belongs into one of the two lists.
  const std::vector<std::string> keys = config_keys();
  const std::set<std::string> run{"graph",
                                  "fields",
                                  "join_periodic",
                                  "partition.method",
                                  "partition.patches",
                                  "steps",
                                  "model.checkpoint",
                                  "schedule.type",
                                  "schedule.rate",
                                  "schedule.floor",
                                  "schedule.warmup_steps",
                                  "schedule.factor",
                                  "schedule.every",
                                  "clip.norm",
                                  "clip.value",
                                  "threads",
                                  "overlap",
                                  "record",
                                  "device",
                                  "checkpoint.every",
                                  "checkpoint.path",
                                  "time_limit",
                                  "restart",
                                  "initial_weights",
                                  "model_output",
                                  "history"};
  for (const std::string& key : keys) EXPECT_EQ(expected.contains(key) + run.contains(key), 1) << key;
  EXPECT_EQ(keys.size(), expected.size() + run.size());
}

TEST(Config, TheIdentityHasTheValues) {
  const auto identity = config_identity(parse_config(with("\"seed\": 7, \"model\": {\"hidden\": 9}"), "c.json"));
  const auto value = [&](const std::string& key) {
    return std::find_if(identity.begin(), identity.end(), [&](const auto& k) { return k.first == key; })->second;
  };
  EXPECT_EQ(value("seed"), "7");
  EXPECT_EQ(value("model.hidden"), "9");
  EXPECT_EQ(value("input"), "[\"u\",\"p\"]");
}

TEST(Config, OverridesAreCheckedAlike) {
  EXPECT_EQ(message_of(with(""), {"model.hiden=3"}), "c.json: model.hiden: unknown key; did you mean model.hidden?");
  EXPECT_EQ(message_of(with(""), {"steps=ten"}),
            "c.json: steps is \"ten\", expected an integer from 0 to 1099511627776");
  EXPECT_EQ(message_of(with(""), {"steps"}), "--set steps: expected key=value");
  EXPECT_EQ(message_of(with(""), {"=1"}), "--set =1: expected key=value");
  EXPECT_EQ(message_of(with("\"steps\": 3"), {"steps.more=1"}), "--set steps.more=1: 'steps' is not a section");
  EXPECT_EQ(message_of(with(""), {"model=3"}), "c.json: model is 3, expected a section { ... }");
}

}  // namespace
}  // namespace halograph::train
