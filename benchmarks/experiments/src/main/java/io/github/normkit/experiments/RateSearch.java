package io.github.normkit.experiments;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
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
    ExecutorService executor =
        Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
    try {
      Map<Variant, List<Future<Double>>> losses = new EnumMap<>(Variant.class);
      for (Variant variant : Variant.values()) {
        losses.put(
            variant,
            RATES.stream()
                .map(rate -> new Training(variant, seed, epochs, rate))
                .map(training -> executor.submit(() -> training.run(data).finalLoss()))
                .toList());
      }
      losses.forEach(
          (variant, futures) ->
              progress.accept(variant, futures.stream().map(RateSearch::get).toList()));
    } finally {
      executor.shutdownNow();
    }
  }

  private static double get(Future<Double> loss) {
    try {
      return loss.get();
    } catch (ExecutionException | InterruptedException e) {
      throw new IllegalStateException(e);
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
