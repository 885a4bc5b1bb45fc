package io.github.normkit.peers;

import io.github.normkit.throughput.Case;
import io.github.normkit.throughput.Job;
import io.github.normkit.throughput.Measured;
import io.github.normkit.throughput.Results;
import io.github.normkit.throughput.Session;
import io.github.normkit.throughput.Settings;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Measures all cases in rounds, in each of them every implementation of a case in turn. */
final class Rounds {

  private static final String NAIVE = "naive";

  /** How many times the fastest peer's time is too much for the rounds after the first. */
  private static final double TOO_SLOW = 2;

  /** Where plain loops take so much longer than scalar kernels, one round says enough. */
  private static final double FAR_FROM_THE_BOUND = 2.5;

  /** As above, for normkit on another JDK beside itself. */
  private static final double SAME_JDK = 1.05;

  /** How many forks a later round has for each of the first, until it is known. */
  private static final double LATER = 0.5;

  private final Options options;
  private final List<Ability> abilities;
  private final Results results;
  private final PrintStream out;
  private final long start = System.nanoTime();
  private final Set<Job> failed = new LinkedHashSet<>();

  /**
   * Prepares the rounds.
   *
   * @param options what to measure, and how long
   * @param abilities of normkit and the others
   * @param results what was measured before; all that is measured is added to it
   * @param out where the progress is printed
   */
  Rounds(Options options, List<Ability> abilities, Results results, PrintStream out) {
    this.options = options;
    this.abilities = abilities;
    this.results = results;
    this.out = out;
  }

  /** Measures. */
  void run() throws IOException {
    for (int round = 1; round <= options.rounds() && hasTime(); round++) {
      out.println();
      out.println("Round " + round + " of " + options.rounds());
      double share = OtherPrograms.share();
      if (share > OtherPrograms.LIMIT) {
        out.println(OtherPrograms.warning(share));
      }
      results.about(
          "used by others in round " + round, String.format(Locale.ROOT, "%.0f %%", 100 * share));
      results.write(options.out());
      Path log = options.out().resolveSibling("peers-round" + round + ".log");
      List<Job> jobs = jobs(round);
      // The reference takes longer than the measurement, and would say the same again.
      Settings settings = round == 1 ? options.settings() : options.settings().unchecked();
      Session session = new Session(settings, out, log, new Follower(round, jobs.size()));
      session.run(jobs);
      failed.addAll(session.failed());
    }
  }

  private boolean hasTime() {
    return System.nanoTime() - start < options.limit().toNanos();
  }

  /** Writes what is measured. */
  private final class Follower implements Session.Follower {

    private final int round;
    private final int forks;

    Follower(int round, int forks) {
      this.round = round;
      this.forks = forks;
    }

    @Override
    public void timed(Measured fork) {
      results.add(round, fork);
      try {
        results.write(options.out());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public int later() {
      return (int) ((options.rounds() - round) * (round == 1 ? LATER * forks : forks));
    }

    @Override
    public boolean goesOn() {
      return hasTime();
    }
  }

  private List<Job> jobs(int round) {
    Set<Job> jobs = new LinkedHashSet<>();
    for (Case c : ordered()) {
      for (int threads : options.threads()) {
        List<Job> together = jobs(c, threads);
        if (round > 1) {
          together.removeIf(job -> !stays(job, c));
        }
        jobs.addAll(rotated(together, round - 1));
      }
    }
    jobs.removeAll(failed);
    jobs.removeIf(job -> results.has(round, job));
    return List.copyOf(jobs);
  }

  /** Those that move the same bytes follow each other, as they share a copy. */
  private List<Case> ordered() {
    Map<Job, List<Case>> byCopy = new LinkedHashMap<>();
    for (Case c : options.cases()) {
      Job copy = new Job(Job.NORMKIT, c, 1).copy();
      byCopy.computeIfAbsent(copy, key -> new ArrayList<>()).add(c);
    }
    return byCopy.values().stream().flatMap(Collection::stream).toList();
  }

  /** All that is measured of a case in the first round. */
  private List<Job> jobs(Case c, int threads) {
    List<Job> jobs = new ArrayList<>();
    for (Ability ability : abilities) {
      Job job = ability.job(c, threads);
      if (ability.has(c, threads) && isWanted(job)) {
        jobs.add(job.implementation().equals(Job.COPY) ? job.copy() : job);
      }
      if (ability.has(c, threads) && threads == 1) {
        if (job.implementation().equals(NAIVE)) {
          jobs.add(job.by(Job.NORMKIT).scalar());
        } else if (job.implementation().equals(Job.NORMKIT) && options.otherJdk().isPresent()) {
          jobs.add(job.onOtherJdk());
        }
      }
    }
    return jobs;
  }

  /** In place is measured where it could save a trip to memory. */
  private static boolean isWanted(Job job) {
    return !job.implementation().equals(Job.IN_PLACE)
        || (job.what().isBeyondL2() && job.threads() == 1);
  }

  /** Returns whether a job is measured after the first round. */
  private boolean stays(Job job, Case c) {
    Job normkit = new Job(Job.NORMKIT, c, job.threads());
    if (job.otherJdk()) {
      return ratio(job, normkit) > SAME_JDK;
    }
    boolean loopsAreNear = ratio(normkit.by(NAIVE), normkit.scalar()) < FAR_FROM_THE_BOUND;
    if (job.equals(normkit.scalar())) {
      return loopsAreNear;
    }
    return !job.isOfAPeer()
        || time(job) <= TOO_SLOW * fastest(normkit)
        || (job.implementation().equals(NAIVE) && loopsAreNear);
  }

  private double fastest(Job normkit) {
    return abilities.stream()
        .map(ability -> ability.job(normkit.what(), normkit.threads()))
        .filter(Job::isOfAPeer)
        .mapToDouble(this::time)
        .min()
        .orElse(Double.POSITIVE_INFINITY);
  }

  private double ratio(Job of, Job by) {
    return time(of) / time(by);
  }

  private double time(Job job) {
    return results.measured(job).map(Measured::time).orElse(Double.POSITIVE_INFINITY);
  }

  /** Returns the elements in the order of a round, so that each comes first in its turn. */
  static <T> List<T> rotated(List<T> elements, int round) {
    List<T> rotated = new ArrayList<>(elements);
    Collections.rotate(rotated, -round);
    return rotated;
  }

  /** Returns what failed, and was then left out. */
  Set<Job> failed() {
    return failed;
  }
}
