package io.github.normkit.throughput;

import java.util.Collections;
import java.util.List;

/**
 * How many times as long one takes as another.
 *
 * @param median of the rounds
 * @param low the least of a round
 * @param high the most of a round
 * @param rounds how many
 */
public record Ratio(double median, double low, double high, int rounds) {

  static Ratio of(List<Double> rounds) {
    return new Ratio(
        Measured.median(rounds), Collections.min(rounds), Collections.max(rounds), rounds.size());
  }

  /** A number that is no ratio of rounds. */
  static Ratio of(double value) {
    return new Ratio(value, value, value, 1);
  }

  /** Returns the range of the rounds, or nothing of a single one. */
  String range() {
    return rounds == 1 ? "" : Format.of("%.2f–%.2f", low, high);
  }
}
