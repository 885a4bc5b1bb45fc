package io.github.normkit.peers;

import static io.github.normkit.peers.OneDnnPrimitive.check;
import static org.bytedeco.dnnl.global.dnnl.*;

import io.github.normkit.throughput.Call;
import io.github.normkit.throughput.Case;
import io.github.normkit.throughput.Operation;
import io.github.normkit.throughput.Operation.Layer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.bytedeco.dnnl.dnnl_engine;
import org.bytedeco.dnnl.dnnl_memory_desc;
import org.bytedeco.dnnl.dnnl_primitive_attr;
import org.bytedeco.dnnl.dnnl_primitive_desc;
import org.bytedeco.dnnl.dnnl_stream;

/** A case bound to oneDNN. Nothing is allocated in a run. */
final class OneDnnCall implements Call {

  private static final float EPSILON = (float) Case.EPSILON;

  private final Case problem;
  private final Layer layer;
  private final int flags;
  private final Resources resources = new Resources();
  private final Map<String, NativeFloats> results = new LinkedHashMap<>();
  private final dnnl_engine engine = new dnnl_engine();
  private final dnnl_stream stream = new dnnl_stream();
  private final dnnl_primitive_attr defaults = new dnnl_primitive_attr(null);
  private final dnnl_memory_desc data;
  private final dnnl_memory_desc affine;
  private final dnnl_memory_desc statistics;
  private final NativeFloats x;
  private final NativeFloats weight;
  private final NativeFloats bias;
  private final NativeFloats mean;
  private final NativeFloats variance;
  private final List<OneDnnPrimitive> timed = new ArrayList<>();

  /** Copies the inputs; for backward, also runs forward. */
  OneDnnCall(Case problem, int threads) {
    this.problem = problem;
    layer = problem.operation().layer();
    flags = dnnl_use_scale | (layer == Layer.RMS ? dnnl_rms_norm : dnnl_use_shift);
    check(dnnl_engine_create(engine, dnnl_cpu, 0));
    resources.atEnd(() -> check(dnnl_engine_destroy(engine)));
    OpenMp.setThreads(threads);
    check(dnnl_stream_create(stream, engine, dnnl_stream_default_flags));
    resources.atEnd(() -> check(dnnl_stream_destroy(stream)));
    data = data();
    affine = description(dnnl_a, problem.channels());
    statistics = statistics();
    x = resources.floats(problem.x());
    weight = resources.floats(problem.weight());
    bias = resources.floats(problem.bias());
    boolean infer = problem.operation() == Operation.BATCH_INFER;
    float[] unknown = new float[sets()];
    mean = resources.floats(infer ? problem.runningMean() : unknown);
    variance = resources.floats(infer ? problem.runningVariance() : unknown);
    switch (problem.operation()) {
      case ADD_RMS_FORWARD -> addThenForward();
      case LAYER_BACKWARD, RMS_BACKWARD, BATCH_BACKWARD, GROUP_BACKWARD, INSTANCE_BACKWARD ->
          timed.add(backward());
      default -> timed.add(forward(x));
    }
  }

  /** Adds in one pass and normalizes in another: oneDNN has nothing for both. */
  private void addThenForward() {
    dnnl_primitive_desc made = new dnnl_primitive_desc();
    check(
        dnnl_binary_primitive_desc_create(
            made, engine, dnnl_binary_add, data, data, data, defaults));
    resources.atEnd(() -> check(dnnl_primitive_desc_destroy(made)));
    NativeFloats sum = result(Call.SUM, problem.size());
    timed.add(
        primitive(made)
            .with(DNNL_ARG_SRC_0, data, x)
            .with(DNNL_ARG_SRC_1, data, resources.floats(problem.residual()))
            .with(DNNL_ARG_DST, data, sum));
    timed.add(forward(sum));
  }

  private OneDnnPrimitive forward(NativeFloats input) {
    boolean keepsStatistics = layer == Layer.BATCH;
    int kind =
        problem.operation() == Operation.BATCH_TRAIN
            ? dnnl_forward_training
            : dnnl_forward_inference;
    OneDnnPrimitive forward =
        forward(forwardDescription(kind), input, result(Call.OUTPUT, problem.size()));
    return keepsStatistics ? withStatistics(forward) : forward;
  }

  private OneDnnPrimitive backward() {
    dnnl_primitive_desc forward = forwardDescription(dnnl_forward_training);
    NativeFloats y = resources.floats(problem.size());
    withStatistics(forward(forward, x, y)).execute(stream);
    OneDnnPrimitive backward =
        primitive(backwardDescription(forward))
            .with(DNNL_ARG_SRC, data, x)
            .with(DNNL_ARG_DIFF_DST, data, resources.floats(problem.dy()))
            .with(DNNL_ARG_SCALE, affine, weight)
            .with(DNNL_ARG_DIFF_SRC, data, result(Call.GRAD_INPUT, problem.size()))
            .with(DNNL_ARG_DIFF_SCALE, affine, result(Call.GRAD_WEIGHT, problem.channels()));
    if (problem.operation().hasBias()) {
      backward.with(DNNL_ARG_DIFF_SHIFT, affine, result(Call.GRAD_BIAS, problem.channels()));
    }
    return withStatistics(backward);
  }

