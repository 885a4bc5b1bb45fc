package io.github.normkit.peers;

import io.github.normkit.throughput.Case;
import io.github.normkit.throughput.Job;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;

/** What an implementation can compute on this machine. */
final class Ability {

  private final String name;
  private final Set<Job> jobs = new HashSet<>();
  private final Set<String> problems = new LinkedHashSet<>();

  Ability(String name) {
    this.name = name;
  }

  /** Adds all cases that the tiny one stands for. */
  void add(Case tiny, int threads) {
    jobs.add(job(tiny, threads));
  }

  /** Adds what went wrong. */
  void addProblem(String problem) {
    problems.add(problem);
  }

  /** Returns the job of a case. */
  Job job(Case c, int threads) {
    return new Job(name, c, threads);
  }

  /** Returns whether the case can be computed. */
  boolean has(Case c, int threads) {
    return jobs.contains(job(TinyCases.like(c), threads));
  }

  /** Returns a line for each thing that went wrong; none if all is well. */
  Set<String> problems() {
    Set<String> lines = new LinkedHashSet<>();
    String effect = jobs.isEmpty() ? " is left out: " : " is left out of some cases: ";
    problems.forEach(problem -> lines.add(name + effect + problem));
    return lines;
  }
}
