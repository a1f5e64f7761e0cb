# SPDX-License-Identifier: BSD-3-Clause
# Mistakes end with an exit code that is not 0 and one message, and leave earlier outputs as they were.
. "$(dirname "$0")/support.sh"

works 1 generate taylor-green --elements 2 --order 2 --times 0,1 --output box.h5
works 1 partition box.h5 --patches 4 --output graph.h5
config
works 2 train config.json --set steps=2 --set checkpoint.path=checkpoint.h5 --set model_output=model.h5
cp checkpoint.h5 before.h5

on 1 train
[ $code -eq 2 ] || fail "a missing argument gives exit code $code"
on 2 no-such-command
[ $code -ne 0 ] || fail "an unknown subcommand is taken"

fails_with 3 "none.json: cannot be opened" train none.json
fails_with 3 "model.hiden: unknown key; did you mean model.hidden?" train config.json --set model.hiden=3
fails_with 2 "none.h5" train config.json --set graph=none.h5
fails_with 2 "'speed'" train config.json --set input=speed
fails_with 2 "target_shift is 2, but the fields have 2 frames" train config.json --set target_shift=2
fails_with 2 "step 2: the loss is" train config.json --set schedule.rate=1e38 --set checkpoint.path=checkpoint.h5
fails_with 2 "the folder nowhere does not exist" train config.json --set history=nowhere/history.csv
fails_with 2 "is a folder" train config.json --set model_output=.
fails_with 3 "model.hidden is 5 here, but 4 in the checkpoint" train config.json --set restart=checkpoint.h5 --set model.hidden=5
fails_with 2 'dtype is "f64" here, but "f32" in the checkpoint' train config.json --set restart=checkpoint.h5 --set dtype=f64
fails_with 2 "seed is 7 here, but 1 in the checkpoint" train config.json --set restart=checkpoint.h5 --set seed=7
fails_with 2 "optimizer.type" train config.json --set restart=checkpoint.h5 --set optimizer.type=sgd
fails_with 2 "graph is " train config.json --set restart=checkpoint.h5 --set partition.method=coordinates
fails_with 2 "a 'checkpoint' is needed" train config.json --set restart=model.h5
fails_with 2 "a 'model' is needed" predict --model checkpoint.h5 --graph graph.h5 --output fields.vtkhdf
fails_with 2 "frame 5 of 2" predict --model model.h5 --graph graph.h5 --output fields.vtkhdf --frame 5
fails_with 2 "has no patches" train config.json --set graph=box.h5 --set partition.method=given
head -c 3000 checkpoint.h5 >short.h5
fails_with 2 "short.h5" train config.json --set restart=short.h5
fails_with 2 "config.json" info config.json
cmp -s checkpoint.h5 before.h5 || fail "a failed run changed the checkpoint"
[ ! -e fields.vtkhdf ] || fail "a failed prediction left a file"

# One rank alone fails, the other waits for it: the job ends with the rank's message.
start=$SECONDS
timeout 60 $MPIRUN 1 "$HALOGRAPH" train config.json : -n 1 env HALOGRAPH_DEVICE=toaster "$HALOGRAPH" train config.json >out 2>&1
[ $? -ne 0 ] || fail "one failing rank does not fail the job"
[ $((SECONDS - start)) -le 15 ] || fail "$((SECONDS - start)) s until one failing rank ended the job"
[ "$(grep -c toaster out)" -eq 1 ] || fail "not one message about the failing rank"

# A full disk, where a small file system may be mounted.
mkdir full
if mount -t tmpfs -o size=64k tmpfs full 2>/dev/null; then
  trap 'umount "$folder/full"; rm -rf "$folder"' EXIT
  cp model.h5 full/model.h5 2>/dev/null && cp full/model.h5 kept.h5
  head -c 100000 /dev/zero >full/filling 2>/dev/null
  fails_with 2 "full/model.h5" train config.json --set steps=1 --set model_output=full/model.h5
  [ ! -e kept.h5 ] || cmp -s full/model.h5 kept.h5 || fail "a full disk spoilt an earlier model"
  fails_with 2 "full/history.csv" train config.json --set steps=1 --set history=full/history.csv
  [ ! -e full/history.csv ] || fail "a table without rows on the full disk"
  fails_with 2 "full/fields.vtkhdf" predict --model model.h5 --graph graph.h5 --output full/fields.vtkhdf
  fails_with 1 "full/box.h5" generate taylor-green --elements 4 --output full/box.h5
  [ "$(ls full | grep -cvE '^(filling|model.h5)$')" -eq 0 ] || fail "leftovers on the full disk: $(ls full)"
fi

# A rank that is killed takes the job with it; the checkpoint is usable.
works 1 train config.json --set steps=150
undisturbed=$(digest)
timeout 60 $MPIRUN 2 "$HALOGRAPH" train config.json --set steps=1000000 --set checkpoint.every=2 \
  --set checkpoint.path=kill.h5 >out 2>&1 &
job=$!
for _ in $(seq 300); do [ -s kill.h5 ] && break; sleep 0.1; done
[ -s kill.h5 ] || fail "no checkpoint within 30 s"
victim=$(pgrep -f "$HALOGRAPH train config.json --set steps=1000000" | while read -r pid; do
  [ "$(readlink "/proc/$pid/exe")" = "$(readlink -f "$HALOGRAPH")" ] && [ "$(readlink "/proc/$pid/cwd")" = "$PWD" ] && echo "$pid"
done | tail -n 1)
kill -KILL "$victim" || fail "no rank to kill"
wait $job
[ $? -ne 0 ] || fail "the job went on without a rank"
works 2 train config.json --set steps=150 --set restart=kill.h5
[ "$(digest)" = "$undisturbed" ] || fail "another digest after a kill and a restart"
echo "errors: passed"
