package io.github.normkit.peers;

import io.github.normkit.throughput.Call;
import io.github.normkit.throughput.Case;
import java.util.List;
import java.util.function.Supplier;
import org.bytedeco.javacpp.BoolPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.LongArrayRef;
import org.bytedeco.pytorch.T_TensorTensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * The tensors of a case and the functions of libtorch that compute it.
 *
 * <p>Only BatchNorm forward writes into memory that it is given. RMSNorm and InstanceNorm have no
 * backward of their own: theirs is autograd's, as in PyTorch.
 */
final class TorchBinding {

  private static final List<String> OUTPUT = List.of(Call.OUTPUT);
  private static final List<String> GRADIENTS =
      List.of(Call.GRAD_INPUT, Call.GRAD_WEIGHT, Call.GRAD_BIAS);

  private final Case problem;
  private final Resources resources = new Resources();
  private final Tensor x;
  private final Tensor weight;
  private final Tensor bias;
  private final TensorOptional optionalWeight;
  private final TensorOptional optionalBias;
  private final TensorOptional none = resources.hold(new TensorOptional());

  /** Copies the inputs. */
  TorchBinding(Case problem) {
    this.problem = problem;
    x = data(resources.floats(problem.x()));
    weight = vector(problem.weight());
    bias = vector(problem.bias());
    optionalWeight = optional(weight);
    optionalBias = optional(bias);
  }

  /** Returns the call, which frees all that was taken here. */
  Call call() {
    return switch (problem.operation()) {
      case LAYER_FORWARD -> layerForward();
      case LAYER_BACKWARD -> layerBackward();
      case RMS_FORWARD -> rmsForward();
      case RMS_BACKWARD -> rmsBackward();
      case ADD_RMS_FORWARD -> addRmsForward();
      case BATCH_TRAIN -> batchForward(true);
      case BATCH_INFER -> batchForward(false);
      case BATCH_BACKWARD -> batchBackward();
      case GROUP_FORWARD -> groupForward();
      case GROUP_BACKWARD -> groupBackward();
      case INSTANCE_FORWARD -> instanceForward();
      case INSTANCE_BACKWARD -> instanceBackward();
    };
  }

  private Call layerForward() {
    inferenceOnly();
    LongArrayRef columns = columns();
    return tuple(
        OUTPUT,
        () -> torch.native_layer_norm(x, columns, optionalWeight, optionalBias, Case.EPSILON));
  }

  private Call layerBackward() {
    inferenceOnly();
    LongArrayRef columns = columns();
    T_TensorTensorTensor_T forward =
        resources.hold(
            torch.native_layer_norm(x, columns, optionalWeight, optionalBias, Case.EPSILON));
    Tensor mean = resources.hold(forward.get1());
    Tensor scale = resources.hold(forward.get2());
    Tensor dy = dy();
    BoolPointer all = all();
    return tuple(
        GRADIENTS,
        () ->
            torch.native_layer_norm_backward(
                dy, x, columns, mean, scale, optionalWeight, optionalBias, all));
  }

  private Call rmsForward() {
    inferenceOnly();
    LongArrayRef columns = columns();
    DoubleOptional epsilon = resources.hold(new DoubleOptional(Case.EPSILON));
    return single(() -> torch.rms_norm(x, columns, optionalWeight, epsilon));
  }

  /** Gives the sum its memory; the output is new, as of {@link #rmsForward}. */
  private Call addRmsForward() {
    inferenceOnly();
    LongArrayRef columns = columns();
    DoubleOptional epsilon = resources.hold(new DoubleOptional(Case.EPSILON));
    Tensor residual = data(resources.floats(problem.residual()));
    Tensor sum = data(resources.floats(problem.size()));
    return new TorchCall<>(
        resources,
        () -> {
          torch.add_out(sum, x, residual);
          return torch.rms_norm(sum, columns, optionalWeight, epsilon);
        },
        y -> List.of(y, sum),
        List.of(Call.OUTPUT, Call.SUM));
  }

  private Call rmsBackward() {
    LongArrayRef columns = columns();
    DoubleOptional epsilon = resources.hold(new DoubleOptional(Case.EPSILON));
    return autograd(
        List.of(Call.GRAD_INPUT, Call.GRAD_WEIGHT),
        () -> torch.rms_norm(x, columns, optional(weight), epsilon),
        x,
        weight);
  }

  private Call batchForward(boolean train) {
    inferenceOnly();
    Tensor y = data(resources.floats(problem.size()));
    TensorOptional mean = optional(vector(problem.runningMean()));
    TensorOptional variance = optional(vector(problem.runningVariance()));
    Tensor savedMean = vector(new float[train ? problem.channels() : 0]);
    Tensor savedScale = vector(new float[train ? problem.channels() : 0]);
    return tuple(
        OUTPUT,
        () ->
            torch.native_batch_norm_out(
                y,
                savedMean,
                savedScale,
                x,
                optionalWeight,
                optionalBias,
                mean,
                variance,
                train,
                Case.MOMENTUM,
                Case.EPSILON));
  }

