package io.github.normkit.peers;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.github.normkit.throughput.Call;
import io.github.normkit.throughput.Case;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;

/** A case bound to ONNX Runtime: inputs and outputs are the same memory in all runs. */
final class OnnxCall implements Call {

  private final Case problem;
  private final Resources resources = new Resources();
  private final OrtSession session;
  private final Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
  private final Map<String, OnnxTensor> outputs = new LinkedHashMap<>();
  private final Map<String, NativeFloats> results = new LinkedHashMap<>();

  /** Copies the inputs. */
  OnnxCall(Case problem, byte[] model, int threads) throws OrtException {
    this.problem = problem;
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(threads);
      options.setInterOpNumThreads(1);
      session = OrtEnvironment.getEnvironment().createSession(model, options);
    }
    resources.atEnd(this::closeSession);
    for (String name : session.getInputNames()) {
      inputs.put(name, tensor(name, resources.floats(input(name))));
    }
    for (String name : session.getOutputNames()) {
      NativeFloats memory = resources.floats(isWhole(name) ? problem.size() : problem.channels());
      outputs.put(name, tensor(name, memory));
      results.put(name.equals(OnnxRuntime.Y) ? OUTPUT : name, memory);
    }
  }

  private float[] input(String name) {
    return switch (name) {
      case OnnxRuntime.X -> problem.x();
      case OnnxRuntime.RESIDUAL -> problem.residual();
      case OnnxRuntime.WEIGHT -> problem.weight();
      case OnnxRuntime.BIAS -> problem.bias();
      case OnnxRuntime.MEAN -> problem.runningMean();
      case OnnxRuntime.VARIANCE -> problem.runningVariance();
      default -> throw new IllegalArgumentException("no input has the name " + name);
    };
  }

  /** Returns whether a tensor has the shape of the case; else it has one dimension, channels. */
  private static boolean isWhole(String name) {
    return switch (name) {
      case OnnxRuntime.X, OnnxRuntime.RESIDUAL, OnnxRuntime.Y, OnnxRuntime.SUM -> true;
      default -> false;
    };
  }

  private OnnxTensor tensor(String name, NativeFloats memory) throws OrtException {
    int[] shape = isWhole(name) ? problem.shape().toArray() : new int[] {problem.channels()};
    long[] dimensions = IntStream.of(shape).asLongStream().toArray();
    OnnxTensor tensor =
        OnnxTensor.createTensor(OrtEnvironment.getEnvironment(), memory.asBuffer(), dimensions);
    resources.atEnd(tensor::close);
    return tensor;
  }

  @Override
  public void run() {
    try {
      session.run(inputs, outputs).close();
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public Map<String, float[]> results() {
    Map<String, float[]> copies = new LinkedHashMap<>();
    results.forEach((name, floats) -> copies.put(name, floats.toArray()));
    return copies;
  }

  @Override
  public void close() {
    resources.close();
  }

  private void closeSession() {
    try {
      session.close();
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }
}
