package io.github.normkit.experiments;

import io.github.normkit.report.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What came out of an experiment: verdicts, and below them figures, tables and notes. */
public final class Findings {

  /**
   * A picture.
   *
   * @param name of its file, without {@code .svg}
   * @param alt what it shows, for those who do not see it
   * @param svg the picture
   */
  public record Figure(String name, String alt, String svg) {}

  private record Verdict(String judgement, String statement) {}

  /** What is below the verdicts: as it is printed, and as it stands in the page. */
  private record Block(List<String> lines, List<String> markdown) {}

  /** Where the figures lie, to be replaced by the name of that directory. */
  private static final String DIRECTORY = "{figures}";

  private final List<Verdict> verdicts = new ArrayList<>();
  private final List<Block> blocks = new ArrayList<>();
  private final List<Figure> figures = new ArrayList<>();

  /**
   * Judges a statement by the seeds with which it was true: all, some or none of them.
   *
   * @param bySeed whether it was true, with each seed
   * @param format the statement with its numbers and their spread
   * @param values the numbers
   */
  public Findings verdict(List<Boolean> bySeed, String format, Object... values) {
    long holding = bySeed.stream().filter(holds -> holds).count();
    String judgement = "Holds with " + holding + " of " + bySeed.size() + " seeds";
    if (holding == bySeed.size()) {
      judgement = "Holds with all " + holding + " seeds";
    } else if (holding == 0) {
      judgement = "Does not hold with any of " + bySeed.size() + " seeds";
    }
    verdicts.add(new Verdict(judgement, format(format, values)));
    return this;
  }

  /**
   * Judges a statement by the seeds with which it was true.
   *
   * @param seeds how many there are
   * @param holds whether it was true with a seed, the first being 0
   * @param format the statement with its numbers and their spread
   * @param values the numbers
   */
  public Findings verdict(int seeds, IntPredicate holds, String format, Object... values) {
    return verdict(IntStream.range(0, seeds).mapToObj(holds::test).toList(), format, values);
  }

  /** Judges a statement that no seed has a part in: a count, for example. */
  public Findings verdict(boolean holds, String format, Object... values) {
    verdicts.add(new Verdict(holds ? "Holds" : "Does not hold", format(format, values)));
    return this;
  }

  /** Adds a figure; its file is written by the program. */
  public Findings figure(String name, String alt, String svg) {
    figures.add(new Figure(name, alt, svg));
    blocks.add(new Block(List.of(), List.of("![%s](%s/%s.svg)".formatted(alt, DIRECTORY, name))));
    return this;
  }

  /** Adds a table. */
  public Findings table(Table table) {
    blocks.add(new Block(table.lines(), table.markdown()));
    return this;
  }

  /** Adds a paragraph, which may have several lines. */
  public Findings note(String format, Object... values) {
    List<String> lines = format(format, values).lines().toList();
    blocks.add(new Block(lines, lines));
    return this;
  }

  /** Returns the figures. */
  public List<Figure> figures() {
    return List.copyOf(figures);
  }

  /** Returns the lines to print. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    verdicts.forEach(verdict -> lines.add(verdict.judgement + ": " + verdict.statement));
    for (Block block : blocks) {
      if (!block.lines.isEmpty()) {
        lines.add("");
        lines.addAll(block.lines);
      }
    }
    return lines;
  }

  /**
   * Returns the lines for the page, each with its end.
   *
   * @param directory where the figures lie, seen from the page
   */
  public String markdown(String directory) {
    Stream<List<String>> all =
        Stream.concat(Stream.of(verdictsAsList()), blocks.stream().map(Block::markdown));
    return all.filter(lines -> !lines.isEmpty())
        .map(lines -> String.join("\n", lines) + "\n")
        .collect(Collectors.joining("\n"))
        .replace(DIRECTORY, directory);
  }

  private List<String> verdictsAsList() {
    return verdicts.stream()
        .map(verdict -> "- **%s:** %s".formatted(verdict.judgement, verdict.statement))
        .toList();
  }

  private static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
