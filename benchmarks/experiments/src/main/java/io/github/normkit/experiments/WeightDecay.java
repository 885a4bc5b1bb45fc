package io.github.normkit.experiments;

import io.github.normkit.experiments.DecayRun.Rule;
import io.github.normkit.report.Axis;
import io.github.normkit.report.Axis.Scale;
import io.github.normkit.report.Chart;
import io.github.normkit.report.Chart.Point;
import io.github.normkit.report.Chart.Series;
import io.github.normkit.report.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What weight decay does to a weight whose size the next layer normalizes away. */
final class WeightDecay implements Experiment {

  private static final int SEEDS = 3;
  private static final int STEPS = 1200;

  /** The last steps, in which the norm is taken to have settled. */
  private static final int SETTLED = 400;

  /** The steps over which two runs that differ by rounding are compared. */
  private static final int COMPARED = 200;

  private static final int SMOOTHED = 50;

  private static final List<Float> SCALES = List.of(0.25f, 4f);

  private static final Rule SLOW = rule(0.2f, 0.03f);
  private static final Rule FAST = rule(0.6f, 0.01f);
  private static final Rule STRONG = rule(0.6f, 0.03f);
  private static final List<Rule> EQUIVALENT = List.of(rule(0.1f, 0.03f), rule(0.3f, 0.01f));
  private static final Rule WITHOUT = rule(0.6f, 0);

  private static final double NEAR = 0.1;
  private static final double ROUNDING = 0.01;
  private static final double SAME_LOSS = 1e-3;

  private static Rule rule(float rate, float decay) {
    return new Rule(rate, decay, 1, 1);
  }

  @Override
  public String name() {
    return "weight-decay";
  }

  @Override
  public String claim() {
    return "Before a normalizer weight decay sets the learning rate: the weight settles where a step"
        + " is √(2 · rate · decay) of it, whatever its initial size.";
  }

  @Override
  public Findings run(Progress progress) {
    DigitsData data = DigitsData.load();
    List<Rule> rules =
        Stream.concat(
                Stream.of(WITHOUT, SLOW, FAST, STRONG)
                    .flatMap(rule -> SCALES.stream().map(scale -> scaled(rule, scale))),
                EQUIVALENT.stream().flatMap(rule -> Stream.of(rule, rule.withoutDecay())))
            .toList();
    return findings(
        SideBySide.bySetting(
            rules,
            SEEDS,
            (rule, seed) -> DecayRun.of(rule, rule.scale() == 1 ? COMPARED : STEPS, seed, data),
            progress));
  }

  private static Rule scaled(Rule rule, float scale) {
    return new Rule(rule.rate(), rule.decay(), scale, rule.growth());
  }

  private static Findings findings(Map<Rule, List<DecayRun>> runs) {
    List<Double> growth =
        runs.get(scaled(WITHOUT, SCALES.get(0))).stream()
            .map(run -> growth(run, WITHOUT.rate()))
            .toList();
    Findings findings =
        new Findings()
            .verdict(
                growth.stream().map(ratio -> Math.abs(ratio - 1) < ROUNDING).toList(),
                "without decay ‖w‖² grows by rate² ‖g‖² in each step, for the gradient is"
                    + " orthogonal to w: in %d steps it grows by %s times the sum of these.",
                STEPS,
                Spread.of(growth).text("%.4f"));
    for (Rule rule : List.of(SLOW, FAST, STRONG)) {
      List<List<Double>> steps =
          SCALES.stream().map(scale -> steps(runs.get(scaled(rule, scale)))).toList();
      findings.verdict(
          SEEDS,
          i -> steps.stream().allMatch(t -> Math.abs(t.get(i) / equilibrium(rule) - 1) < NEAR),
          "with rate %s and decay %s a step is %.4f of w in the end, whether w began small or"
              + " large: it is %s.",
          rule.rate(),
          rule.decay(),
          equilibrium(rule),
          Spread.of(steps.stream().flatMap(List::stream).toList()).text("%.4f"));
    }
    for (Rule rule : EQUIVALENT) {
      List<Double> differences = differences(runs.get(rule), runs.get(rule.withoutDecay()));
      findings.verdict(
          differences.stream().map(difference -> difference < SAME_LOSS).toList(),
          "decay %s at rate %s gives the losses that a rate growing by 1 / (1 - rate · decay)² a"
              + " step gives without decay: over %d steps they differ by %s at most, and the"
              + " weight's norm by a factor of %s.",
          rule.decay(),
          rule.rate(),
          COMPARED,
          Spread.of(differences).text("%.1e"),
          Spread.of(factors(runs.get(rule), runs.get(rule.withoutDecay()))).text("%.2f"));
    }
    return findings
        .figure(
            "weight-decay",
            "Length of a step in norms of the weight, with and without weight decay",
            chart(runs).toSvg())
        .table(table(runs));
  }

