package io.github.normkit.throughput;

import java.util.List;

/**
 * What was measured of a job.
 *
 * @param job the job
 * @param micros the time of a call in microseconds, by fork and iteration
 * @param allocated the bytes that a call allocates, by fork
 */
public record Measured(Job job, List<List<Double>> micros, List<Double> allocated) {

  /** Copies the lists. */
  public Measured {
    micros = micros.stream().map(List::copyOf).toList();
    allocated = List.copyOf(allocated);
  }

  /** Returns the time of a call in microseconds: the median over the forks of their medians. */
  public double time() {
    return median(forks());
  }

  /**
   * Returns by how much the forks' medians differ, or of a single fork its iterations: half of
   * their range, as a part of the time.
   */
  public double spread() {
    List<Double> times = micros.size() > 1 ? forks() : micros.get(0);
    double least = times.stream().min(Double::compare).orElseThrow();
    double most = times.stream().max(Double::compare).orElseThrow();
    return (most - least) / 2 / time();
  }

  /** Returns the bytes that must move, by the time: 10⁹ bytes per second. */
  public double gigabytesPerSecond() {
    return job.what().bytes() / time() / 1e3;
  }

  /** Returns the bytes that a call allocates, the median over the forks. */
  public double bytesAllocated() {
    return median(allocated);
  }

  private List<Double> forks() {
    return micros.stream().map(Measured::median).toList();
  }

  static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }
}
