package io.github.normkit.peers;

import io.github.normkit.throughput.Case;
import io.github.normkit.throughput.Job;
import io.github.normkit.throughput.Measured;
import io.github.normkit.throughput.Session;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Measures all cases in rounds, in each of them every implementation of a case in turn. */
final class Rounds {

  private static final String NORMKIT = "normkit";

  private final Options options;
  private final List<Ability> abilities;
  private final Path directory;
  private final PrintStream out;
  private final Map<Job, Measured> measured = new LinkedHashMap<>();
  private final Set<Job> failed = new LinkedHashSet<>();
  private double others;

  /**
   * Prepares the rounds.
   *
   * @param options what to measure, and how long
   * @param abilities of normkit and the others
   * @param directory where the logs go
   * @param out where the progress is printed
   */
  Rounds(Options options, List<Ability> abilities, Path directory, PrintStream out) {
    this.options = options;
    this.abilities = abilities;
    this.directory = directory;
    this.out = out;
  }

  /** Measures. */
  void run() {
    for (int round = 0; round < options.rounds(); round++) {
      out.println();
      out.println("Round " + (round + 1) + " of " + options.rounds());
      double share = OtherPrograms.share();
      if (share > OtherPrograms.LIMIT) {
        out.println(Report.warning(share));
      }
      others = Math.max(others, share);
      Path log = directory.resolve("peers-round" + (round + 1) + ".log");
      Session session = new Session(options.settings(), out, log);
      List<Job> jobs = jobs(round);
      session.run(jobs);
      failed.addAll(session.failed());
      jobs.forEach(
          job -> session.measured(job).ifPresent(m -> measured.merge(job, m, Rounds::both)));
    }
  }

  private List<Job> jobs(int round) {
    List<Job> jobs = new ArrayList<>();
    for (Case c : options.cases()) {
      for (int threads : options.threads()) {
        jobs.addAll(rotated(jobs(c, threads), round));
      }
    }
    jobs.removeAll(failed);
    return jobs;
  }

  private List<Job> jobs(Case c, int threads) {
    return abilities.stream()
        .filter(ability -> ability.has(c, threads))
        .map(ability -> ability.job(c, threads))
        .toList();
  }

  /** Returns the elements in the order of a round, so that each comes first in its turn. */
  static <T> List<T> rotated(List<T> elements, int round) {
    List<T> rotated = new ArrayList<>(elements);
    Collections.rotate(rotated, -round);
    return rotated;
  }

  private static Measured both(Measured before, Measured now) {
    List<List<Double>> micros = new ArrayList<>(before.micros());
    micros.addAll(now.micros());
    List<Double> allocated = new ArrayList<>(before.allocated());
    allocated.addAll(now.allocated());
    return new Measured(before.job(), micros, allocated);
  }

  /** Returns the largest share of the machine that others used before a round. */
  double others() {
    return others;
  }

  /** Returns what failed, and was then left out. */
  Set<Job> failed() {
    return failed;
  }

  /** Returns the cases of which normkit was measured, with all who never failed at them. */
  List<Comparison> comparisons() {
    List<Comparison> comparisons = new ArrayList<>();
    for (Case c : options.cases()) {
      for (int threads : options.threads()) {
        Map<String, Measured> all = new LinkedHashMap<>();
        for (Job job : jobs(c, threads)) {
          if (measured.containsKey(job) && !failed.contains(job)) {
            all.put(job.implementation(), measured.get(job));
          }
        }
        Measured normkit = all.remove(NORMKIT);
        if (normkit != null) {
          comparisons.add(new Comparison(c, threads, normkit, all));
        }
      }
    }
    return comparisons;
  }
}
