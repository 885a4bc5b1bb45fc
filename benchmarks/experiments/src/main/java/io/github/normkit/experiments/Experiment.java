package io.github.normkit.experiments;

/** A claim, and a program of some seconds that shows whether it is true here. */
public interface Experiment {

  /** Returns the name: of its part of the page, and what those of its figures begin with. */
  String name();

  /** Returns what is claimed, in a sentence that the page repeats. */
  String claim();

  /**
   * Runs it: several times, with different seeds.
   *
   * @param progress is told each run that is done
   * @return the same on every machine
   */
  Findings run(Progress progress);
}
