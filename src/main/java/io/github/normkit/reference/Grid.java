package io.github.normkit.reference;

import io.github.normkit.Layout;
import java.util.Objects;

/** Where the element of a sample, a channel and a spatial position stands in the array. */
record Grid(int n, int c, int s, Layout layout) {

  static Grid of(String owner, int n, int c, int s, Layout layout) {
    Arguments.atLeast(owner, "n", 0, n);
    Arguments.atLeast(owner, "c", 1, c);
    Arguments.atLeast(owner, "s", 0, s);
    return new Grid(n, c, s, Objects.requireNonNull(layout, "layout"));
  }

  void check(String owner, String name, double[] array) {
    Arguments.length(owner, name, array, "n * c * s", (long) n * c * s);
  }

  int at(int sample, int channel, int position) {
    return layout == Layout.CHANNELS_FIRST
        ? (sample * c + channel) * s + position
        : (sample * s + position) * c + channel;
  }
}
