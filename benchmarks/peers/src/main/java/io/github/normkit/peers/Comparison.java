package io.github.normkit.peers;

import io.github.normkit.throughput.Case;
import io.github.normkit.throughput.Measured;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * One case with so many threads: what was measured of normkit, and of others in the same rounds.
 *
 * @param what the case
 * @param threads the number of threads
 * @param normkit what was measured of normkit
 * @param others what was measured of each other, the copy among them, by name
 */
record Comparison(Case what, int threads, Measured normkit, Map<String, Measured> others) {

  /** The name of what is not a peer, but the limit. */
  static final String COPY = "copy";

  /** Copies the map. */
  Comparison {
    others = new LinkedHashMap<>(others);
  }

  /**
   * Returns how many times as long another takes: the median of the rounds' ratios, in which the
   * machine's speed of the round cancels out.
   */
  OptionalDouble ratio(String name) {
    Measured other = others.get(name);
    if (other == null) {
      return OptionalDouble.empty();
    }
    List<Double> ratios =
        IntStream.range(0, Math.min(normkit.micros().size(), other.micros().size()))
            .mapToObj(
                round -> median(other.micros().get(round)) / median(normkit.micros().get(round)))
            .toList();
    return OptionalDouble.of(median(ratios));
  }

  /** Returns the name of the fastest peer, by the ratio. */
  Optional<String> fastest() {
    return others.keySet().stream()
        .filter(name -> !name.equals(COPY))
        .min(Comparator.comparingDouble(name -> ratio(name).orElseThrow()));
  }

  /** Returns how many times as long the fastest peer takes. */
  OptionalDouble fastestRatio() {
    return fastest().map(this::ratio).orElse(OptionalDouble.empty());
  }

  /** Returns the geometric mean of the fastest peers' ratios, over the cases that have any. */
  static double geometricMean(List<Comparison> comparisons) {
    double mean =
        comparisons.stream()
            .flatMapToDouble(comparison -> comparison.fastestRatio().stream())
            .map(Math::log)
            .average()
            .orElse(Double.NaN);
    return Math.exp(mean);
  }

  private static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }
}
