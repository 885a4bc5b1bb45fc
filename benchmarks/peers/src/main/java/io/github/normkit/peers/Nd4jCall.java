package io.github.normkit.peers;

import io.github.normkit.throughput.Call;
import io.github.normkit.throughput.Case;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.CustomOp;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.factory.Nd4j;

/** A case bound to ND4J: its operations with the arrays that they read and write. */
final class Nd4jCall implements Call {

  private static final int YES = 1;

  private final Case problem;
  private final Map<String, INDArray> results = new LinkedHashMap<>();
  private final INDArray x;
  private final INDArray weight;
  private final INDArray bias;
  private final List<CustomOp> operations;

  /** Copies the inputs. */
  Nd4jCall(Case problem) {
    this.problem = problem;
    x = data(problem.x());
    weight = Nd4j.createFromArray(problem.weight());
    bias = Nd4j.createFromArray(problem.bias());
    operations = operations();
  }

  private List<CustomOp> operations() {
    return switch (problem.operation()) {
      case LAYER_FORWARD -> List.of(layerForward());
      case LAYER_BACKWARD -> List.of(layerBackward());
      case BATCH_INFER ->
          List.of(
              batchForward(
                  Nd4j.createFromArray(problem.runningMean()),
                  Nd4j.createFromArray(problem.runningVariance())));
      case BATCH_TRAIN -> batchTrain();
      case BATCH_BACKWARD -> List.of(batchBackward());
      default -> throw new IllegalArgumentException("no operation for " + problem);
    };
  }

  private CustomOp layerForward() {
    return DynamicCustomOp.builder("layer_norm")
        .addInputs(x, weight, bias)
        .addOutputs(result(OUTPUT, problem.storedShape().toArray()))
        .addIntegerArguments(1)
        .addBooleanArguments(true)
        .build();
  }

  private CustomOp layerBackward() {
    return DynamicCustomOp.builder("layer_norm_bp")
        .addInputs(x, weight, bias, data(problem.dy()))
        .addOutputs(
            result(GRAD_INPUT, problem.storedShape().toArray()),
            result(GRAD_WEIGHT, problem.channels()),
            result(GRAD_BIAS, problem.channels()))
        .addIntegerArguments(1)
        .addBooleanArguments(true)
        .build();
  }

  private List<CustomOp> batchTrain() {
    INDArray mean = channels();
    INDArray variance = channels();
    return List.of(moments(mean, variance), batchForward(mean, variance));
  }

  private CustomOp batchForward(INDArray mean, INDArray variance) {
    return DynamicCustomOp.builder("batchnorm")
        .addInputs(x, mean, variance, weight, bias)
        .addOutputs(result(OUTPUT, problem.storedShape().toArray()))
        .addIntegerArguments(YES, YES, channelAxis())
        .addFloatingPointArguments(Case.EPSILON)
        .build();
  }

  private CustomOp batchBackward() {
    INDArray mean = channels();
    INDArray variance = channels();
    Nd4j.exec(moments(mean, variance));
    return DynamicCustomOp.builder("batchnorm_bp")
        .addInputs(x, mean, variance, weight, bias, data(problem.dy()))
        .addOutputs(
            result(GRAD_INPUT, problem.storedShape().toArray()),
            channels(),
            channels(),
            result(GRAD_WEIGHT, problem.channels()),
            result(GRAD_BIAS, problem.channels()))
        .addIntegerArguments(YES, YES, channelAxis())
        .addFloatingPointArguments(Case.EPSILON)
        .build();
  }

  private CustomOp moments(INDArray mean, INDArray variance) {
    int[] others =
        IntStream.range(0, problem.shape().rank()).filter(axis -> axis != channelAxis()).toArray();
    return DynamicCustomOp.builder("moments")
        .addInputs(x)
        .addOutputs(mean, variance)
        .addIntegerArguments(others)
        .addBooleanArguments(false)
        .build();
  }

  private int channelAxis() {
    return problem.channelsLast() ? problem.shape().rank() - 1 : 1;
  }

  private INDArray data(float[] values) {
    long[] shape = IntStream.of(problem.storedShape().toArray()).asLongStream().toArray();
    return Nd4j.createFromArray(values).reshape('c', shape);
  }

  private INDArray channels() {
    return Nd4j.create(DataType.FLOAT, problem.channels());
  }

  private INDArray result(String name, int... shape) {
    INDArray array = Nd4j.create(DataType.FLOAT, IntStream.of(shape).asLongStream().toArray());
    results.put(name, array);
    return array;
  }

  @Override
  public void run() {
    for (int i = 0; i < operations.size(); i++) {
      Nd4j.exec(operations.get(i));
    }
  }

  @Override
  public Map<String, float[]> results() {
    Map<String, float[]> copies = new LinkedHashMap<>();
    results.forEach((name, array) -> copies.put(name, array.data().asFloat()));
    return copies;
  }

  /** Leaves the arrays to ND4J, which frees those that the garbage collector finds. */
  @Override
  public void close() {}
}
