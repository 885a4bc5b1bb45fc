package io.github.normkit.experiments;

import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * Runs at several learning rates, side by side on all processors.
 *
 * @param seed as that of a {@link Training}
 * @param epochs the length of each run
 */
record RateSearch(long seed, int epochs) {

  /** The learning rates, ascending. */
  static final List<Float> RATES = List.of(0.05f, 0.1f, 0.2f, 0.4f, 0.8f, 1.6f);

  /** The last of them. */
  static final float LARGEST_RATE = RATES.get(RATES.size() - 1);

  /** The loss of guessing, each digit being as likely as the others. */
  static final double GUESSING_LOSS = StrictMath.log(DigitsData.CLASSES);

  /** A rate is stable if the last epoch's loss is below this. */
  static final double STABLE_LOSS = GUESSING_LOSS / 10;

  /**
   * Runs them all.
   *
   * @param progress is told the losses of a variant, one for each rate, as soon as they are there
   */
  void run(DigitsData data, BiConsumer<Variant, List<Double>> progress) {
    for (Variant variant : Variant.values()) {
      progress.accept(
          variant,
          SideBySide.map(
              RATES,
              rate -> new Training(variant, seed, epochs, rate).run(data).finalLoss(),
              () -> {}));
    }
  }

  /** Returns the largest stable rate, given the losses at all of them. */
  static Optional<Float> largestStable(List<Double> losses) {
    for (int i = losses.size() - 1; i >= 0; i--) {
      if (losses.get(i) < STABLE_LOSS) {
        return Optional.of(RATES.get(i));
      }
    }
    return Optional.empty();
  }
}
