package io.github.normkit.residual;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/** The scales of the paper's table. */
class DeepNormTest {

  @Test
  void encodersAloneHaveTheFourthRoots() {
    assertScales(DeepNorm.encoderOnly(8), 2, 1 / Math.sqrt(8));
    assertScales(DeepNorm.encoderOnly(12), 2.2133638394006434, 0.31947155212313627);
  }

  @Test
  void decodersAloneHaveTheFourthRoots() {
    assertScales(DeepNorm.decoderOnly(8), 2, 1 / Math.sqrt(8));
    assertScales(DeepNorm.decoderOnly(1000), Math.pow(2000, 0.25), Math.pow(8000, -0.25));
  }

  @Test
  void encodersBesideADecoderCountBoth() {
    assertScales(DeepNorm.encoderOfBoth(16, 1), 0.81 * 2, 0.87 / 2);
    assertScales(DeepNorm.encoderOfBoth(1, 65536), 0.81 * 2, 0.87 / 2);
    double root = Math.pow(Math.pow(6, 4) * 18, 1 / 16.0);
    assertScales(DeepNorm.encoderOfBoth(6, 18), 0.81 * root, 0.87 / root);
    assertThat(DeepNorm.encoderOfBoth(Integer.MAX_VALUE, Integer.MAX_VALUE).alpha()).isFinite();
  }

  @Test
  void decodersBesideAnEncoderCountTheirOwnLayers() {
    assertScales(DeepNorm.decoderOfBoth(27), 3, Math.pow(324, -0.25));
    assertScales(DeepNorm.decoderOfBoth(6), Math.pow(18, 0.25), Math.pow(72, -0.25));
  }

  @Test
  void noLayersAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DeepNorm.encoderOnly(0))
        .withMessage("DeepNorm: layers must be at least 1: got 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DeepNorm.decoderOnly(-1))
        .withMessage("DeepNorm: layers must be at least 1: got -1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DeepNorm.encoderOfBoth(0, 6))
        .withMessage("DeepNorm: encoderLayers must be at least 1: got 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DeepNorm.encoderOfBoth(6, 0))
        .withMessage("DeepNorm: decoderLayers must be at least 1: got 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DeepNorm.decoderOfBoth(0))
        .withMessage("DeepNorm: decoderLayers must be at least 1: got 0");
  }

  private static void assertScales(DeepNorm got, double alpha, double beta) {
    assertThat(got.alpha()).isCloseTo(alpha, within(1e-14));
    assertThat(got.beta()).isCloseTo(beta, within(1e-14));
  }
}
