# SPDX-License-Identifier: BSD-3-Clause
# Broken inputs, see corpus/corpus.hpp: each ends all ranks with an exit code that is not 0 and one message that names
# the file and the rule, within 10 s, and leaves every file of the folder as it was.
. "$(dirname "$0")/support.sh"
ranks=3
mkdir files
cd files

works 1 generate taylor-green --elements 2 --order 2 --times 0,1 --output box.h5
works 1 partition box.h5 --patches 4 --output graph.h5
config
works 2 train config.json --set checkpoint.path=checkpoint.h5 --set model_output=model.h5 --set history=history.csv
works 1 predict --model model.h5 --graph graph.h5 --output fields.vtkhdf
works 1 weights --model model.h5 --output weights.safetensors
works 1 weights --model model.h5 --output weights.h5
"$CORPUS" >out 2>&1 || fail "the corpus cannot be made"
rm out

mkdir full
if mount -t tmpfs -o size=64k tmpfs full 2>/dev/null; then
  trap 'umount "$folder/files/full"; rm -rf "$folder"' EXIT
  cp model.h5 full/model.h5 || fail "no room for an earlier model"
  head -c 100000 /dev/zero >full/filling 2>/dev/null
else
  rmdir full
  echo "corpus: no small file system can be mounted here, so full disks are not tried"
fi

# One rank. Its messages and its exit code go to files of its own. It waits for the codes of the others, since
# launchers stop those that are left once one has failed. A launcher may not say which rank this is: then no code.
cat >"$folder/rank.sh" <<'END'
trace=$1 ranks=$2
shift 2
"$@" 2>"$trace/messages.$$"
code=$?
rank=${OMPI_COMM_WORLD_RANK:-${PMI_RANK:-}}
if [ -n "$rank" ]; then
  echo $code >"$trace/code.$rank"
  for turn in $(seq 100); do
    set -- "$trace"/code.*
    [ $# -ge "$ranks" ] && break
    sleep 0.02
  done
fi
exit $code
END

# The arguments of a case: what is wrong with it goes to the file `faults`, empty if it is refused as it should be.
judge() {
  local id=$1 named=$2 words=$3 start=$SECONDS at=$folder/cases/$1 trace=$folder/cases/$1/trace
  shift 3
  mkdir -p "$trace"
  timeout 60 $MPIRUN $ranks sh "$folder/rank.sh" "$trace" $ranks "$HALOGRAPH" "$@" >"$at/printed" 2>&1
  local code=$?
  cat "$trace"/messages.* | grep -v -e '^$' -e '^Run with --help' -e '^halograph: warning: ' -e '^halograph: note: ' >"$at/messages"
  {
    [ $code -ne 0 ] || echo "the job's exit code is 0"
    [ $((SECONDS - start)) -le 10 ] || echo "it took $((SECONDS - start)) s"
    if [ -e "$trace/code.0" ]; then
      [ "$(cat "$trace"/code.* | grep -cv '^0$')" -eq $ranks ] || echo "exit codes $(cat "$trace"/code.* | tr '\n' ' ')"
    fi
    [ "$(wc -l <"$at/messages")" -eq 1 ] || echo "not one message"
    grep -qF -- "$named" "$at/messages" || echo "'$named' is not named"
    grep -qF -- "$words" "$at/messages" || echo "the message does not say '$words'"
  } >"$at/faults"
}

state() { find . -type f -exec sha256sum {} + | sort; }

# Waits for the cases of the batch and reports them.
resolve_ownership() {
  local id now
  wait
  for id in "${batch[@]}"; do
    count=$((count + 1))
    [ -z "${CORPUS_SHOW:-}" ] || echo "$id: $(head -c 300 "$folder/cases/$id/messages")"
    [ -s "$folder/cases/$id/faults" ] || continue
    wrong=$((wrong + 1))
    echo "FAILED: $id: $(cat "$folder/cases/$id/faults" "$folder/cases/$id/messages")" >&2
  done
  now=$(state)
  [ "$now" = "$before" ] && return
  wrong=$((wrong + 1))
  echo "FAILED: files changed during ${batch[*]}: $(diff <(echo "$before") <(echo "$now"))" >&2
  before=$now
}

before=$(state)
count=0 wrong=0 batch=() together=6
while IFS=$'\t' read -r id named words arguments <&3; do
  [[ $id == disk_full* && ! -d full ]] && continue
  read -ra list <<<"$arguments"
  judge "$id" "$named" "$words" "${list[@]}" &
  batch+=("$id")
  if [ ${#batch[@]} -eq $together ]; then
    settle
    batch=()
  fi
done 3<manifest
[ ${#batch[@]} -eq 0 ] || settle
[ $wrong -eq 0 ] || fail "$wrong faults with $count broken inputs"
echo "corpus: $count broken inputs on $ranks ranks, each refused with one message"
