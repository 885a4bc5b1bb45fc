package io.github.normkit;

import io.github.normkit.reference.BatchNormReference;
import io.github.normkit.reference.Gradients;
import io.github.normkit.reference.InstanceNormReference;
import io.github.normkit.reference.Normalized;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** BatchNorm and InstanceNorm with their running statistics. */
final class RunningOracle extends ImageOracle {

  private final boolean perSample;
  private final RunningOptions options;
  private double[] runningMean;
  private double[] runningVariance;
  private double[] runningMeanOfAbsolutes;
  private int batches;
  private boolean lastUsedTheBatch;
  private Normalized lastStatistics;

  RunningOracle(
      boolean perSample, int channels, Layout layout, double epsilon, RunningOptions options) {
    super(channels, layout, epsilon);
    this.perSample = perSample;
    this.options = options;
    runningMean = new double[channels];
    runningVariance = new double[channels];
    runningMeanOfAbsolutes = new double[channels];
    Arrays.fill(runningVariance, 1);
  }

  /** Takes over the running statistics of a layer. */
  void load(double[] mean, double[] variance) {
    runningMean = mean.clone();
    runningVariance = variance.clone();
  }

  @Override
  boolean usesBatchStatistics(boolean training) {
    return !options.track() || (training && !options.frozen());
  }

  @Override
  Normalized normalize(Shape shape, double[] x, double[] weight, double[] bias, boolean training) {
    int n = samples(shape);
    int s = places(shape);
    if (!usesBatchStatistics(training)) {
      double[] y =
          BatchNormReference.infer(
              x, n, channels, s, layout, runningMean, runningVariance, weight, bias, epsilon());
      return new Normalized(y, runningMean, runningVariance);
    }
    return batchStatistics(shape, x, weight, bias);
  }

  private Normalized batchStatistics(Shape shape, double[] x, double[] weight, double[] bias) {
    int n = samples(shape);
    int s = places(shape);
    return perSample
        ? InstanceNormReference.forward(x, n, channels, s, layout, weight, bias, epsilon())
        : BatchNormReference.forward(x, n, channels, s, layout, weight, bias, epsilon());
  }

  @Override
  void remember(Shape shape, double[] x, Normalized statistics, boolean training) {
    lastStatistics = statistics;
    lastUsedTheBatch = usesBatchStatistics(training);
    if (training && lastUsedTheBatch && options.track() && statistics.y().length > 0) {
      update(shape, statistics, batchStatistics(shape, absolute(x), null, null).mean());
    }
  }

  private void update(Shape shape, Normalized statistics, double[] meanOfAbsolutes) {
    int count = perSample ? places(shape) : samples(shape) * places(shape);
    batches++;
    double momentum = options.cumulative() ? 1.0 / batches : options.momentum();
    double[] variance =
        options.unbiased()
            ? BatchNormReference.unbiased(statistics.variance(), count)
            : statistics.variance();
    runningMeanOfAbsolutes =
        BatchNormReference.running(runningMeanOfAbsolutes, byChannel(meanOfAbsolutes), momentum);
    runningMean = BatchNormReference.running(runningMean, byChannel(statistics.mean()), momentum);
    runningVariance = BatchNormReference.running(runningVariance, byChannel(variance), momentum);
  }

  private static double[] absolute(double[] x) {
    return Arrays.stream(x).map(Math::abs).toArray();
  }

  /** The mean over the samples, of BatchNorm the statistics as they are. */
  private double[] byChannel(double[] statistics) {
    int sets = statistics.length / channels;
    double[] means = new double[channels];
    for (int i = 0; i < statistics.length; i++) {
      means[i % channels] += statistics[i] / sets;
    }
    return means;
  }

  @Override
  Gradients gradients(Shape shape, double[] x, double[] dy, double[] weight) {
    int n = samples(shape);
    int s = places(shape);
    if (!lastUsedTheBatch) {
      return BatchNormReference.backwardInfer(
          x,
          dy,
          n,
          channels,
          s,
          layout,
          lastStatistics.mean(),
          lastStatistics.variance(),
          weight,
          epsilon());
    }
    return perSample
        ? InstanceNormReference.backward(x, dy, n, channels, s, layout, weight, epsilon())
        : BatchNormReference.backward(x, dy, n, channels, s, layout, weight, epsilon());
  }

  @Override
  double runningMeanScale() {
    return NaturalTolerance.largest(runningMeanOfAbsolutes);
  }

  @Override
  Map<String, double[]> runningStatistics() {
    Map<String, double[]> statistics = new LinkedHashMap<>();
    if (options.track()) {
      statistics.put("running_mean", runningMean);
      statistics.put("running_var", runningVariance);
      statistics.put("num_batches_tracked", new double[] {batches});
    }
    return statistics;
  }
}
