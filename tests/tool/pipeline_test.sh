# SPDX-License-Identifier: BSD-3-Clause
# The subcommands one after the other, as a user runs them.
. "$(dirname "$0")/support.sh"

works 2 generate taylor-green --elements 3 --order 2 --times 0,0.1,0.2 --output box.h5
says '216 nodes, 1296 edges, 3 frames'
cp box.h5 first.h5
works 1 generate taylor-green --elements 3,3,3 --order 2 --times 0,0.1,0.2 --output box.h5
cmp -s box.h5 first.h5 || fail "the file depends on the number of ranks"

works 3 partition box.h5 --patches 8 --method coordinates --output coordinates.h5
works 1 partition box.h5 --patches 8 --output graph.h5
says '216 nodes, 1296 edges in 8 patches of 27 to 27 nodes'
works 2 info graph.h5 --ranks 4
says 'patches: 8 of 27 to 27 nodes'
says 'velocity.0 +3 '
says 'halo rows'
says 'neighbours'

config
works 1 train config.json --set model_output=model.h5 --set history=history.csv --set checkpoint.path=end.h5
says '^step 4 of 4 '
tail -n 1 out | grep -qE '^digest [0-9a-f]{64}$' || fail "the last line is no digest"
undisturbed=$(digest)
[ "$(head -n 1 history.csv)" = step,loss,rate,gradient_norm,seconds ] || fail "header of history.csv"
[ "$(wc -l <history.csv)" -eq 5 ] || fail "history.csv has not one row a step"
for ranks in 2 3; do
  works $ranks train config.json --set threads=$((ranks - 1)) --set overlap=false
  [ "$(digest)" = "$undisturbed" ] || fail "other bits on $ranks ranks"
done
works 2 train config.json --set seed=2
[ "$(digest)" != "$undisturbed" ] || fail "the seed changes nothing"

works 3 train config.json --set steps=2 --set checkpoint.path=half.h5
works 5 train config.json --set restart=half.h5 --set history=history.csv
[ "$(digest)" = "$undisturbed" ] || fail "restart on another number of ranks gives other bits"
[ "$(wc -l <history.csv)" -eq 5 ] || fail "the history of a restart is not whole"

works 2 predict --model model.h5 --graph graph.h5 --output fields.vtkhdf --frame 1
says 'velocity.0 .*e'
if /usr/bin/python3 -c 'import vtkmodules.vtkIOHDF' 2>/dev/null; then
  /usr/bin/python3 - >out 2>&1 <<'EOF' || fail "VTK's reader"
from vtkmodules.vtkIOHDF import vtkHDFReader
reader = vtkHDFReader()
reader.SetFileName("fields.vtkhdf")
reader.Update()
grid = reader.GetOutput()
data = grid.GetPointData()
names = {data.GetArrayName(i) for i in range(data.GetNumberOfArrays())}
assert grid.GetNumberOfPoints() == 216, grid.GetNumberOfPoints()
assert names == {"node_id", "velocity_predicted", "velocity_true", "velocity_error"}, names
ids = data.GetArray("node_id")
assert ids.GetDataTypeSize() == 8 and "Double" not in ids.GetClassName(), ids.GetClassName()
assert sorted(ids.GetValue(i) for i in range(216)) == list(range(216))
for i in range(216):
    p, t, e = (data.GetArray("velocity" + s).GetComponent(i, 0) for s in ("_predicted", "_true", "_error"))
    assert e == p - t, (i, p, t, e)
EOF
fi
cp fields.vtkhdf first.vtkhdf
works 3 predict --model model.h5 --graph graph.h5 --output fields.vtkhdf --frame 1
cmp -s fields.vtkhdf first.vtkhdf || fail "predicted fields depend on the number of ranks"
works 1 predict --model model.h5 --graph graph.h5 --output all.vtkhdf

works 1 weights --model model.h5 --output weights.safetensors
works 2 weights --model model.h5 --output weights.h5
works 2 train config.json --set initial_weights=weights.safetensors
started=$(digest)
[ "$started" != "$undisturbed" ] || fail "initial_weights changes nothing"
works 1 train config.json --set initial_weights=weights.h5
[ "$(digest)" = "$started" ] || fail "the weights of .h5 and .safetensors differ"

works 3 verify config.json --steps 2 --threads 1,2
[ "$(grep -c ' same$' out)" -eq 12 ] || fail "verify did not compare 3 rank counts, 2 thread counts and overlap"
works 2 verify config.json --steps 2 --threads 1 --devices host,guarded
[ "$(grep -c ' same$' out)" -eq 8 ] || fail "verify did not compare 2 devices on 1 and 2 ranks"
says 'all runs gave the same bits'
works 1 devices --require guarded
echo "pipeline: passed"