  private static double equilibrium(Rule rule) {
    return Math.sqrt(2.0 * rule.rate() * rule.decay());
  }

  /** Returns the growth of the squared norm, in the sum of the squared steps. */
  private static double growth(DecayRun run, double rate) {
    double squares = 0;
    for (double gradient : run.gradients()) {
      squares += rate * gradient * rate * gradient;
    }
    double first = run.norms().get(0);
    double last = run.norms().get(STEPS);
    return (last * last - first * first) / squares;
  }

  private static List<Double> steps(List<DecayRun> runs) {
    return runs.stream().map(run -> rms(run.steps().subList(STEPS - SETTLED, STEPS))).toList();
  }

  private static double rms(List<Double> values) {
    return Math.sqrt(values.stream().mapToDouble(v -> v * v).sum() / values.size());
  }

  private static List<Double> differences(List<DecayRun> a, List<DecayRun> b) {
    return IntStream.range(0, SEEDS)
        .mapToObj(
            seed ->
                IntStream.range(0, COMPARED)
                    .mapToDouble(
                        i -> Math.abs(a.get(seed).losses().get(i) - b.get(seed).losses().get(i)))
                    .max()
                    .orElseThrow())
        .toList();
  }

  private static List<Double> factors(List<DecayRun> a, List<DecayRun> b) {
    return IntStream.range(0, SEEDS)
        .mapToObj(i -> b.get(i).norms().get(COMPARED) / a.get(i).norms().get(COMPARED))
        .toList();
  }

  private static Table table(Map<Rule, List<DecayRun>> runs) {
    Table table =
        new Table(6)
            .row(
                "rate, decay, start",
                "norm at first",
                "in the end",
                "step in norms of w",
                "√(2 · rate · decay)",
                "loss in the end");
    for (Rule rule : List.of(WITHOUT, SLOW, FAST, STRONG)) {
      for (float scale : SCALES) {
        List<DecayRun> of = runs.get(scaled(rule, scale));
        table.row(
            "%s, %s, × %s".formatted(rule.rate(), rule.decay(), Axis.label(scale)),
            Spread.of(of.stream().map(run -> run.norms().get(0)).toList()).text("%.2f"),
            Spread.of(of.stream().map(run -> run.norms().get(STEPS)).toList()).text("%.2f"),
            Spread.of(steps(of)).text("%.4f"),
            String.format(Locale.ROOT, "%.4f", equilibrium(rule)),
            Spread.of(of.stream().map(WeightDecay::lastLoss).toList()).text("%.4f"));
      }
    }
    return table;
  }

  private static double lastLoss(DecayRun run) {
    return run.losses().subList(STEPS - SETTLED, STEPS).stream().mapToDouble(l -> l).sum()
        / SETTLED;
  }

  private static Chart chart(Map<Rule, List<DecayRun>> runs) {
    List<Series> series = new ArrayList<>();
    for (Rule rule : List.of(WITHOUT, FAST)) {
      for (float scale : SCALES) {
        List<Point> points = new ArrayList<>();
        for (int step = 0; step < STEPS; step += SMOOTHED) {
          int from = step;
          points.add(
              new Point(
                  step,
                  Spread.of(
                          runs.get(scaled(rule, scale)).stream()
                              .map(run -> rms(run.steps().subList(from, from + SMOOTHED)))
                              .toList())
                      .median()));
        }
        String start = Axis.label(scale);
        series.add(new Series((rule.equals(FAST) ? "decay, × " : "no decay, × ") + start, points));
      }
    }
    return new Chart(
        "Length of a step, in norms of the weight",
        ("The weight before a BatchNorm, begun with a quarter and with four times its usual size;"
                + " rate %s, decay %s.\nRoot mean square of the next %d steps: median of %d seeds.")
            .formatted(FAST.rate(), FAST.decay(), SMOOTHED, SEEDS),
        "training step",
        Scale.WHOLE,
        "step, in norms of the weight",
        Scale.LOGARITHMIC,
        series);
  }
}
