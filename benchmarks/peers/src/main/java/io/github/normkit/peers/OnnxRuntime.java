package io.github.normkit.peers;

import ai.onnxruntime.OrtException;
import io.github.normkit.throughput.Call;
import io.github.normkit.throughput.Case;
import io.github.normkit.throughput.Implementation;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Microsoft's ONNX Runtime: forward only, channels first, each operation a model of one operator.
 */
public final class OnnxRuntime implements Implementation {

  /** The names of a model's inputs and outputs. */
  static final String X = "X";

  static final String RESIDUAL = "residual";
  static final String WEIGHT = "weight";
  static final String BIAS = "bias";
  static final String MEAN = "mean";
  static final String VARIANCE = "variance";
  static final String Y = "Y";
  static final String SUM = "sum";
  static final String NEW_MEAN = "new_mean";
  static final String NEW_VARIANCE = "new_variance";

  @Override
  public String name() {
    return "onnxruntime";
  }

  @Override
  public Optional<Call> bind(Case c, int threads) {
    if (c.channelsLast()) {
      return Optional.empty();
    }
    return model(c).map(model -> call(c, model, threads));
  }

  private static Call call(Case c, OnnxModel model, int threads) {
    try {
      return new OnnxCall(c, model.toBytes(), threads);
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Returns the model of a case, or nothing if ONNX has no such operator. */
  static Optional<OnnxModel> model(Case c) {
    float epsilon = (float) Case.EPSILON;
    return Optional.ofNullable(
            switch (c.operation()) {
              case LAYER_FORWARD -> affine(c, "LayerNormalization", 17).attribute("axis", 1);
              case ADD_RMS_FORWARD -> addRms(c);
              case RMS_FORWARD -> affine(c, "RMSNormalization", 23).attribute("axis", 1);
              case GROUP_FORWARD ->
                  affine(c, "GroupNormalization", 21).attribute("num_groups", Case.GROUPS);
              case INSTANCE_FORWARD -> affine(c, "InstanceNormalization", 17);
              case BATCH_INFER -> batch(c);
              case BATCH_TRAIN ->
                  batch(c)
                      .output(NEW_MEAN, channels(c))
                      .output(NEW_VARIANCE, channels(c))
                      .attribute("training_mode", 1)
                      // The weight of the old value, where the cases give that of the new.
                      .attribute("momentum", (float) (1 - Case.MOMENTUM));
              case LAYER_BACKWARD,
                  RMS_BACKWARD,
                  BATCH_BACKWARD,
                  GROUP_BACKWARD,
                  INSTANCE_BACKWARD ->
                  null;
            })
        .map(model -> model.attribute("epsilon", epsilon));
  }

  private static OnnxModel batch(Case c) {
    return affine(c, "BatchNormalization", 15)
        .input(MEAN, channels(c))
        .input(VARIANCE, channels(c));
  }

  private static OnnxModel addRms(Case c) {
    return new OnnxModel("SkipSimplifiedLayerNormalization", "com.microsoft", 1)
        .input(X, shape(c))
        .input(RESIDUAL, shape(c))
        .input(WEIGHT, channels(c))
        .output(Y, shape(c))
        .noOutput()
        .noOutput()
        .output(SUM, shape(c));
  }

  private static OnnxModel affine(Case c, String operator, int operatorSet) {
    OnnxModel model =
        new OnnxModel(operator, operatorSet)
            .input(X, shape(c))
            .input(WEIGHT, channels(c))
            .output(Y, shape(c));
    return c.operation().hasBias() ? model.input(BIAS, channels(c)) : model;
  }

  private static List<Integer> shape(Case c) {
    return IntStream.of(c.shape().toArray()).boxed().toList();
  }

  private static List<Integer> channels(Case c) {
    return List.of(c.channels());
  }
}
