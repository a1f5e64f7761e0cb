# SPDX-License-Identifier: BSD-3-Clause
# What a run says of its data, its scores and its outputs: printed numbers are those of the files, paths that cannot be
# written end a run before its first step, and what a killed run left goes with the next one.
. "$(dirname "$0")/support.sh"

not_a_step() { ! grep -q '^step ' out || fail "a step was made before the error"; }

works 1 generate taylor-green --elements 2 --order 2 --times 0,1,2,3 --output box.h5
works 1 partition box.h5 --patches 4 --output graph.h5
config

# Training: the warning, the last loss beside trivial ones; the loss of the line is that of the table.
works 2 train config.json --set history=history.csv --set model_output=model.h5 --set checkpoint.path=checkpoint.h5
says "^halograph: warning: field 'velocity', channel 2 is constant \(0\): it teaches nothing, and as a target"
says '^loss: [0-9.e+-]+ over the last 3 steps; of trivial predictions: [0-9.e+-]+ \(the mean\), [0-9.e+-]+ \(no change\)$'
last=$(tail -n 1 history.csv)
printed=$(sed -n 's/^loss: \([^ ]*\) over.*/\1/p' out)
mean=$(tail -n 3 history.csv | awk -F, '{ sum += $2 / 3 } END { printf "%.6e", sum }')
[ "$printed" = "$mean" ] || fail "the loss is not the mean of the last three in the table: $printed, not $mean"
shown=$(printf '%.6e' "$(cut -d, -f2 <<<"$last")")
grep -q "^step 4 of 4  loss $shown " out || fail "the line of the last step has another loss than $shown"
tail -n 1 out | grep -qE '^digest [0-9a-f]{64}$' || fail "the last line is no digest"
cp history.csv whole.csv

# The table of a restart is that of a run that was not interrupted, but for the seconds. Three pairs, stopped after one step.
works 2 train config.json --set steps=1 --set checkpoint.path=half.h5
works 1 train config.json --set restart=half.h5 --set history=history.csv
[ "$(cut -d, -f1-4 history.csv)" = "$(cut -d, -f1-4 whole.csv)" ] || fail "another history after a restart"

# Prediction: a row a channel; the share is the error by the smaller of the trivial ones.
works 2 predict --model model.h5 --graph graph.h5 --output fields.vtkhdf
! grep -q warning out || fail "a warning about the data of the training"
says '^field +rms error +largest error +deviation +no change +vs trivial$'
awk '$1 ~ /^velocity\.[01]$/ { least = $4 < $5 ? $4 : $5; share = 100 * $2 / least; rows++
       if ($3 < $2 || share - $6 > 0.006 || $6 - share > 0.006) exit 1 }
     END { exit rows != 2 }' out || fail "shares of the trivial errors"
says '^velocity.2 .* -$'
works 1 train config.json --set input=pressure --set model_output=other.h5
says 'of trivial predictions: [0-9.e+-]+ \(the mean\)$'
works 1 predict --model other.h5 --graph graph.h5 --output fields.vtkhdf
says '^velocity.0 .* - +[0-9.]+ %$'

# Another mesh: the length scale is the one of the training.
works 1 generate taylor-green --elements 8 --order 2 --times 0,1,2,3 --output fine.h5
works 2 predict --model model.h5 --graph fine.h5 --output fields.vtkhdf
[ "$(grep -c '^halograph: warning: fine.h5: edges are .* long, those of training ' out)" -eq 1 ] || fail "no warning of a finer mesh"

# Verification warns once, however many ranks it tries.
works 3 verify config.json --steps 2 --threads 1
[ "$(grep -c 'is constant' out)" -eq 1 ] || fail "verify repeats its warnings"

# Outputs that cannot be written are met before the first step; files that are there stay.
cp model.h5 kept.h5
for key in model_output checkpoint.path history; do
  fails_with 2 "the folder nowhere does not exist" train config.json --set $key=nowhere/file
  not_a_step
  fails_with 2 "File name too long" train config.json --set $key="$(printf 'x%.0s' $(seq 250))"
  not_a_step
done
cmp -s model.h5 kept.h5 || fail "an earlier model changed"
mkdir small
if mount -t tmpfs -o size=60k tmpfs small 2>/dev/null; then
  trap 'umount -l "$folder/small"; rm -rf "$folder"' EXIT
  for key in model_output checkpoint.path; do
    fails_with 2 "small/file: cannot be written" train config.json --set $key=small/file --set model.hidden=32
    not_a_step
  done
  [ -z "$(ls small)" ] || fail "leftovers on the small disk: $(ls small)"
  # A checkpoint asks for what it takes, not for much more.
  size=$(stat -c %s checkpoint.h5)
  mount -o remount,size=$((size + 65536)) small && works 1 train config.json --set checkpoint.path=small/file
  umount small
fi
if mount --bind kept.h5 model.h5 2>/dev/null; then
  trap 'umount "$folder/model.h5"; rm -rf "$folder"' EXIT
  fails_with 2 "it is a mount point and cannot be replaced" train config.json --set model_output=model.h5
  not_a_step
  umount model.h5
fi
trap 'rm -rf "$folder"' EXIT

# No output takes the place of an input or of another output.
fails_with 2 "model_output and graph are the same file, ./graph.h5" train config.json --set model_output=./graph.h5
fails_with 2 "checkpoint.path and model_output are the same file" train config.json --set model_output=a.h5 --set checkpoint.path=a.h5
fails_with 2 "history and restart are the same file" train config.json --set restart=half.h5 --set history=half.h5
fails_with 1 "the output would replace what it is made from" predict --model model.h5 --graph graph.h5 --output ./model.h5
works 1 train config.json --set restart=half.h5 --set checkpoint.path=half.h5
for key in history model_output checkpoint.path; do
  fails_with 2 "an output of the run would replace this configuration" train config.json --set $key=./config.json
done
fails_with 1 "the weights would replace their model" weights --model model.h5 --output ./model.h5
cat >square.su2 <<END
NDIME= 2
NELEM= 1
9 0 1 2 3
NPOIN= 4
0 0
1 0
1 1
0 1
END
printf 'PointID,p\n0,1\n1,2\n2,3\n3,4\n' >square.csv
fails_with 2 "the graph would replace what it is made from" partition square.su2 --fields square.csv --output square.csv
fails_with 2 "the graph would replace what it is made from" partition square.su2 --output ./square.su2
works 2 partition square.su2 --fields square.csv --output square.h5
works 1 partition square.h5 --patches 2 --output square.h5

# Errors of what a run starts from name the key and the file.
fails_with 2 "error: restart: model.h5: is a 'model' archive" train config.json --set restart=model.h5
fails_with 2 "error: initial_weights: none.h5: " train config.json --set initial_weights=none.h5

# What a killed process left goes at the next start; what it did not make stays.
sleep 0.01 & ended=$!
wait $ended
left="model.h5.tmp-$(uname -n)-$ended-0"
touch "$left" "checkpoint.h5.tmp-$(uname -n)-$ended-3" "model.h5.tmp-$(uname -n)-$$-0" model.h5.tmp history.csv.new
works 2 train config.json --set history=history.csv --set model_output=model.h5 --set checkpoint.path=checkpoint.h5
[ ! -e "$left" ] && [ ! -e "checkpoint.h5.tmp-$(uname -n)-$ended-3" ] || fail "the leftovers of a killed run stay"
[ -e "model.h5.tmp-$(uname -n)-$$-0" ] && [ -e model.h5.tmp ] && [ -e history.csv.new ] || fail "a stranger's file is gone"
echo "outputs: passed"
