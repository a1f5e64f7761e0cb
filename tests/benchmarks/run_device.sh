# SPDX-License-Identifier: BSD-3-Clause
# Sourced by run.sh, not run: kernels against what the device can do, then both programs in turns on the device. Reports
# have the number of cores 0.

ours() {  # ours PART REPORT ARGUMENTS...
  local part=$1 report=$2
  shift 2
  "$bench" --device "$device" --only "$part" --samples "$samples" --json "$report" "$@" >/dev/null
}
theirs() {  # theirs SCRIPT ARGUMENTS...
  local script=$1
  shift
  "$python" -W ignore "$here/$script" --device "$rival_device" --samples "$samples" "$@" >/dev/null
}
declare -A options_of=([plain]="--form plain" [pyg]="--form pyg" [compiled]="--form plain --compile"
                       [tf32]="--form plain --compile --tf32")

if [ -n "$layers" ]; then
  for round in $(seq "$rounds"); do
    report=$output/layers-ours-0-$round.json
    ours layers "$report" --nodes "$nodes" "${chosen[@]}"
    theirs rival_layers.py --like "$report" --json "$output/layers-pyg-0-$round.json"
    progress "layers, round $round"
  done
  return
fi

ours kernels "$output/kernels.json" ${kernel_elements:+--elements "$kernel_elements"}
progress "kernels"
failed=" "  # a form that has no room for a network is left out of its comparison
for name in ${cases//,/ }; do
  for round in $(seq "$rounds"); do
    report=$output/ours-$name-0-$round.json
    ours cases "$report" --cases "$name" "${checkpoint[@]}" ${elements:+--elements "$elements"}
    for form in $forms; do
      case "$failed" in *" $form-$name "*) continue ;; esac
      theirs rival_torch.py ${options_of[$form]:?no form $form} --like "$report" \
        --json "$output/$form-$name-0-$round.json" && continue
      echo "form $form of $name failed and is left out" >&2
      failed+="$form-$name "
      rm -f "$output/$form-$name-0-"*.json
    done
    progress "$name, round $round"
  done
done
