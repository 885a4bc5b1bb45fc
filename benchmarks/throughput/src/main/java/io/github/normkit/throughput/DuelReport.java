package io.github.normkit.throughput;

import io.github.normkit.report.DotChart;
import io.github.normkit.report.Table;
import java.util.List;
import java.util.function.Function;

/**
 * What {@link Duel} prints and draws.
 *
 * @param pairs what was timed
 * @param times what was measured of a job
 * @param threads how many threads worked at a call
 */
record DuelReport(List<DuelPair> pairs, Function<Job, Measured> times, int threads) {

  Table table() {
    Table table =
        new Table(10)
            .row(
                "\nshape",
                "\npass",
                "LayerNorm\nµs",
                "RMSNorm\nµs",
                "RMSNorm\nsaves",
                "LayerNorm\nGB/s",
                "RMSNorm\nGB/s",
                "copy\nGB/s",
                "LayerNorm\nof copy",
                "RMSNorm\nof copy");
    for (DuelPair pair : pairs) {
      Measured layer = times.apply(pair.layer());
      Measured rms = times.apply(pair.rms());
      Measured copy = times.apply(pair.copy());
      table.row(
          pair.shape(),
          pass(pair),
          Format.micros(layer.time()),
          Format.micros(rms.time()),
          Format.percent(1 - rms.time() / layer.time()),
          Format.of("%.1f", layer.gigabytesPerSecond()),
          Format.of("%.1f", rms.gigabytesPerSecond()),
          Format.of("%.1f", copy.gigabytesPerSecond()),
          Format.percent(share(layer, copy)),
          Format.percent(share(rms, copy)));
    }
    return table;
  }

  private static double share(Measured measured, Measured copy) {
    return copy.time() / measured.time();
  }

  List<String> notes() {
    List<Double> spreads =
        pairs.stream()
            .flatMap(pair -> pair.jobs().stream())
            .map(job -> times.apply(job).spread())
            .toList();
    double spread = Measured.median(spreads);
    return List.of(
        "  GB/s       of the bytes that must move: 8 an element forward (a float read, one written),",
        "             12 backward (two read, one written)",
        "  of copy    the time of a vector loop that copies as many bytes, by the layer's",
        "  saves      of LayerNorm's time; less than the noise says nothing: iterations differ by",
        "             " + Format.percent(spread) + " either way (median of all that was timed)");
  }

  DotChart chart() {
    return new DotChart(
        "LayerNorm against RMSNorm: how near to a copy",
        Format.of(
            "Speed of each pass as a part of that of a vector loop that copies as many bytes"
                + " (forward 8 an element, backward 12).\nJava %s, kernels %s, %s.",
            System.getProperty("java.version"),
            io.github.normkit.Normkit.kernels(),
            threads == 1 ? "1 thread" : threads + " threads"),
        "speed of the copy = 100",
        100,
        "copy",
        List.of("LayerNorm", "RMSNorm"),
        List.of(section("Forward", false), section("Backward", true)));
  }

  private DotChart.Section section(String heading, boolean backward) {
    return new DotChart.Section(
        heading,
        pairs.stream()
            .filter(pair -> pair.isBackward() == backward)
            .map(
                pair -> {
                  Measured copy = times.apply(pair.copy());
                  return new DotChart.Row(
                      pair.shape(),
                      List.of(
                          100 * share(times.apply(pair.layer()), copy),
                          100 * share(times.apply(pair.rms()), copy)));
                })
            .toList());
  }

  private static String pass(DuelPair pair) {
    return pair.isBackward() ? "backward" : "forward";
  }
}
