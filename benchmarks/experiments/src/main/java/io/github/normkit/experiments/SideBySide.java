package io.github.normkit.experiments;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.IntStream;

/** Runs side by side on all processors; what comes out does not depend on their number. */
public final class SideBySide {

  private SideBySide() {}

  /**
   * Applies a function to each input and returns what it returned, in the order of the inputs.
   *
   * @param progress is told each run that is done
   */
  public static <T, R> List<R> map(List<T> inputs, Function<T, R> run, Progress progress) {
    ExecutorService executor =
        Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
    try {
      List<Future<R>> results =
          inputs.stream()
              .map(
                  input ->
                      executor.submit(
                          () -> {
                            R result = run.apply(input);
                            progress.runIsDone();
                            return result;
                          }))
              .toList();
      return results.stream().map(SideBySide::get).toList();
    } finally {
      executor.shutdownNow();
    }
  }

  /**
   * Runs each setting with each seed, 1 to the given one, and returns for each setting, in their
   * order, what it gave with each seed.
   *
   * @param settings unequal to each other
   * @param progress is told each run that is done
   */
  public static <S, R> Map<S, List<R>> bySetting(
      List<S> settings, int seeds, BiFunction<S, Integer, R> run, Progress progress) {
    List<R> results =
        map(
            IntStream.range(0, settings.size() * seeds).boxed().toList(),
            i -> run.apply(settings.get(i / seeds), 1 + i % seeds),
            progress);
    Map<S, List<R>> bySetting = new LinkedHashMap<>();
    for (int i = 0; i < settings.size(); i++) {
      bySetting.put(settings.get(i), results.subList(i * seeds, (i + 1) * seeds));
    }
    return bySetting;
  }

  private static <R> R get(Future<R> result) {
    try {
      return result.get();
    } catch (ExecutionException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
