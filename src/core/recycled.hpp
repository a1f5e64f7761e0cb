// SPDX-License-Identifier: BSD-3-Clause
// Memory of small objects that come and go with every operation: handles of tensors. What is freed serves the next one
// of the same type, so that a loop whose steps are alike does not go to the heap for them.
#pragma once

#include <cstddef>
#include <memory>
#include <new>
#include <utility>

namespace halograph {

/// An allocator for std::allocate_shared. As with buffers, one thread at a time makes and drops tensors. The memory
/// outlives every tensor, static ones included: it is never given back by a destructor.
template <class T>
struct Recycled {
  using value_type = T;

  Recycled() = default;
  template <class Other>
  Recycled(const Recycled<Other>&) {}

  T* allocate(std::size_t n) {
    if (n != 1 || !first) return static_cast<T*>(::operator new(n* size));
    --count;
    return reinterpret_cast<T*>(std::exchange(first, first->next));
  }
  void deallocate(T* object, std::size_t n) noexcept {
    if (n != 1 || count >= most) return ::operator delete(object);
    first = ::new (static_cast<void*>(object)) Free{first};
    ++count;
  }
  template <class Other>
  bool operator==(const Recycled<Other>&) const {
    return true;
  }

 private:
  struct Free {
    Free* next;
  };
  static constexpr std::size_t size = sizeof(T) > sizeof(Free) ? sizeof(T) : sizeof(Free);
  static constexpr std::size_t most = 4096;  ///< objects kept; more are live on the tape of a training step only
  static inline Free* first = nullptr;
  static inline std::size_t count = 0;
};

/// std::make_shared() on recycled memory.
template <class T, class... Arguments>
std::shared_ptr<T> make_recycled(Arguments&&... arguments) {
  return std::allocate_shared<T>(Recycled<T>(), std::forward<Arguments>(arguments)...);
}

}  // namespace halograph
