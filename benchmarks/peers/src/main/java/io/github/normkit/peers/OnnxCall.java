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
  private final NativeFloats y;

  /** Copies the inputs. */
  OnnxCall(Case problem, byte[] model, int threads) throws OrtException {
    this.problem = problem;
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(threads);
      options.setInterOpNumThreads(1);
      session = OrtEnvironment.getEnvironment().createSession(model, options);
    }
    resources.atEnd(this::closeSession);
    y = resources.floats(problem.size());
    for (String name : session.getInputNames()) {
      inputs.put(name, tensor(name, resources.floats(input(name))));
    }
    for (String name : session.getOutputNames()) {
      boolean isOutput = name.equals(OnnxRuntime.Y);
      outputs.put(name, tensor(name, isOutput ? y : resources.floats(problem.channels())));
    }
  }

  private float[] input(String name) {
    return switch (name) {
      case OnnxRuntime.X -> problem.x();
      case OnnxRuntime.WEIGHT -> problem.weight();
      case OnnxRuntime.BIAS -> problem.bias();
      case OnnxRuntime.MEAN -> problem.runningMean();
      case OnnxRuntime.VARIANCE -> problem.runningVariance();
      default -> throw new IllegalArgumentException("no input has the name " + name);
    };
  }

  private OnnxTensor tensor(String name, NativeFloats memory) throws OrtException {
    boolean whole = name.equals(OnnxRuntime.X) || name.equals(OnnxRuntime.Y);
    int[] shape = whole ? problem.shape().toArray() : new int[] {problem.channels()};
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
    return Map.of(OUTPUT, y.toArray());
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
