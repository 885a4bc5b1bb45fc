package io.github.normkit.throughput;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/** What normkit's speed is held against, line by line. */
final class Bar {

  /** Where a copy gets no nearer to this, nobody's threads can. */
  private static final double TWO_THREADS = 1.8;

  private final Results results;
  private final List<Comparison> all;

  Bar(Results results) {
    this.results = results;
    all = Comparison.all(results);
  }

  /** Returns the lines that have an entry. */
  List<Line> lines() {
    List<Line> lines = new ArrayList<>();
    addPeers(lines);
    addCopies(lines);
    addItself(lines);
    return lines.stream().filter(line -> !line.entries().isEmpty()).toList();
  }

  private void addPeers(List<Line> lines) {
    String peer = "fastest peer / normkit";
    for (int threads = 1; threads <= 2; threads++) {
      int count = threads;
      lines.add(
          Line.atLeast(
              1,
              "every case, " + threads(threads),
              peer,
              entries(c -> c.threads() == count, Bar::fastest)));
    }
    double mean = Comparison.geometricMean(all);
    lines.add(
        Line.atLeast(
            1.5,
            "geometric mean of all",
            peer,
            Double.isNaN(mean) ? List.of() : List.of(new Line.Entry("all", Ratio.of(mean)))));
    lines.add(
        Line.atLeast(
            2, "small work: 1×4096, 32×128", peer, entries(c -> isSmall(c.what()), Bar::fastest)));
  }

  private void addCopies(List<Line> lines) {
    String copy = "copy / normkit";
    Function<Comparison, Optional<Line.Entry>> share = c -> entry(c, c.ratio(Job.COPY));
    lines.add(
        Line.atLeast(
            0.95,
            "forward beyond L2, rows",
            copy,
            entries(c -> c.what().isBeyondL2() && isRows(c) && !isBackward(c), share)));
    lines.add(
        Line.atLeast(
            0.95,
            "forward beyond L2, images",
            copy,
            entries(c -> c.what().isBeyondL2() && !isRows(c) && !isBackward(c), share)));
    String inPlace = "normkit / in place";
    Function<Comparison, Optional<Line.Entry>> gain =
        c -> entry(c, results.ratio(c.job(Job.NORMKIT), c.job(Job.IN_PLACE)));
    lines.add(
        Line.atLeast(
            1, "forward beyond L2, in place", inPlace, entries(c -> !isBackward(c), gain)));
    lines.add(
        Line.atLeast(
            Double.NaN, "backward beyond L2, in place", inPlace, entries(Bar::isBackward, gain)));
    lines.add(
        Line.atLeast(
            0.9,
            "backward beyond L2, rows",
            copy,
            entries(c -> c.what().isBeyondL2() && isRows(c) && isBackward(c), share)));
    lines.add(
        Line.atLeast(
            0.6, "short runs: 32×512×7×7, 4096×64", copy, entries(c -> isShort(c.what()), share)));
  }

  private void addItself(List<Line> lines) {
    lines.add(
        Line.atMost(
            1.15, "channels last", "channels last / first", entries(c -> true, this::layouts)));
    lines.add(
        Line.atLeast(
            TWO_THREADS,
            "2 threads, where the copy scales so",
            "1 thread / 2 threads",
            entries(c -> c.threads() == 2 && scales(c), c -> entry(c, speedUp(c, Job.NORMKIT)))));
    lines.add(
        Line.atLeast(
            2,
            "scalar kernels",
            "plain loops / scalar kernels",
            entries(
                c -> true,
                c -> entry(c, results.ratio(c.job("naive"), c.job(Job.NORMKIT).scalar())))));
    lines.add(
        Line.atMost(
            0, "allocation, 1 thread", "bytes a call", entries(c -> c.threads() == 1, Bar::bytes)));
    lines.add(
        Line.atMost(
            Double.NaN,
            "allocation, 2 threads",
            "bytes a call",
            entries(c -> c.threads() == 2, Bar::bytes)));
    lines.add(
        Line.atMost(
            1.1,
            "the other JDK",
            "JDK " + feature(results.about("other JDK")) + " / " + feature(results.about("JDK")),
            entries(
                c -> true,
                c ->
                    entry(c, results.ratio(c.job(Job.NORMKIT).onOtherJdk(), c.job(Job.NORMKIT))))));
  }

  private List<Line.Entry> entries(
      Predicate<Comparison> which, Function<Comparison, Optional<Line.Entry>> entry) {
    return all.stream().filter(which).flatMap(c -> entry.apply(c).stream()).toList();
  }

  private static Optional<Line.Entry> entry(Comparison c, Optional<Ratio> ratio) {
    return ratio.map(found -> new Line.Entry(c.toString(), found));
  }

  private static Optional<Line.Entry> fastest(Comparison c) {
    return c.fastestRatio()
        .map(ratio -> new Line.Entry(c + ", " + c.fastest().orElseThrow(), ratio));
  }

  private static Optional<Line.Entry> bytes(Comparison c) {
    return c.normkit()
        .map(normkit -> new Line.Entry(c.toString(), Ratio.of(normkit.bytesAllocated())));
  }

  /** What channels last take of what channels first take. */
  private Optional<Line.Entry> layouts(Comparison last) {
    if (!last.what().channelsLast()) {
      return Optional.empty();
    }
    Case first = new Case(last.what().operation(), last.what().shape(), false);
    Job normkit = last.job(Job.NORMKIT);
    return entry(last, results.ratio(normkit, new Job(Job.NORMKIT, first, last.threads())));
  }

  private boolean scales(Comparison c) {
    return speedUp(c, Job.COPY).filter(ratio -> ratio.median() >= TWO_THREADS).isPresent();
  }

  private Optional<Ratio> speedUp(Comparison two, String implementation) {
    Comparison one = new Comparison(results, two.what(), 1);
    return results.ratio(one.job(implementation), two.job(implementation));
  }

  private static boolean isRows(Comparison c) {
    return c.what().operation().isRows();
  }

  private static boolean isBackward(Comparison c) {
    return c.what().operation().isBackward();
  }

  private static boolean isSmall(Case c) {
    return c.operation().isRows() && c.size() <= 4096;
  }

  private static boolean isShort(Case c) {
    return c.shapeText().equals("4096x64")
        || (c.shapeText().equals("32x512x7x7") && !c.channelsLast());
  }

  private static String threads(int threads) {
    return threads == 1 ? "1 thread" : threads + " threads";
  }

  /** Returns the first number of a version. */
  static String feature(String version) {
    return version.split("[^0-9]", 2)[0];
  }
}
