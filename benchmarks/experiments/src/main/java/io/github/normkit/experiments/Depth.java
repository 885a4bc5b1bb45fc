package io.github.normkit.experiments;

import io.github.normkit.report.Axis.Scale;
import io.github.normkit.report.Chart;
import io.github.normkit.report.Chart.Point;
import io.github.normkit.report.Chart.Series;
import io.github.normkit.report.Table;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Gradients and training of deep residual stacks, by where their norms are. */
final class Depth implements Experiment {

  private static final List<Integer> DEPTHS = List.of(6, 12, 24, 48);
  private static final int DEEPEST = 48;

  private static final int SEEDS = 5;
  private static final int WARM_UP = 45;

  /** A stack has learned if the loss of its last steps is below this. */
  private static final double LEARNED = RateSearch.GUESSING_LOSS / 2;

  /** How far an exponent may be from the claimed one. */
  private static final double CLOSE = 0.25;

  private record Setting(Placement placement, int warmUp, int blocks) {

    String label() {
      return warmUp > 0 ? placement.label() + ", warm-up" : placement.label();
    }

    Setting deep(int blocks) {
      return new Setting(placement, warmUp, blocks);
    }
  }

  private static final Setting POST = new Setting(Placement.POST, 0, DEEPEST);
  private static final Setting WARM = new Setting(Placement.POST, WARM_UP, DEEPEST);
  private static final Setting PRE = new Setting(Placement.PRE, 0, DEEPEST);
  private static final Setting DEEP_NET = new Setting(Placement.DEEP_NET, 0, DEEPEST);

  private static final List<Setting> COLD =
      Arrays.stream(Placement.values()).map(p -> new Setting(p, 0, DEEPEST)).toList();

  private static final List<Setting> ALL = Stream.concat(COLD.stream(), Stream.of(WARM)).toList();

  @Override
  public String name() {
    return "depth";
  }

  @Override
  public String claim() {
    return "Post-norm needs a warm-up, pre-norm does not, and with DeepNet's scaling deep post-norm"
        + " does not either.";
  }

  @Override
  public Findings run(Progress progress) {
    DigitsData data = DigitsData.load();
    // The deepest first: the others fill the gaps behind them.
    List<Setting> settings =
        DEPTHS.stream()
            .sorted((a, b) -> b - a)
            .flatMap(blocks -> ALL.stream().map(setting -> setting.deep(blocks)))
            .toList();
    return findings(
        SideBySide.bySetting(
            settings,
            SEEDS,
            (s, seed) -> StackRun.of(s.placement, s.blocks, s.warmUp, seed, data),
            progress));
  }

  private static Findings findings(Map<Setting, List<StackRun>> runs) {
    List<Double> post = exponents(runs, POST);
    List<Double> pre = exponents(runs, PRE);
    return new Findings()
        .verdict(
            SEEDS,
            i -> Math.abs(post.get(i)) <= CLOSE,
            "in post-norm the last block's gradient does not depend on the depth, L^0."
                + " It goes with L^%s.",
            Spread.of(post).text("%.2f"))
        .verdict(
            SEEDS,
            i -> Math.abs(pre.get(i) + 0.5) <= CLOSE,
            "in pre-norm it falls as 1/√L, L^-0.5. It goes with L^%s.",
            Spread.of(pre).text("%.2f"))
        .verdict(
            SEEDS,
            i -> !learned(runs, POST, 24, i) && !learned(runs, POST, 48, i),
            "post-norm without warm-up does not learn with 24 or with 48 blocks. Its losses are %s"
                + " and %s; guessing has %.2f.",
            losses(runs, POST, 24),
            losses(runs, POST, 48),
            RateSearch.GUESSING_LOSS)
        .verdict(
            SEEDS,
            i -> loss(runs, WARM, 12, i) < loss(runs, POST, 12, i),
            "with 12 blocks a warm-up lowers the loss of post-norm. It goes from %s to %s.",
            losses(runs, POST, 12),
            losses(runs, WARM, 12))
        .verdict(
            SEEDS,
            i -> learned(runs, WARM, 24, i) && learned(runs, WARM, 48, i),
            "with a warm-up, post-norm learns with 24 and with 48 blocks. Its losses are %s and %s.",
            losses(runs, WARM, 24),
            losses(runs, WARM, 48))
        .verdict(
            SEEDS,
            i -> DEPTHS.stream().allMatch(blocks -> learned(runs, PRE, blocks, i)),
            "pre-norm without warm-up learns at every depth. Its loss with 48 blocks is %s.",
            losses(runs, PRE, 48))
        .verdict(
            SEEDS,
            i -> DEPTHS.stream().allMatch(blocks -> learned(runs, DEEP_NET, blocks, i)),
            "so does post-norm with DeepNet's scaling. Its loss with 48 blocks is %s.",
            losses(runs, DEEP_NET, 48))
        .figure(
            "depth-training",
            "Training loss after an epoch by depth and placement of the norms",
            trainingChart(runs).toSvg())
        .table(trainingTable(runs))
        .figure(
            "depth-gradient",
            "Gradient norm by block at the initialization, by placement of the norms",
            gradientChart(runs).toSvg())
        .table(gradientTable(runs));
  }

