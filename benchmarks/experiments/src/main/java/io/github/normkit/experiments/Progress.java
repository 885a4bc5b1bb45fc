package io.github.normkit.experiments;

/** Is told how an experiment goes on; from many threads. */
@FunctionalInterface
public interface Progress {

  /** One more of an experiment's runs is done. */
  void runIsDone();
}
