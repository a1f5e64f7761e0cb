// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/io/weights.hpp>

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "src/io/archive_bytes.hpp"
#include "tests/io/damage.hpp"
#include "tests/io/scratch.hpp"

namespace halograph {
namespace {

using namespace test;

std::vector<NamedTensor> sample() {
  return {{"processor.0.edge.weight", Tensor::from<float>({1, -0.f, 3e-40f, 4, 5, 6}, 2, 3, DType::f32), false},
          {"processor.0.edge.bias", Tensor::from<float>({1, 2, 3}, 1, 3, DType::f32), true},
          {"a row", Tensor::from<double>({1. / 3}, 1, 1, DType::f64), false},
          {"none", Tensor::from<double>({}, 0, 2, DType::f64), false},
          {"att", Tensor::from<float>({1, 2, 3, 4, 5, 6}, 2, 3, DType::f32), {1, 2, 3}},
          {"gated.weight", Tensor::from<double>({1, 2, 3, 4, 5, 6, 7, 8}, 4, 2, DType::f64), {2, 2, 1, 2}},
          {"count", Tensor::from<double>({7}, 1, 1, DType::f64), Axes(std::vector<std::int64_t>())}};
}

std::vector<char> bits(const std::vector<NamedTensor>& tensors) {
  Archive archive;
  archive.tensors = tensors;
  return pack(archive);
}

TEST(Weights, ComeBackBitForBit) {
  const Scratch scratch;
  for (const char* name : {"w.h5", "w.hdf5", "w.safetensors"}) {
    save_weights({}, scratch / name, sample());
    EXPECT_EQ(bits(load_weights({}, scratch / name)), bits(sample())) << name;
  }
  EXPECT_EQ(scratch.count(), 3);
  const std::vector<NamedTensor> loaded = load_weights({}, scratch / "w.safetensors");
  EXPECT_EQ(loaded[4].axes.of(loaded[4].value), (std::vector<std::int64_t>{1, 2, 3}));
  EXPECT_EQ(loaded[4].value.rows(), 2);
  EXPECT_EQ(loaded[6].axes.of(loaded[6].value), std::vector<std::int64_t>());
  expect_file_error("weights end in .h5, .hdf5 or .safetensors, not in '.pt'",
                    [&] { save_weights({}, scratch / "w.pt", sample()); });
}

TEST(Weights, WithAxesThatDoNotFoldToTheirRowsAreRefused) {
  const Scratch scratch;
  const Tensor matrix = Tensor::zeros(2, 3, DType::f32);
  for (const Axes& axes : {Axes(true), Axes{3, 2}, Axes{1, 2, 4}, Axes{2, 1, 3, 1}, Axes(std::vector<std::int64_t>())})
    expect_file_error("its leading axes are its rows", [&] {
      save_weights({}, scratch / "w.h5", std::vector<NamedTensor>{{"w", matrix, axes}});
    });
  EXPECT_EQ(scratch.count(), 0);
}

TEST(Weights, ThatAreNotFiniteAreRefused) {
  const Scratch scratch;
  std::vector<NamedTensor> tensors = sample();
  tensors[1].value = Tensor::from<float>({1, std::numeric_limits<float>::infinity(), 3}, 1, 3, DType::f32);
  for (const char* name : {"w.h5", "w.safetensors"}) {
    save_weights({}, scratch / name, tensors);
    expect_file_error("tensor 'processor.0.edge.bias', value 1: inf is not finite",
                      [&] { load_weights({}, scratch / name); });
  }
}

TEST(Weights, InBrokenHdf5AreRefused) {
  const Scratch scratch;
  const auto refused = [&](const char* message, const std::function<void(hid_t)>& damage) {
    save_weights({}, scratch / "w.h5", sample());
    edit(scratch / "w.h5", damage);
    expect_file_error(message, [&] { load_weights({}, scratch / "w.h5"); });
  };
  refused("group '/weights' is missing", [](hid_t f) { remove_link(f, "/weights"); });
  refused("attribute 'format' is missing", [](hid_t f) { H5Adelete(f, "format"); });
  refused("'/weights/a row': the integer 9007199254740993 is beyond 2^53", [](hid_t f) {
    replace(f, "/weights/a row", {1, 1, 1}, std::vector<long long>{(1ll << 53) + 1});
  });
  refused("the file holds 0 bytes", [](hid_t f) { replace(f, "/weights/a row", H5T_NATIVE_FLOAT, {1ull << 40, 9}); });
  const hid_t text = H5Tcopy(H5T_C_S1);
  refused("'/weights/a row' must hold numbers", [&](hid_t f) { replace(f, "/weights/a row", text, {1}); });
  H5Tclose(text);
}

std::string with_header(const std::string& header, const std::string& values = {}) {
  const std::uint64_t length = header.size();
  return std::string(reinterpret_cast<const char*>(&length), 8) + header + values;
}

TEST(Safetensors, OfHalfPrecisionAreWidenedExactly) {
  const Scratch scratch;
  const std::uint16_t halves[] = {0x3c00, 0x8000, 0x0001, 0x7bff, 0xb555, 0x0400}, brains[] = {0x3f80, 0xc2f7};
  std::string values(reinterpret_cast<const char*>(halves), sizeof halves);
  values.append(reinterpret_cast<const char*>(brains), sizeof brains);
  put_content(scratch / "w.safetensors",
              with_header(R"({"__metadata__":{"format":"pt"},"b":{"dtype":"BF16","shape":[2],"data_offsets":[12,16]},)"
                          R"("h":{"dtype":"F16","shape":[2,3],"data_offsets":[0,12]}}   )",
                          values));
  const std::vector<NamedTensor> tensors = load_weights({}, scratch / "w.safetensors");
  ASSERT_EQ(tensors.size(), 2u);
  EXPECT_EQ(tensors[0].name, "h");
  EXPECT_EQ(tensors[0].value.rows(), 2);
  EXPECT_EQ(tensors[0].value.to_vector<double>(),
            (std::vector<double>{1, -0.0, 0x1p-24, 65504, -0.333251953125, 0x1p-14}));
  EXPECT_TRUE(std::signbit(tensors[0].value.to_vector<double>()[1]));
  EXPECT_EQ(tensors[1].axes.of(tensors[1].value), (std::vector<std::int64_t>{2}));
  EXPECT_EQ(tensors[1].value.to_vector<double>(), (std::vector<double>{1, -123.5}));
}

TEST(Safetensors, OfIntegersAreReal) {
  const Scratch scratch;
  const std::int64_t wide[] = {-(1ll << 53), 41};
  const std::int32_t middle[] = {-70000};
  const std::int16_t narrow[] = {-300};
  std::string values(reinterpret_cast<const char*>(wide), sizeof wide);
  values.append(reinterpret_cast<const char*>(middle), sizeof middle);
  values.append(reinterpret_cast<const char*>(narrow), sizeof narrow);
  values.append("\xff\xff\x01");
  put_content(scratch / "w.safetensors", with_header(R"({"a":{"dtype":"I64","shape":[2],"data_offsets":[0,16]},)"
                                                     R"("b":{"dtype":"I32","shape":[],"data_offsets":[16,20]},)"
                                                     R"("c":{"dtype":"I16","shape":[1],"data_offsets":[20,22]},)"
                                                     R"("d":{"dtype":"I8","shape":[1,1,1],"data_offsets":[22,23]},)"
                                                     R"("e":{"dtype":"U8","shape":[1],"data_offsets":[23,24]},)"
                                                     R"("f":{"dtype":"BOOL","shape":[1],"data_offsets":[24,25]}})",
                                                     values));
  std::vector<double> read;
  for (const NamedTensor& tensor : load_weights({}, scratch / "w.safetensors")) {
    EXPECT_EQ(tensor.value.dtype(), DType::f64) << tensor.name;
    const std::vector<double> numbers = tensor.value.to_vector<double>();
    read.insert(read.end(), numbers.begin(), numbers.end());
  }
  EXPECT_EQ(read, (std::vector<double>{-0x1p53, 41, -70000, -300, -1, 255, 1}));
}

TEST(Safetensors, ThatAreBrokenAreRefused) {
  const Scratch scratch;
  const auto refused = [&](const char* message, const std::string& content) {
    put_content(scratch / "w.safetensors", content);
    const std::string text = expect_file_error(message, [&] { load_weights({}, scratch / "w.safetensors"); });
    EXPECT_EQ(text.find(scratch / "w.safetensors"), 0u) << text;
  };
  const auto one = [](const std::string& entry, std::size_t bytes) {
    return with_header("{\"w\":" + entry + "}", std::string(bytes, '\0'));
  };
  refused("the file is empty", "");
  refused("has no header", "1234567");
  refused("its header is to be 4611686018427387904 bytes", std::string(7, '\0') + "@{}");
  refused("its header is to be 100 bytes", std::string("d\0\0\0\0\0\0\0{}", 10));
  refused("the header is not a JSON object", with_header("{\"w\":"));
  refused("the header is not a JSON object", with_header("[1,2]"));
  refused("the header is not a JSON object", with_header(std::string(2000000, '[')));
  refused("needs dtype, shape and two data_offsets", one("3", 0));
  refused("needs dtype, shape and two data_offsets", one(R"({"dtype":"F32","shape":[1]})", 4));
  refused("needs dtype, shape and two data_offsets", one(R"({"dtype":"F32","shape":[1],"data_offsets":[0]})", 4));
  refused("needs dtype, shape and two data_offsets", one(R"({"dtype":3,"shape":[1],"data_offsets":[0,4]})", 4));
  refused("has dtype U64", one(R"({"dtype":"U64","shape":[1],"data_offsets":[0,8]})", 8));
  refused("takes 8 bytes", one(R"({"dtype":"F32","shape":[1,2,1],"data_offsets":[0,4]})", 4));
  refused("takes 4 bytes", one(R"({"dtype":"F32","shape":[],"data_offsets":[0,0]})", 0));
  refused("the integer -9007199254740993 is beyond 2^53",
          with_header(R"({"w":{"dtype":"I64","shape":[],"data_offsets":[0,8]}})", "\xff\xff\xff\xff\xff\xff\xdf\xff"));
  refused("-1 is not a size", one(R"({"dtype":"F32","shape":[-1],"data_offsets":[0,4]})", 4));
  refused("1.5 is not a size", one(R"({"dtype":"F32","shape":[1.5],"data_offsets":[0,4]})", 4));
  refused("18446744073709551615 is not a size",
          one(R"({"dtype":"F32","shape":[18446744073709551615],"data_offsets":[0,4]})", 4));
  refused("absurd shape", one(R"({"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,4]})", 4));
  refused("takes 4 bytes but its data_offsets span 8", one(R"({"dtype":"F32","shape":[1],"data_offsets":[0,8]})", 8));
  refused("lies at [8, 4)", one(R"({"dtype":"F32","shape":[1],"data_offsets":[8,4]})", 8));
  refused("but the file has 4 bytes of values", one(R"({"dtype":"F32","shape":[2],"data_offsets":[0,8]})", 4));
  refused("starts at byte 4", one(R"({"dtype":"F32","shape":[1],"data_offsets":[4,8]})", 8));
  refused("the tensors end at byte 4 of the values but the file has 8",
          one(R"({"dtype":"F32","shape":[1],"data_offsets":[0,4]})", 8));
  refused("starts at byte 0 of the values but the one before ends at 4",
          with_header(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},)"
                      R"("b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})",
                      std::string(4, '\0')));
}

}  // namespace
}  // namespace halograph
