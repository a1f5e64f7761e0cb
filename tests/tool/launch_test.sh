# SPDX-License-Identifier: BSD-3-Clause
# Launches that are not what they say, and variables of the environment that mean nothing: said once, in words that name them.
. "$(dirname "$0")/support.sh"
unset $(env | grep -oE '^(SLURM|PMI|FLUX|JSM|MV2|OMPI_COMM_WORLD|HALOGRAPH)_[A-Z_]*' | grep -v '^HALOGRAPH$' | grep -v '^HALOGRAPH_DEVICE$')

# alone VARIABLE=VALUE...: the tool without mpirun in that environment; its output in the file `out`.
alone() {
  timeout 60 env "$@" "$HALOGRAPH" info box.h5 >out 2>&1 || fail "exit code $? with $*"
}
warned() { [ "$(grep -cE "^halograph: warning: $1" out)" -eq "${2:-1}" ] || fail "not ${2:-1} times '$1'"; }
# Of the data: the vortex has no third component of velocity.
silent() { ! grep '^halograph: warning' out | grep -qv 'is constant (0)' || fail "a warning without a reason: $*"; }

works 1 generate taylor-green --elements 2 --order 2 --times 0,1 --output box.h5

alone SLURM_NTASKS=4
warned 'SLURM_NTASKS says that 4 processes were started, but MPI has each of them alone'
alone SLURM_JOB_ID=7 SLURM_STEP_NUM_TASKS=4 SLURM_PROCID=0
warned 'SLURM_STEP_NUM_TASKS says that 4'
alone PMI_SIZE=3 PMI_RANK=0
warned 'PMI_SIZE says that 3'
for rank in 0 1 2 3; do
  timeout 60 env PMI_SIZE=4 PMI_RANK=$rank "$HALOGRAPH" info box.h5
done >out 2>&1
warned 'PMI_SIZE says that 4' 1
alone SLURM_JOB_ID=7 SLURM_NTASKS=64
silent an allocation
alone SLURM_JOB_ID=7 SLURM_NTASKS=64 SLURM_STEP_NUM_TASKS=1 SLURM_PROCID=0
silent a step of one task
works 3 info box.h5
silent three ranks that see each other

# More threads than cores, from the environment, from a configuration, and on all ranks of the machine together.
cores=$(env -u OMP_NUM_THREADS -u OMP_THREAD_LIMIT nproc)
alone HALOGRAPH_THREADS=$((cores + 1))
warned "the $((cores + 1)) threads of rank 0 share $cores core"
alone HALOGRAPH_THREADS=1
silent one thread
timeout 60 taskset -c "$(taskset -cp $$ | grep -oE '[0-9]+' | tail -n 1)" env HALOGRAPH_THREADS=2 "$HALOGRAPH" info box.h5 >out 2>&1
warned 'the 2 threads of rank 0 share 1 core'
[ "$(getconf _NPROCESSORS_ONLN)" -eq 1 ] || says 'mpirun --bind-to none or --map-by slot:PE=2 \(Open MPI\), srun --cpus-per-task=2 \(Slurm\)'
works 1 partition box.h5 --patches 4 --output graph.h5
config
works 2 train config.json --set steps=1 --set threads=$((cores + 1))
warned "the $((cores + 1)) threads of rank 0 share $cores core"
if [ "$cores" -gt 1 ] && [ "$cores" -eq "$(getconf _NPROCESSORS_ONLN)" ]; then
  works 2 train config.json --set steps=1 --set threads="$cores"
  warned "the 2 ranks on the machine of rank 0 have $((2 * cores)) threads for $cores cores"
fi

# Variables without a meaning: one message, which names the variable and not the file.
for setting in HALOGRAPH_THREADS=many HALOGRAPH_THREADS=0 HALOGRAPH_THREADS=-2 HALOGRAPH_THREADS=2x HALOGRAPH_THREADS=1e3 \
               HALOGRAPH_DEVICE=toaster HALOGRAPH_PRODUCTS=fast HALOGRAPH_ISA=mmx HALOGRAPH_DEVICE_AWARE_MPI=maybe; do
  export "$setting"
  for ranks in 1 3; do
    fails_with $ranks "halograph: error: ${setting%%=*}" train config.json
    ! grep -q 'error: .*graph.h5' out || fail "a graph is blamed for $setting"
  done
  unset "${setting%%=*}"
done
export HALOGRAPH_WAIT_WARNING=soon
works 1 info box.h5
works 2 info box.h5
says "warning: HALOGRAPH_WAIT_WARNING='soon' is not a number of seconds"
unset HALOGRAPH_WAIT_WARNING

# Patches without nodes: said where they are made and where they are used.
works 1 partition box.h5 --patches 100 --method coordinates --output gaps.h5
warned 'box.h5: [0-9]+ of [0-9]+ patches have no nodes'
works 2 train config.json --set steps=1 --set graph=gaps.h5
warned 'gaps.h5: [0-9]+ of [0-9]+ patches have no nodes'
works 1 train config.json --set steps=1
silent no empty patches

# What a graph is like.
works 2 info box.h5
says '^graph: connected; no two nodes in one place$'
cat >two.msh <<MESH
\$MeshFormat
2.2 0 8
\$EndMeshFormat
\$Nodes
8
1 0 0 0
2 1 0 0
3 1 1 0
4 0 1 0
5 1 0 0
6 2 0 0
7 2 1 0
8 1 1 0
\$EndNodes
\$Elements
2
1 3 2 1 1 1 2 3 4
2 3 2 2 2 5 6 7 8
\$EndElements
MESH
for ranks in 1 3; do
  works $ranks info two.msh
  says '^graph: 2 parts that no edge connects, the largest of 4 nodes; 2 nodes lie exactly where another one is$'
  warned 'two.msh: 2 nodes lie in the place of a node that no edge connects them to \(the first is node 4\)'
  works $ranks partition two.msh --output two.h5
  warned 'two.msh: 2 nodes lie in the place of a node that no edge connects them to'
  works $ranks info two.h5
  warned 'two.h5: 2 nodes lie in the place of a node that no edge connects them to'
done
echo "launch: passed"
