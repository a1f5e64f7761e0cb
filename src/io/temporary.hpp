// SPDX-License-Identifier: BSD-3-Clause
// Temporaries that stand beside a file while its new content is written. Their names say who writes them,
// "<file>.tmp-<host>-<process>-<n>", so that a later run can tell the ones that a killed run left behind.
#pragma once

#include <string>

namespace halograph {

/// Creates an empty temporary for the file `path` and returns its name, which no other process uses. Removes the
/// leftovers of killed runs: temporaries of the same file and the same user whose process on this host is gone, or that
/// nobody has written to for a day. Throws FileError naming `path` if nothing can be created beside it, or if a file of
/// that name exists that a rename cannot replace. Not collective.
std::string create_temporary(const std::string& path);

}  // namespace halograph
