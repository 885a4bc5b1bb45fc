package io.github.normkit.functional;

/** The sizes of caches that the operations reckon with; no result depends on them. */
final class Cache {

  /** About the number of elements that are worked on at a time: half of an L1 cache. */
  static final int SOME = 4096;

  /** From so many elements on, input and output come from memory, not from a cache. */
  private static final int TOO_MANY = 1 << 21;

  private Cache() {}

  /** Whether a cache may hold a tensor of that many elements beside another. */
  static boolean holds(int elements) {
    return elements < TOO_MANY;
  }
}
