package io.github.normkit.experiments;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.normkit.experiments.Landscape.Kind;
import org.junit.jupiter.api.Test;

class LandscapeTest {

  private static final long SEED = 2;

  private final DigitsData data = DigitsData.load();

  @Test
  void shortStepsSeeALittleOfASmoothLoss() {
    Landscape near = Landscape.of(Kind.BATCH_NORM, 1e-4f, SEED, data);
    Landscape far = Landscape.of(Kind.BATCH_NORM, 1e-1f, SEED, data);
    assertThat(near.looks()).hasSameSizeAs(far.looks());
    assertThat(near.looks().get(0).lossRange()).isBetween(0., far.looks().get(0).lossRange() / 100);
    assertThat(near.looks().get(0).relativeChange()).isBetween(0., 0.1);
    assertThat(far.losses().get(2)).isLessThan(near.losses().get(2) / 2);
  }
}
