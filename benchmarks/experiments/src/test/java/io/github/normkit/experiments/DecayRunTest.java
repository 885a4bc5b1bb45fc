package io.github.normkit.experiments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.normkit.experiments.DecayRun.Rule;
import org.junit.jupiter.api.Test;

class DecayRunTest {

  private static final int STEPS = 20;
  private static final long SEED = 3;

  private final DigitsData data = DigitsData.load();

  @Test
  void growingRateGivesTheLossesOfDecay() {
    Rule rule = new Rule(0.1f, 0.05f, 1, 1);
    DecayRun decay = DecayRun.of(rule, STEPS, SEED, data);
    DecayRun growth = DecayRun.of(rule.withoutDecay(), STEPS, SEED, data);
    DecayRun neither = DecayRun.of(new Rule(0.1f, 0, 1, 1), STEPS, SEED, data);
    double shrunk = 1;
    for (int step = 0; step < STEPS; step++) {
      assertThat(growth.losses().get(step))
          .as("loss of step %d, seed %d", step, SEED)
          .isCloseTo(decay.losses().get(step), within(1e-4));
      assertThat(decay.norms().get(step) / growth.norms().get(step))
          .as("norm before step %d, seed %d", step, SEED)
          .isCloseTo(shrunk, within(1e-4));
      shrunk *= 1 - 0.1 * 0.05;
    }
    assertThat(neither.losses().get(STEPS - 1))
        .isNotCloseTo(decay.losses().get(STEPS - 1), within(1e-4));
  }

  @Test
  void stepsAreMeasuredInTheWeight() {
    DecayRun run = DecayRun.of(new Rule(0.2f, 0, 4, 1), STEPS, SEED, data);
    assertThat(run.norms()).hasSize(STEPS + 1);
    for (int step = 0; step < STEPS; step++) {
      assertThat(run.steps().get(step))
          .isCloseTo(0.2 * run.gradients().get(step) / run.norms().get(step), within(1e-8));
    }
  }
}
