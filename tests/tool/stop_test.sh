# SPDX-License-Identifier: BSD-3-Clause
# SIGTERM and the time limit end a run with exit code 0, a checkpoint and a line that says how to go on; the run that goes
# on ends with the digest of one that was not stopped.
. "$(dirname "$0")/support.sh"

works 1 generate taylor-green --elements 2 --order 2 --times 0,1,2,3 --output box.h5
works 1 partition box.h5 --patches 4 --output graph.h5
config

goes_on() {
  says '^halograph: .*stopped .* after step [0-9]+ of 1000000; to go on, start again with restart set to checkpoint.h5$'
  [ ! -e model.h5 ] || fail "a stopped run wrote a model"
  local steps=$(($(sed -n 's/.* after step \([0-9]*\) of .*/\1/p' out) + 3))
  works 2 train config.json --set steps=$steps --set restart=checkpoint.h5
  digest >rest
  works 1 train config.json --set steps=$steps
  digest | cmp -s - rest || fail "another digest after a stop"
  rm -f history.csv checkpoint.h5
}
long="--set steps=1000000 --set checkpoint.path=checkpoint.h5 --set history=history.csv --set model_output=model.h5"

"$HALOGRAPH" train config.json $long >out 2>&1 &
run=$!
for _ in $(seq 300); do
  [ "$(cat history.csv 2>/dev/null | wc -l)" -gt 4 ] && break
  sleep 0.1
done
kill -TERM $run
wait $run || fail "exit code $? after SIGTERM"
goes_on

works 2 train config.json $long --set time_limit=0.2
goes_on

fails_with 1 "time_limit is 1, but checkpoint.path is missing" train config.json --set time_limit=1
echo "stop: passed"
