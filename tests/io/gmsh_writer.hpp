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
  /// An entity whose nodes are copies of another one's.
  struct Periodic {
    int dimension;
    std::vector<double> affine;
    std::vector<std::array<std::int64_t, 2>> pairs;  ///< node, master
  };
  std::vector<Node> nodes;
  std::vector<Element> elements;
  std::vector<Periodic> periodic{};
};

struct GmshForm {
  bool is_41;
  bool binary;
  bool parametric = false;  ///< in version 2; the writer's 4.1 is so anyway
};

/// Both versions, text and binary.
inline const std::vector<GmshForm> gmsh_forms{{false, false}, {false, true}, {true, false}, {true, true}};

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
    const bool parametric = form_.parametric && !form_.is_41;
    line(parametric ? "$ParametricNodes" : "$Nodes");
    form_.is_41 ? nodes_41(mesh) : nodes_22(mesh, parametric);
    if (form_.binary) line("");
    line(parametric ? "$EndParametricNodes" : "$EndNodes");
    line("$Elements");
    form_.is_41 ? elements_41(mesh) : elements_22(mesh);
    if (form_.binary) line("");
    line("$EndElements");
    if (!mesh.periodic.empty()) periodic(mesh);
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

  /// Parametric nodes lie on entities of dimension 0, 1, 2, 3 in turn.
  void nodes_22(const PlainMesh& mesh, bool parametric) {
    line(std::to_string(mesh.nodes.size()));
    int dimension = 0;
    for (const auto& node : mesh.nodes) {
      narrow(node.tag);
      for (double x : node.at) value(x);
      if (parametric) {
        narrow(dimension);
        narrow(9);
        for (int p = 0; p < dimension % 3; ++p) value(0.25);
        dimension = (dimension + 1) % 4;
      }
      end_line();
    }
  }

  /// Version 2 has text here in binary files too.
  void periodic(const PlainMesh& mesh) {
    const bool binary = form_.binary;
    form_.binary = binary && form_.is_41;
    line("$Periodic");
    wide(std::int64_t(mesh.periodic.size()));
    end_line();
    for (const auto& entity : mesh.periodic) {
      narrow(entity.dimension);
      narrow(2);
      narrow(1);
      end_line();
      if (form_.is_41) wide(std::int64_t(entity.affine.size()));
      else if (!entity.affine.empty()) out_ << "Affine ";
      for (double x : entity.affine) value(x);
      if (form_.is_41 || !entity.affine.empty()) end_line();
      wide(std::int64_t(entity.pairs.size()));
      end_line();
      for (const auto& pair : entity.pairs) {
        wide(pair[0]);
        wide(pair[1]);
        end_line();
      }
    }
    if (form_.binary) line("");
    line("$EndPeriodic");
    form_.binary = binary;
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