  private OneDnnPrimitive forward(
      dnnl_primitive_desc description, NativeFloats input, NativeFloats y) {
    OneDnnPrimitive forward =
        primitive(description)
            .with(DNNL_ARG_SRC, data, input)
            .with(DNNL_ARG_DST, data, y)
            .with(DNNL_ARG_SCALE, affine, weight);
    return problem.operation().hasBias() ? forward.with(DNNL_ARG_SHIFT, affine, bias) : forward;
  }

  private OneDnnPrimitive withStatistics(OneDnnPrimitive primitive) {
    return primitive
        .with(DNNL_ARG_MEAN, statistics, mean)
        .with(DNNL_ARG_VARIANCE, statistics, variance);
  }

  private OneDnnPrimitive primitive(dnnl_primitive_desc description) {
    return new OneDnnPrimitive(resources, engine, description);
  }

  private dnnl_primitive_desc forwardDescription(int kind) {
    dnnl_primitive_desc made = new dnnl_primitive_desc();
    check(
        switch (layer) {
          case LAYER, RMS ->
              dnnl_layer_normalization_forward_primitive_desc_create_v2(
                  made, engine, kind, data, data, statistics, dnnl_f32, EPSILON, flags, defaults);
          case BATCH ->
              dnnl_batch_normalization_forward_primitive_desc_create(
                  made, engine, kind, data, data, EPSILON, batchFlags(), defaults);
          case GROUP, INSTANCE ->
              dnnl_group_normalization_forward_primitive_desc_create(
                  made, engine, kind, data, data, groups(), EPSILON, flags, defaults);
        });
    resources.atEnd(() -> check(dnnl_primitive_desc_destroy(made)));
    return made;
  }

  private dnnl_primitive_desc backwardDescription(dnnl_primitive_desc forward) {
    dnnl_primitive_desc made = new dnnl_primitive_desc();
    int kind = dnnl_backward;
    check(
        switch (layer) {
          case LAYER, RMS ->
              dnnl_layer_normalization_backward_primitive_desc_create_v2(
                  made,
                  engine,
                  kind,
                  data,
                  data,
                  data,
                  statistics,
                  dnnl_f32,
                  dnnl_f32,
                  EPSILON,
                  flags,
                  forward,
                  defaults);
          case BATCH ->
              dnnl_batch_normalization_backward_primitive_desc_create(
                  made, engine, kind, data, data, data, EPSILON, flags, forward, defaults);
          case GROUP, INSTANCE ->
              dnnl_group_normalization_backward_primitive_desc_create(
                  made, engine, kind, data, data, data, groups(), EPSILON, flags, forward,
                  defaults);
        });
    resources.atEnd(() -> check(dnnl_primitive_desc_destroy(made)));
    return made;
  }

  private int batchFlags() {
    return problem.operation() == Operation.BATCH_INFER ? flags | dnnl_use_global_stats : flags;
  }

  private int groups() {
    return layer == Layer.INSTANCE ? problem.channels() : Case.GROUPS;
  }

  /** How many sets of elements have statistics of their own. */
  private int sets() {
    return switch (layer) {
      case LAYER, RMS -> problem.n();
      case BATCH -> problem.channels();
      case GROUP, INSTANCE -> problem.n() * groups();
    };
  }

  private dnnl_memory_desc statistics() {
    return layer == Layer.GROUP || layer == Layer.INSTANCE
        ? description(dnnl_ab, problem.n(), groups())
        : description(dnnl_a, sets());
  }

  private dnnl_memory_desc data() {
    long[] dimensions = IntStream.of(problem.shape().toArray()).asLongStream().toArray();
    int order = problem.channelsLast() ? dnnl_nhwc : dnnl_nchw;
    return description(dimensions.length == 2 ? dnnl_ab : order, dimensions);
  }

  private dnnl_memory_desc description(int order, long... dimensions) {
    dnnl_memory_desc made = new dnnl_memory_desc();
    check(dnnl_memory_desc_create_with_tag(made, dimensions.length, dimensions, dnnl_f32, order));
    resources.atEnd(() -> check(dnnl_memory_desc_destroy(made)));
    return made;
  }

  private NativeFloats result(String name, int size) {
    NativeFloats floats = resources.floats(size);
    results.put(name, floats);
    return floats;
  }

  @Override
  public void run() {
    for (int i = 0; i < timed.size(); i++) {
      timed.get(i).execute(stream);
    }
  }

  @Override
  public Map<String, float[]> results() {
    Map<String, float[]> copies = new LinkedHashMap<>();
    results.forEach((name, floats) -> copies.put(name, floats.toArray()));
    if (problem.operation() == Operation.RMS_BACKWARD) {
      addMissing(copies.get(Call.GRAD_INPUT));
    }
    return copies;
  }

  /**
   * Adds what oneDNN 3.11 takes off wrongly: its RMSNorm's gradient by the input has LayerNorm's
   * term of the mean, too. With it added back, the rest is still checked.
   */
  private void addMissing(float[] dx) {
    float[] dy = problem.dy();
    int columns = problem.channels();
    for (int row = 0; row < problem.n(); row++) {
      double sum = 0;
      for (int i = 0; i < columns; i++) {
        sum += (double) dy[row * columns + i] * weight.get(i);
      }
      double missing = sum / columns / Math.sqrt(variance.get(row) + Case.EPSILON);
      for (int i = 0; i < columns; i++) {
        dx[row * columns + i] += (float) missing;
      }
    }
  }

  @Override
  public void close() {
    resources.close();
  }
}
