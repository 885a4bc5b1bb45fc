package io.github.normkit.throughput;

import java.util.Comparator;
import java.util.List;

/**
 * A line of the bar: numbers of some cases, and how large each must be.
 *
 * @param name what the line is about
 * @param measure what the numbers are
 * @param bound what each must be; NaN if nothing is asked
 * @param least whether the bound is the least that is allowed; else it is the most
 * @param entries the numbers
 */
record Line(String name, String measure, double bound, boolean least, List<Entry> entries) {

  /** The number of a case. */
  record Entry(String what, Ratio ratio) {}

  static Line atLeast(double bound, String name, String measure, List<Entry> entries) {
    return new Line(name, measure, bound, true, entries);
  }

  static Line atMost(double bound, String name, String measure, List<Entry> entries) {
    return new Line(name, measure, bound, false, entries);
  }

  /** Returns the rule, such as {@code "copy / normkit ≥ 0.95"}. */
  String rule() {
    return Double.isNaN(bound)
        ? measure
        : Format.of("%s %s %s", measure, least ? "≥" : "≤", number(bound));
  }

  /** Returns whether an entry keeps to the bound. */
  boolean isMet(Entry entry) {
    double value = entry.ratio.median();
    return Double.isNaN(bound) || (least ? value >= bound : value <= bound);
  }

  /** Returns the entries that do not, the worst first. */
  List<Entry> missed() {
    return entries.stream().filter(entry -> !isMet(entry)).sorted(worstFirst()).toList();
  }

  private Comparator<Entry> worstFirst() {
    Comparator<Entry> smallest = Comparator.comparingDouble(entry -> entry.ratio.median());
    return least ? smallest : smallest.reversed();
  }

  /** Returns the cells of the table; there is an entry at least. */
  String[] row() {
    Entry worst = entries.stream().min(worstFirst()).orElseThrow();
    int met = entries.size() - missed().size();
    String verdict = met == entries.size() ? "yes" : "no: " + met + " of " + entries.size();
    return new String[] {
      name, rule(), reached(), worstText(worst), Double.isNaN(bound) ? "" : verdict
    };
  }

  private String reached() {
    List<Double> medians = entries.stream().map(entry -> entry.ratio.median()).toList();
    String median = number(Measured.median(medians));
    return medians.size() == 1
        ? median
        : median
            + " ("
            + number(medians.stream().min(Double::compare).orElseThrow())
            + "–"
            + number(medians.stream().max(Double::compare).orElseThrow())
            + ")";
  }

  private String worstText(Entry worst) {
    return number(worst.ratio.median()) + ": " + worst.what;
  }

  static String number(double value) {
    return value == Math.rint(value) && (value >= 10 || value == 0)
        ? Format.of("%.0f", value)
        : Format.of("%.2f", value);
  }
}
