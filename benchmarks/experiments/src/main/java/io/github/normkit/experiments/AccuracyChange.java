package io.github.normkit.experiments;

import java.util.List;
import java.util.stream.IntStream;

/**
 * How much an accuracy changes from one setting to another.
 *
 * @param bySeed the changes, in percent of the test images
 */
record AccuracyChange(List<Double> bySeed) {

  /** An accuracy is worse if it is lower by more than this. */
  static final double WORSE = 2;

  /** Returns the change between accuracies of the same seeds, in percent. */
  static AccuracyChange between(List<Double> from, List<Double> to) {
    return new AccuracyChange(
        IntStream.range(0, from.size()).mapToObj(i -> to.get(i) - from.get(i)).toList());
  }

  /** Returns, for each seed, whether the accuracy is worse after the change. */
  List<Boolean> isWorse() {
    return bySeed.stream().map(change -> change < -WORSE).toList();
  }

  /** Returns, for each seed, whether it is not. */
  List<Boolean> isNotWorse() {
    return isWorse().stream().map(worse -> !worse).toList();
  }

  @Override
  public String toString() {
    return Spread.of(bySeed).text("%+.1f") + " points";
  }
}
