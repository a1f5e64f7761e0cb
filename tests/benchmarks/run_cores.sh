# SPDX-License-Identifier: BSD-3-Clause
# Sourced by run.sh, not run: both programs in turns on the same cores of the host, then two ranks against one.

# Every process runs on the first cores of those that this shell may use.
mapfile -t mine < <(python3 -c 'import os; print(*sorted(os.sched_getaffinity(0)), sep="\n")')
on_cores() {
  local count=$1 list
  shift
  list=$(IFS=,; echo "${mine[*]:0:count}")
  if command -v taskset >/dev/null; then taskset -c "$list" "$@"; else "$@"; fi
}
ours() {  # ours RANKS REPORT ARGUMENTS...
  local ranks=$1 report=$2 launch=()
  shift 2
  [ "$ranks" -eq 1 ] || launch=(mpirun -n "$ranks")
  HALOGRAPH_THREADS=1 on_cores "$ranks" "${launch[@]}" "$bench" --only cases --samples "$samples" "${checkpoint[@]}" \
    --json "$report" "$@" >/dev/null
}
theirs() {  # theirs THREADS SCRIPT ARGUMENTS...
  local threads=$1 script=$2
  shift 2
  on_cores "$threads" env OMP_NUM_THREADS="$threads" "${keep_pages[@]}" "$python" -W ignore "$here/$script" \
    --threads "$threads" --samples "$samples" "$@" >/dev/null
}

if [ -n "$layers" ]; then
  for count in $cores; do
    for round in $(seq "$rounds"); do
      report=$output/layers-ours-$count-$round.json
      HALOGRAPH_THREADS=$count on_cores "$count" "$bench" --only layers --nodes "$nodes" --samples "$samples" \
        "${chosen[@]}" --json "$report" >/dev/null
      theirs "$count" rival_layers.py --like "$report" --json "$output/layers-pyg-$count-$round.json"
      progress "layers on $count cores, round $round"
    done
  done
  return
fi
for count in $cores; do
  if [ "$count" -gt "${#mine[@]}" ]; then echo "skipping $count cores: only ${#mine[@]} here" >&2; continue; fi
  for name in ${cases//,/ }; do
    for round in $(seq "$rounds"); do
      report=$output/ours-$name-$count-$round.json
      ours "$count" "$report" --cases "$name" ${elements:+--elements "$elements"}
      for form in $forms; do
        theirs "$count" rival_torch.py --form "$form" --like "$report" --json "$output/$form-$name-$count-$round.json"
      done
      progress "$name on $count cores, round $round"
    done
  done
done

# As many nodes a rank on two ranks as on one.
scaling=${scaling:-$elements}
if [ "$scaling" != 0 ] && [ "${#mine[@]}" -ge 2 ]; then
  for name in ${cases//,/ }; do
    for round in $(seq "$rounds"); do
      for ranks in 1 2; do
        ours $ranks "$output/scaling-$name-$ranks-$round.json" --cases "$name" --per-rank \
          ${scaling:+--elements "$scaling"}
      done
      progress "$name one rank and two, round $round"
    done
  done
fi
