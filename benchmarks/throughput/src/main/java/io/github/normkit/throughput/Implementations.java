package io.github.normkit.throughput;

import java.util.List;
import java.util.ServiceLoader;

/** All implementations on the class path. */
public final class Implementations {

  private Implementations() {}

  /** Returns all of them. */
  public static List<Implementation> all() {
    return ServiceLoader.load(Implementation.class).stream()
        .map(ServiceLoader.Provider::get)
        .toList();
  }

  /**
   * Returns the one of that name.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static Implementation named(String name) {
    List<Implementation> all = all();
    return all.stream()
        .filter(implementation -> implementation.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "implementation must be one of "
                        + all.stream().map(Implementation::name).toList()
                        + ": got "
                        + name));
  }
}