  private Call batchBackward() {
    inferenceOnly();
    T_TensorTensorTensor_T forward =
        resources.hold(
            torch.native_batch_norm(
                x, optionalWeight, optionalBias, none, none, true, Case.MOMENTUM, Case.EPSILON));
    TensorOptional mean = optional(resources.hold(forward.get1()));
    TensorOptional scale = optional(resources.hold(forward.get2()));
    Tensor dy = dy();
    BoolPointer all = all();
    return tuple(
        GRADIENTS,
        () ->
            torch.native_batch_norm_backward(
                dy, x, optionalWeight, none, none, mean, scale, true, Case.EPSILON, all));
  }

  private Call groupForward() {
    inferenceOnly();
    return tuple(OUTPUT, this::group);
  }

  private T_TensorTensorTensor_T group() {
    return torch.native_group_norm(
        x,
        optionalWeight,
        optionalBias,
        problem.n(),
        problem.channels(),
        problem.spatial(),
        Case.GROUPS,
        Case.EPSILON);
  }

  private Call groupBackward() {
    inferenceOnly();
    T_TensorTensorTensor_T forward = resources.hold(group());
    Tensor mean = resources.hold(forward.get1());
    Tensor scale = resources.hold(forward.get2());
    Tensor dy = dy();
    BoolPointer all = all();
    int n = problem.n();
    int channels = problem.channels();
    int spatial = problem.spatial();
    return tuple(
        GRADIENTS,
        () ->
            torch.native_group_norm_backward(
                dy, x, mean, scale, optionalWeight, n, channels, spatial, Case.GROUPS, all));
  }

  private Call instanceForward() {
    inferenceOnly();
    return single(() -> instance(optionalWeight, optionalBias));
  }

  private Call instanceBackward() {
    return autograd(GRADIENTS, () -> instance(optional(weight), optional(bias)), x, weight, bias);
  }

  private Tensor instance(TensorOptional gamma, TensorOptional beta) {
    return torch.instance_norm(
        x, gamma, beta, none, none, true, Case.MOMENTUM, Case.EPSILON, false);
  }

  /** Spares the bookkeeping of autograd in all calls of this thread, until the end. */
  private void inferenceOnly() {
    resources.hold(new InferenceMode(true));
  }

  private Call tuple(List<String> names, Supplier<T_TensorTensorTensor_T> operation) {
    return new TorchCall<>(
        resources,
        operation,
        tuple ->
            names.size() == 1
                ? List.of(tuple.get0())
                : List.of(tuple.get0(), tuple.get1(), tuple.get2()),
        names);
  }

  private Call single(Supplier<Tensor> operation) {
    return new TorchCall<>(resources, operation, List::of, OUTPUT);
  }

  private Call autograd(List<String> names, Supplier<Tensor> forward, Tensor... leaves) {
    for (Tensor leaf : leaves) {
      leaf.set_requires_grad(true);
    }
    TensorVector outputs = resources.hold(new TensorVector(resources.hold(forward.get())));
    TensorVector inputs = resources.hold(new TensorVector(leaves));
    TensorVector gradients = resources.hold(new TensorVector(dy()));
    BoolOptional keepGraph = resources.hold(new BoolOptional(true));
    return new TorchCall<>(
        resources,
        () -> torch.grad(outputs, inputs, gradients, keepGraph, false, false),
        found -> List.of(found.get()),
        names);
  }

  private Tensor dy() {
    return data(resources.floats(problem.dy()));
  }

  private Tensor data(NativeFloats memory) {
    long n = problem.n();
    long c = problem.channels();
    if (problem.shape().rank() == 2) {
      return resources.hold(torch.from_blob(memory, n, c));
    }
    long h = problem.shape().dim(2);
    long w = problem.shape().dim(3);
    long[] strides =
        problem.channelsLast()
            ? new long[] {h * w * c, 1, w * c, c}
            : new long[] {c * h * w, h * w, w, 1};
    return resources.hold(torch.from_blob(memory, new long[] {n, c, h, w}, strides));
  }

  private Tensor vector(float[] values) {
    return resources.hold(torch.from_blob(resources.floats(values), values.length));
  }

  private TensorOptional optional(Tensor tensor) {
    return resources.hold(new TensorOptional(tensor));
  }

  private LongArrayRef columns() {
    LongPointer columns = resources.hold(new LongPointer(new long[] {problem.channels()}));
    return resources.hold(new LongArrayRef(columns, 1));
  }

  /** Asks for all three gradients. */
  private BoolPointer all() {
    return resources.hold(new BoolPointer(3).put(0, true).put(1, true).put(2, true));
  }
}
