package io.github.normkit.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * One direction of a chart: a range of values and the positions they are drawn at.
 *
 * @param scale how values become positions
 * @param min the smallest value
 * @param max the largest value, above min
 * @param from the position of min
 * @param to the position of max
 */
public record Axis(Scale scale, double min, double max, double from, double to) {

  /** How values become positions. */
  public enum Scale {
    /** Equal differences get equal room. */
    LINEAR,
    /** As linear, with ticks at whole numbers only. */
    WHOLE,
    /** Equal factors get equal room; values are above 0. */
    LOGARITHMIC,
    /**
     * As logarithmic, with ticks at the smallest value and where it has doubled; rounded, powers of
     * two.
     */
    BINARY;

    /** Returns whether equal factors get equal room. */
    public boolean isLogarithmic() {
      return this == LOGARITHMIC || this == BINARY;
    }
  }

  private static final int MOST_TICKS = 6;

  /** Returns an axis over exactly these values. */
  public static Axis over(double[] values, Scale scale, double from, double to) {
    double min = DoubleStream.of(values).min().orElse(1);
    double max = DoubleStream.of(values).max().orElse(1);
    if (min < max) {
      return new Axis(scale, min, max, from, to);
    }
    return scale.isLogarithmic()
        ? new Axis(scale, min / 2, max * 2, from, to)
        : new Axis(scale, min - 1, max + 1, from, to);
  }

  /** Returns the axis with both ends moved out to round values. */
  public Axis rounded() {
    double low = min;
    double high = max;
    if (scale.isLogarithmic()) {
      List<Double> values =
          scale == Scale.BINARY ? powersOfTwo().boxed().toList() : perDecade(1, 1, 2, 5);
      low = values.stream().filter(value -> value <= min).reduce(low, (a, b) -> b);
      high = values.stream().filter(value -> value >= max).findFirst().orElse(high);
    } else {
      double step = step();
      low = Math.floor(min / step) * step;
      high = Math.ceil(max / step) * step;
    }
    return new Axis(scale, low, high, from, to);
  }

  /** Returns where the value is drawn. */
  public double position(double value) {
    double share =
        scale.isLogarithmic()
            ? StrictMath.log(value / min) / StrictMath.log(max / min)
            : (value - min) / (max - min);
    return from + (to - from) * share;
  }

  /** Returns the values to label, ascending. */
  public List<Double> ticks() {
    if (scale == Scale.BINARY) {
      return DoubleStream.iterate(min, value -> value <= max, value -> 2 * value).boxed().toList();
    }
    if (scale.isLogarithmic()) {
      double decades = StrictMath.log10(max / min);
      List<Double> values =
          decades > 2.5 ? perDecade(1 + (int) decades / MOST_TICKS, 1) : perDecade(1, 1, 2, 5);
      return values.stream().filter(value -> value >= min && value <= max).toList();
    }
    double step = step();
    List<Double> ticks = new ArrayList<>();
    for (double i = Math.ceil(min / step); i * step <= max; i++) {
      ticks.add(i * step);
    }
    if (scale == Scale.WHOLE && ticks.get(0) - min > step / 2) {
      ticks.add(0, min);
    }
    return ticks;
  }

  /** Returns a tick as text, without the digits that are only rounding. */
  public static String label(double tick) {
    BigDecimal rounded = new BigDecimal(tick).round(new MathContext(6)).stripTrailingZeros();
    double size = Math.abs(tick);
    if (tick == 0 || (size >= 1e-5 && size < 1e6)) {
      return rounded.toPlainString();
    }
    int power = rounded.precision() - rounded.scale() - 1;
    return rounded.movePointLeft(power).toPlainString() + "e" + power;
  }

  /** The distance of the ticks of a linear axis. */
  private double step() {
    double least = (max - min) / MOST_TICKS;
    double power = StrictMath.pow(10, Math.floor(StrictMath.log10(least)));
    double step =
        DoubleStream.of(1, 2, 5)
            .map(m -> m * power)
            .filter(s -> s >= least)
            .findFirst()
            .orElse(10 * power);
    return scale == Scale.WHOLE ? Math.max(1, step) : step;
  }

  /** The powers of two about the range. */
  private DoubleStream powersOfTwo() {
    return IntStream.rangeClosed(Math.getExponent(min), Math.getExponent(max) + 1)
        .mapToDouble(power -> Math.scalb(1.0, power));
  }

  /** The multiples of the powers of ten about the range, of every so many powers. */
  private List<Double> perDecade(int every, int... multiples) {
    List<Double> values = new ArrayList<>();
    int first = (int) Math.floor(StrictMath.log10(min));
    for (int power = Math.floorDiv(first, every) * every;
        power <= StrictMath.log10(max) + 1;
        power += every) {
      for (int multiple : multiples) {
        values.add(Double.parseDouble(multiple + "e" + power));
      }
    }
    return values;
  }
}
