package io.github.normkit;

import java.util.Map;
import org.assertj.core.api.Assertions;

/** Assertions that two tensors agree to the bit; all NaNs count as one. */
public final class TensorBits {

  private TensorBits() {}

  /** Fails at the first element that differs. */
  public static void assertSameBits(String what, Tensor got, Tensor expected) {
    Assertions.assertThat(got.shape()).as(what).isEqualTo(expected.shape());
    float[] gotValues = got.toArray();
    float[] expectedValues = expected.toArray();
    for (int i = 0; i < gotValues.length; i++) {
      if (Float.floatToIntBits(gotValues[i]) != Float.floatToIntBits(expectedValues[i])) {
        Assertions.fail(
            "%s differs at element %d of %s: got %s, expected %s",
            what, i, got.shape(), gotValues[i], expectedValues[i]);
      }
    }
  }

  /** Fails if the maps differ in names, in their order or in a tensor. */
  public static void assertSameBits(
      String what, Map<String, Tensor> got, Map<String, Tensor> expected) {
    Assertions.assertThat(got.keySet()).as(what).containsExactlyElementsOf(expected.keySet());
    expected.forEach((name, tensor) -> assertSameBits(what + " " + name, got.get(name), tensor));
  }
}
