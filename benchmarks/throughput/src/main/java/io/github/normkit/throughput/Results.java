package io.github.normkit.throughput;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What was measured in rounds, a fork of each job in each, and where. It has a text: lines {@code #
 * name: value} that say where, a heading, and a line of values between commas for each fork.
 */
public final class Results {

  private static final String HEADING = "case,threads,by,round,bytes allocated,us a call";
  private static final int COLUMNS = HEADING.split(",", -1).length;

  private final Map<String, String> about = new LinkedHashMap<>();
  private final Map<Job, SortedMap<Integer, Measured>> forks = new LinkedHashMap<>();

  /** Reads a file that {@link #write} has written. */
  public static Results read(Path file) throws IOException {
    Results results = new Results();
    for (String line : Files.readAllLines(file)) {
      try {
        results.read(line);
      } catch (IllegalArgumentException e) {
        throw new IOException(file + ": a line must be a fork of a job: got " + line, e);
      }
    }
    return results;
  }

  private void read(String line) {
    if (line.startsWith("# ")) {
      String[] words = line.substring(2).split(": ", 2);
      about(words[0], words[1]);
    } else if (!line.equals(HEADING)) {
      String[] values = line.split(",", -1);
      if (values.length != COLUMNS) {
        throw new IllegalArgumentException("not " + COLUMNS + " values");
      }
      Job job = Job.of(values[2], Case.parse(values[0]), Integer.parseInt(values[1]));
      List<Double> micros =
          Arrays.stream(values[5].split(" ", -1)).map(Double::parseDouble).toList();
      add(
          Integer.parseInt(values[3]),
          new Measured(job, List.of(micros), List.of(Double.parseDouble(values[4]))));
    }
  }

  /** Writes the text, all at once, so that a program that is stopped leaves a whole file. */
  public void write(Path file) throws IOException {
    Path whole = file.resolveSibling(file.getFileName() + ".tmp");
    Files.writeString(whole, text());
    Files.move(whole, file, StandardCopyOption.REPLACE_EXISTING);
  }

  private String text() {
    List<String> lines = new ArrayList<>();
    about.forEach((name, value) -> lines.add("# " + name + ": " + value));
    lines.add(HEADING);
    forks.forEach((job, rounds) -> rounds.forEach((round, fork) -> lines.add(line(round, fork))));
    return String.join("\n", lines) + "\n";
  }

  private static String line(int round, Measured fork) {
    Job job = fork.job();
    return String.join(
        ",",
        job.what().toString(),
        String.valueOf(job.threads()),
        job.who(),
        String.valueOf(round),
        Format.of("%.0f", fork.bytesAllocated()),
        fork.micros().get(0).stream()
            .map(micros -> Format.of(micros < 1000 ? "%.4g" : "%.0f", micros))
            .collect(Collectors.joining(" ")));
  }

  /** Says something about all that is measured. */
  public void about(String name, String value) {
    about.put(name, value);
  }

  /** Returns what was said under a name; empty if nothing. */
  public String about(String name) {
    return about.getOrDefault(name, "");
  }

  /** Adds what one fork has measured in a round. */
  public void add(int round, Measured fork) {
    forks.computeIfAbsent(fork.job(), job -> new TreeMap<>()).put(round, fork);
  }

  /** Returns whether a fork was measured in a round. */
  public boolean has(int round, Job job) {
    return forks.containsKey(job) && forks.get(job).containsKey(round);
  }

  /** Returns what was measured of a job in all rounds, or nothing. */
  public Optional<Measured> measured(Job job) {
    if (!forks.containsKey(job)) {
      return Optional.empty();
    }
    List<List<Double>> micros = new ArrayList<>();
    List<Double> allocated = new ArrayList<>();
    for (Measured fork : forks.get(job).values()) {
      micros.addAll(fork.micros());
      allocated.addAll(fork.allocated());
    }
    return Optional.of(new Measured(job, micros, allocated));
  }

  /** Returns all that was measured, in the order of the first forks. */
  public Set<Job> jobs() {
    return forks.keySet();
  }

  /**
   * Returns how many times as long one job takes as another, by the rounds that have both, in which
   * the machine's speed of the round cancels out; or nothing if none has.
   */
  public Optional<Ratio> ratio(Job of, Job by) {
    List<Double> ratios = new ArrayList<>();
    if (forks.containsKey(of) && forks.containsKey(by)) {
      SortedMap<Integer, Measured> others = forks.get(by);
      forks
          .get(of)
          .forEach(
              (round, fork) -> {
                if (others.containsKey(round)) {
                  ratios.add(fork.time() / others.get(round).time());
                }
              });
    }
    return ratios.isEmpty() ? Optional.empty() : Optional.of(Ratio.of(ratios));
  }
}
