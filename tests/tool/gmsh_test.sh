# SPDX-License-Identifier: BSD-3-Clause
# What the tool says about a Gmsh mesh: periodic sides, joined or not, and elements that are listed twice.
. "$(dirname "$0")/support.sh"

# 5 x 4 quadrilaterals, the first of them in two physical groups, the left side being the master of the right one.
awk 'BEGIN {
  print "$MeshFormat\n2.2 0 8\n$EndMeshFormat\n$Nodes\n30"
  for (j = 0; j < 5; ++j) for (i = 0; i < 6; ++i) print 1 + i + 6 * j, i, j, 0
  print "$EndNodes\n$Elements\n21\n1 3 2 2 1 1 2 8 7"
  for (j = 0; j < 4; ++j) for (i = 0; i < 5; ++i) { n = 1 + i + 6 * j; print 2 + i + 5 * j, 3, 2, 1, 1, n, n + 1, n + 7, n + 6 }
  print "$EndElements\n$Periodic\n1\n1 2 4\nAffine 1 0 0 5 0 1 0 0 0 0 1 0 0 0 0 1\n5"
  for (j = 0; j < 5; ++j) print 6 + 6 * j, 1 + 6 * j
  print "$EndPeriodic" }' >mesh.msh

for ranks in 1 3; do
  works $ranks info mesh.msh
  says '^halograph: note: mesh.msh: 1 periodic pair of sides not joined: join_periodic joins them$'
  says '^halograph: note: mesh.msh: 1 element that occurs more than once is counted once$'
  says '2-dimensional, 30 nodes, 98 edges, 20 cells'
  says '^period: none, none;'
  works $ranks partition mesh.msh --join-periodic --patches 3 --output joined$ranks.h5
  says '^halograph: note: mesh.msh: 1 periodic pair of sides \(5 nodes\) joined$'
  works $ranks info joined$ranks.h5
  says '2-dimensional, 25 nodes, 90 edges, 16 cells'
  says '^period: 5, none;'
done
cmp -s joined1.h5 joined3.h5 || fail "the file depends on the number of ranks"

config
fails_with 2 "joined1.h5: join_periodic belongs to a Gmsh mesh" train config.json --set graph=joined1.h5 --set join_periodic=true
fails_with 2 "mesh.msh: no field 'velocity'" train config.json --set graph=mesh.msh --set join_periodic=true
says '1 periodic pair of sides \(5 nodes\) joined'
sed '/Periodic/,$d' mesh.msh >open.msh
fails_with 2 "open.msh: join_periodic: no section \$Periodic" info open.msh --join-periodic
sed 's/^6 5 0 0/6 5.5 0 0/' mesh.msh >step.msh
fails_with 3 "shifted along the axes" info step.msh --join-periodic
awk '/^\$Nodes/ { n = 1 } { if (n && NF == 4 && $2 == 1) $2 = 3.9; if (n && NF == 4 && $2 == 2) $2 = 4.0; print } /^\$EndNodes/ { n = 0 }' mesh.msh >uneven.msh
fails_with 3 "an element spans 3.89" info uneven.msh --join-periodic