  private static boolean learned(
      Map<Setting, List<StackRun>> runs, Setting setting, int blocks, int seed) {
    return loss(runs, setting, blocks, seed) < LEARNED;
  }

  private static double loss(
      Map<Setting, List<StackRun>> runs, Setting setting, int blocks, int seed) {
    return runs.get(setting.deep(blocks)).get(seed).loss();
  }

  private static Spread spread(List<StackRun> runs, ToDoubleFunction<StackRun> value) {
    return Spread.of(runs.stream().mapToDouble(value).boxed().toList());
  }

  private static String losses(Map<Setting, List<StackRun>> runs, Setting setting, int blocks) {
    return spread(runs.get(setting.deep(blocks)), StackRun::loss).text("%.2f");
  }

  /** Returns by seed the power of the depth with which the last block's gradient goes. */
  private static List<Double> exponents(Map<Setting, List<StackRun>> runs, Setting setting) {
    return IntStream.range(0, SEEDS)
        .mapToObj(
            seed ->
                Vectors.exponent(
                    DEPTHS,
                    DEPTHS.stream()
                        .map(blocks -> runs.get(setting.deep(blocks)).get(seed).gradients())
                        .map(gradients -> gradients.get(gradients.size() - 1))
                        .toList()))
        .toList();
  }

  private static Table trainingTable(Map<Setting, List<StackRun>> runs) {
    Table table = new Table(5).row("loss by blocks", "6", "12", "24", "48");
    for (Setting setting : ALL) {
      List<String> cells = new ArrayList<>(List.of(setting.label()));
      DEPTHS.forEach(blocks -> cells.add(losses(runs, setting, blocks)));
      table.row(cells.toArray(String[]::new));
    }
    return table;
  }

  private static Table gradientTable(Map<Setting, List<StackRun>> runs) {
    Table table =
        new Table(5)
            .row(
                "48 blocks, before training",
                "gradient of block 1",
                "of block 24",
                "of block 48",
                "cosine of two images");
    for (Setting setting : COLD) {
      List<StackRun> deepest = runs.get(setting);
      table.row(
          setting.label(),
          spread(deepest, run -> run.gradients().get(0)).text("%.2f"),
          spread(deepest, run -> run.gradients().get(DEEPEST / 2 - 1)).text("%.2f"),
          spread(deepest, run -> run.gradients().get(DEEPEST - 1)).text("%.2f"),
          spread(deepest, StackRun::likeness).text("%.3f"));
    }
    return table;
  }

  private static Chart trainingChart(Map<Setting, List<StackRun>> runs) {
    List<Series> series = new ArrayList<>();
    for (Setting setting : ALL) {
      List<Point> points = new ArrayList<>();
      for (int blocks : DEPTHS) {
        points.add(spread(runs.get(setting.deep(blocks)), StackRun::loss).point(blocks));
      }
      series.add(new Series(setting.label(), points));
    }
    return new Chart(
        "Training loss after one epoch, by depth",
        "Mean of the last 10 steps of 90: median of %d seeds, and their range. Adam, at a constant rate from the first\nstep on, but for the curve with warm-up."
            .formatted(SEEDS),
        "blocks of two sublayers",
        Scale.BINARY,
        "cross entropy",
        Scale.LOGARITHMIC,
        series);
  }

  private static Chart gradientChart(Map<Setting, List<StackRun>> runs) {
    List<Series> series = new ArrayList<>();
    for (Setting setting : COLD) {
      List<Point> points = new ArrayList<>();
      for (int block = 0; block < DEEPEST; block++) {
        int at = block;
        double median = spread(runs.get(setting), run -> run.gradients().get(at)).median();
        points.add(new Point(block + 1, median));
      }
      series.add(new Series(setting.label(), points));
    }
    return new Chart(
        "Gradient norm by block, before training",
        "All parameters of a block, in a stack of %d, over one batch: median of %d seeds."
            .formatted(DEEPEST, SEEDS),
        "block, the last being next to the classifier",
        Scale.WHOLE,
        "norm of the gradient",
        Scale.LOGARITHMIC,
        series);
  }
}
