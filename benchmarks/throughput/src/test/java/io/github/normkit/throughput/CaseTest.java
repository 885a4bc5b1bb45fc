package io.github.normkit.throughput;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CaseTest {

  @Test
  void aCaseReadsWhatItWrites() {
    for (Case c : Case.all()) {
      assertThat(Case.parse(c.toString())).isEqualTo(c);
    }
  }

  @Test
  void thereIsEveryOperationOnEachOfItsShapes() {
    assertThat(Case.all())
        .doesNotHaveDuplicates()
        .hasSize(5 * 7 + 3 * (3 + 1 + 3) + 4 * (3 + 3))
        .extracting(Case::toString)
        .contains(
            "RMS_BACKWARD 4096x8192",
            "ADD_RMS_FORWARD 4096x64",
            "BATCH_INFER 256x1024",
            "BATCH_TRAIN 32x64x56x56 channels-last",
            "INSTANCE_BACKWARD 32x512x7x7",
            "GROUP_FORWARD 8x256x14x14 channels-last");
  }

  @ParameterizedTest
  @CsvSource({
    "LAYER_FORWARD 128x768, 786432",
    "LAYER_BACKWARD 128x768, 1179648",
    "BATCH_TRAIN 32x64x56x56, 51380224",
    "GROUP_BACKWARD 8x256x14x14, 4816896",
    "ADD_RMS_FORWARD 128x768, 1572864"
  })
  void forwardMovesTwoFloatsAnElementBackwardThreeAndAResidualTwoMore(String text, long bytes) {
    assertThat(Case.parse(text).bytes()).isEqualTo(bytes);
  }

  @Test
  void channelsLastChangesTheOrderAlone() {
    Case c = Case.parse("BATCH_TRAIN 2x3x4x5 channels-last");
    assertThat(c.storedShape().toArray()).containsExactly(2, 4, 5, 3);
    assertThat(c.n()).isEqualTo(2);
    assertThat(c.channels()).isEqualTo(3);
    assertThat(c.spatial()).isEqualTo(20);
  }

  @ParameterizedTest
  @CsvSource({
    "LAYER_FORWARD 512x1024, true",
    "LAYER_FORWARD 4096x64, false",
    "BATCH_INFER 32x64x56x56 channels-last, true",
    "BATCH_INFER 8x256x14x14, false",
    "BATCH_INFER 32x512x7x7, false"
  })
  void largeCasesOfLongRunsAreBeyondL2(String text, boolean beyond) {
    assertThat(Case.parse(text).isBeyondL2()).isEqualTo(beyond);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "LAYER_FORWARD | case must be an operation, a shape and perhaps channels-last",
        "LAYER_SIDEWARDS 2x3 | operation must be one of [LAYER_FORWARD",
        "LAYER_FORWARD 2by3 | shape must be whole numbers between x, as in 128x768: got 2by3",
        "LAYER_FORWARD 2x3x4 | LAYER_FORWARD: shape must be rows x columns: got 2x3x4",
        "BATCH_TRAIN 2 | BATCH_TRAIN: shape must be N x C x ...: got 2",
        "BATCH_TRAIN 2x3 channels-last | BATCH_TRAIN: channels last must have spatial dimensions",
        "GROUP_FORWARD 2x33x4x4 | GROUP_FORWARD: channels must be divisible by 32: got 2x33x4x4"
      })
  void aBadCaseIsRefused(String textAndMessage) {
    List<String> parts = List.of(textAndMessage.split(" \\| ", -1));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Case.parse(parts.get(0)))
        .withMessageStartingWith(parts.get(1));
  }

  @Test
  void theErrorIsThatOfTheWorstResult() {
    Case c = Case.parse("LAYER_BACKWARD 3x40");
    double exact = c.error(changed(c, results -> results));
    assertThat(exact).isLessThan(1e-6);
    double off =
        c.error(
            changed(
                c,
                results -> {
                  results.get(Call.GRAD_BIAS)[7] += 1e-5f * largest(c, Call.GRAD_BIAS);
                  return results;
                }));
    assertThat(off).isBetween(0.9e-5, 1.1e-5);
  }

  @Test
  void aWrongResultIsRefused() {
    Case c = Case.parse("LAYER_BACKWARD 3x40");
    assertThatIllegalStateException()
        .isThrownBy(
            () ->
                c.error(
                    changed(
                        c,
                        results -> {
                          results.get(Call.GRAD_WEIGHT)[39] += 1;
                          return results;
                        })))
        .withMessageStartingWith(
            "LAYER_BACKWARD 3x40: grad_weight must be off by at most 1.0E-4 of its largest value");
    assertThatIllegalStateException()
        .isThrownBy(
            () ->
                c.error(
                    changed(
                        c,
                        results -> {
                          results.get(Call.GRAD_INPUT)[0] = Float.NaN;
                          return results;
                        })))
        .withMessageEndingWith("got NaN");
  }

  @Test
  void aMissingResultIsRefused() {
    Case c = Case.parse("LAYER_BACKWARD 3x40");
    assertThatIllegalStateException()
        .isThrownBy(
            () ->
                c.error(
                    changed(
                        c,
                        results -> {
                          results.remove(Call.GRAD_BIAS);
                          return results;
                        })))
        .withMessage("LAYER_BACKWARD 3x40: grad_bias must have 40 elements: got none");
  }

  private static float largest(Case c, String name) {
    double largest = 0;
    for (double value : c.expected().get(name)) {
      largest = Math.max(largest, Math.abs(value));
    }
    return (float) largest;
  }

  /** The reference as a call, with its results changed. */
  private static Call changed(Case c, UnaryOperator<Map<String, float[]>> change) {
    return new Call() {

      @Override
      public void run() {}

      @Override
      public Map<String, float[]> results() {
        Map<String, float[]> results = new HashMap<>();
        c.expected().forEach((name, values) -> results.put(name, narrow(values)));
        return change.apply(results);
      }

      @Override
      public void close() {}
    };
  }

  private static float[] narrow(double[] values) {
    float[] narrow = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      narrow[i] = (float) values[i];
    }
    return narrow;
  }
}
