// SPDX-License-Identifier: BSD-3-Clause
// Writes small meshes in the four forms of Gmsh's format, the way Gmsh itself lays them out.
#pragma once

#include <array>
#include <cstdint>
#include <sstream>
#include <string>
#include <vector>

namespace halograph::test {

struct PlainMesh {
  struct Node {
    std::int64_t tag;
    std::array<double, 3> at;
  };
  struct Element {
    int type;
    int dimension;
    std::vector<std::int64_t> tags;
  };
  std::vector<Node> nodes;
  std::vector<Element> elements;
};

struct GmshForm {
  bool is_41;
  bool binary;
};

class GmshWriter {
 public:
  explicit GmshWriter(GmshForm form) : form_(form) { out_.precision(17); }

  std::string text(const PlainMesh& mesh) {
    line("$MeshFormat");
    line(form_.is_41 ? (form_.binary ? "4.1 1 8" : "4.1 0 8") : (form_.binary ? "2.2 1 8" : "2.2 0 8"));
    if (form_.binary) {
      narrow(1);
      line("");
    }
    line("$EndMeshFormat");
    line("$PhysicalNames\n1\n2 1 \"fluid\"\n$EndPhysicalNames");
    if (form_.is_41) {
      line("$Entities");
      for (int i = 0; i < 4; ++i) wide(0);
      end_line();
      if (form_.binary) line("");
      line("$EndEntities");
    }
    line("$Nodes");
    form_.is_41 ? nodes_41(mesh) : nodes_22(mesh);
    if (form_.binary) line("");
    line("$EndNodes");
    line("$Elements");
    form_.is_41 ? elements_41(mesh) : elements_22(mesh);
    if (form_.binary) line("");
    line("$EndElements");
    return out_.str();
  }

 private:
  void line(const std::string& text) { out_ << text << '\n'; }
  void end_line() {
    if (!form_.binary) out_ << '\n';
  }
  template <class T>
  void value(T x) {
    if (form_.binary) out_.write(reinterpret_cast<const char*>(&x), sizeof x);
    else out_ << x << ' ';
  }
  void narrow(std::int64_t x) { value(std::int32_t(x)); }
  void wide(std::int64_t x) { value(x); }
  void position(const PlainMesh::Node& node) {
    for (double x : node.at) value(x);
    end_line();
  }

  void nodes_22(const PlainMesh& mesh) {
    line(std::to_string(mesh.nodes.size()));
    for (const auto& node : mesh.nodes) {
      narrow(node.tag);
      position(node);
    }
  }

  void elements_22(const PlainMesh& mesh) {
    line(std::to_string(mesh.elements.size()));
    int number = 0;
    for (const auto& element : mesh.elements) {
      if (form_.binary) {
        narrow(element.type);
        narrow(1);
        narrow(2);
        narrow(++number);
      } else {
        narrow(++number);
        narrow(element.type);
        narrow(2);
      }
      narrow(7);
      narrow(8);
      for (std::int64_t tag : element.tags) narrow(tag);
      end_line();
    }
  }

  void head_41(std::size_t blocks, std::size_t items) {
    wide(std::int64_t(blocks));
    wide(std::int64_t(items));
    wide(1);
    wide(1000000);
    end_line();
  }

  /// Two blocks, the second with parametric coordinates on a surface.
  void nodes_41(const PlainMesh& mesh) {
    head_41(2, mesh.nodes.size());
    const std::size_t cut = mesh.nodes.size() / 3;
    for (int block = 0; block < 2; ++block) {
      const std::size_t begin = block ? cut : 0, end = block ? mesh.nodes.size() : cut;
      narrow(2);
      narrow(block + 1);
      narrow(block);
      wide(std::int64_t(end - begin));
      end_line();
      for (std::size_t i = begin; i < end; ++i) {
        wide(mesh.nodes[i].tag);
        end_line();
      }
      for (std::size_t i = begin; i < end; ++i) {
        for (double x : mesh.nodes[i].at) value(x);
        for (int p = 0; p < 2 * block; ++p) value(0.5);
        end_line();
      }
    }
  }

  void elements_41(const PlainMesh& mesh) {
    head_41(mesh.elements.size(), mesh.elements.size());
    int number = 0;
    for (const auto& element : mesh.elements) {
      narrow(element.dimension);
      narrow(1);
      narrow(element.type);
      wide(1);
      end_line();
      wide(++number);
      for (std::int64_t tag : element.tags) wide(tag);
      end_line();
    }
  }

  GmshForm form_;
  std::ostringstream out_;
};

}  // namespace halograph::test
