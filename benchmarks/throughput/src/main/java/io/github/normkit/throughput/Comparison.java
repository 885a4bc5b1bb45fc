package io.github.normkit.throughput;

import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A case with so many threads: normkit beside all others.
 *
 * @param results what was measured
 * @param what the case
 * @param threads the number of threads
 */
public record Comparison(Results results, Case what, int threads) {

  /** Returns all that normkit was measured at, in the order of {@link Case#all}. */
  public static List<Comparison> all(Results results) {
    List<Case> order = Case.all();
    return results.jobs().stream()
        .map(job -> new Comparison(results, job.what(), job.threads()))
        .distinct()
        .filter(comparison -> comparison.normkit().isPresent())
        .sorted(
            Comparator.comparingInt((Comparison c) -> order.indexOf(c.what))
                .thenComparingInt(Comparison::threads))
        .toList();
  }

  /** Returns the job of an implementation. */
  public Job job(String implementation) {
    Job job = new Job(implementation, what, threads);
    return implementation.equals(Job.COPY) ? job.copy() : job;
  }

  /** Returns what was measured of normkit. */
  public Optional<Measured> normkit() {
    return results.measured(job(Job.NORMKIT));
  }

  /** Returns how many times as long an implementation takes as normkit, if it was measured. */
  public Optional<Ratio> ratio(String implementation) {
    return results.ratio(job(implementation), job(Job.NORMKIT));
  }

  /** Returns the peers, which are neither normkit nor copies. */
  public Set<String> peers() {
    Set<String> peers = new LinkedHashSet<>();
    for (Job job : results.jobs()) {
      if (job.what().equals(what) && job.threads() == threads && job.isOfAPeer()) {
        peers.add(job.implementation());
      }
    }
    return peers;
  }

  /** Returns the name of the peer with the least ratio. */
  public Optional<String> fastest() {
    return peers().stream()
        .filter(peer -> ratio(peer).isPresent())
        .min(Comparator.comparingDouble(peer -> ratio(peer).orElseThrow().median()));
  }

  /** Returns how many times as long the fastest peer takes. */
  public Optional<Ratio> fastestRatio() {
    return fastest().flatMap(this::ratio);
  }

  /** Returns the geometric mean of the fastest peers' ratios, over the cases that have any. */
  static double geometricMean(List<Comparison> comparisons) {
    double mean =
        comparisons.stream()
            .flatMap(comparison -> comparison.fastestRatio().stream())
            .mapToDouble(ratio -> Math.log(ratio.median()))
            .average()
            .orElse(Double.NaN);
    return Math.exp(mean);
  }

  @Override
  public String toString() {
    return what + ", " + threads + (threads == 1 ? " thread" : " threads");
  }
}
