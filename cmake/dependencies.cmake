# SPDX-License-Identifier: BSD-3-Clause
# Everything that is not our core comes from the system. Serial and parallel HDF5 both work; with a parallel
# one it must be the build for the MPI in use.
find_package(Threads REQUIRED)
set(MPI_CXX_SKIP_MPICXX ON)  # the C++ interface that MPI has given up takes long to compile
find_package(MPI REQUIRED COMPONENTS CXX)
find_package(Eigen3 3.3 REQUIRED NO_MODULE)
find_package(METIS REQUIRED)
option(HDF5_PREFER_PARALLEL "Take a parallel HDF5 where there is one" ON)
find_package(HDF5 REQUIRED COMPONENTS C)
find_package(nlohmann_json 3.9 REQUIRED)
