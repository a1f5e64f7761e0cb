# SPDX-License-Identifier: BSD-3-Clause
# Sourced by scripts, not run. require_packages NAME... installs what is missing on Debian and Ubuntu, with sudo
# where it is needed and there. Elsewhere, or without the right to install, it says what to install and goes on: the
# configuration will name what is really missing.

build_packages="g++ cmake ninja-build libopenmpi-dev openmpi-bin libeigen3-dev libmetis-dev libhdf5-dev
  libhdf5-openmpi-dev nlohmann-json3-dev libcli11-dev"

missing_packages() {
  local name
  for name in "$@"; do
    dpkg-query -W -f='${Status}' "$name" 2>/dev/null | grep -q 'ok installed' || echo "$name"
  done
}

require_packages() {
  if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
    echo "This is not Debian or Ubuntu. Please see to it that the counterparts of these packages are installed:" >&2
    printf '  %s\n' "$@" >&2
    return 0
  fi
  local missing as_root=()
  missing=$(missing_packages "$@")
  [ -n "$missing" ] || return 0
  if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null; then
      echo "Please ask an administrator to run: apt-get install" $missing >&2
      return 0
    fi
    as_root=(sudo)
  fi
  echo "Installing" $missing
  "${as_root[@]}" apt-get update -qq || echo "apt-get update failed; trying with the lists that are there" >&2
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing
}

# Open MPI refuses root and more ranks than cores unless told otherwise, and spins while it waits unless it is asked to
# yield. Other implementations ignore these.
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
export OMPI_MCA_rmaps_base_oversubscribe=1 OMPI_MCA_hwloc_base_binding_policy=none
export OMPI_MCA_mpi_yield_when_idle=1 OMPI_MCA_btl_vader_single_copy_mechanism=none
