package io.github.normkit.peers;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.normkit.throughput.Case;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProbeTest {

  @Test
  void aCaseCanBeComputedIfTheTinyOneOfItsKindCould() throws IOException {
    Ability naive = Probe.run("naive", List.of(1, 2));
    assertThat(naive.problems()).isEmpty();
    assertThat(naive.has(Case.parse("LAYER_FORWARD 2048x4096"), 1)).isTrue();
    assertThat(naive.has(Case.parse("LAYER_FORWARD 2048x4096"), 2)).isFalse();
    assertThat(naive.has(Case.parse("BATCH_TRAIN 32x64x56x56 channels-last"), 1)).isFalse();
  }

  @Test
  void aVirtualMachineThatEndsIsAProblemAndNoError() throws IOException {
    Ability nobody = Probe.run("nobody", List.of(1));
    assertThat(nobody.problems())
        .containsExactly("nobody is left out: its virtual machine ended with code 1");
    assertThat(nobody.has(Case.parse("LAYER_FORWARD 4x8"), 1)).isFalse();
  }

  @Test
  void whoFailsAtSomeCasesIsLeftOutOfThose() {
    Ability some = new Ability("some");
    some.add(TinyCases.like(Case.parse("LAYER_FORWARD 4x8")), 1);
    some.addProblem("wrong");
    some.addProblem("wrong");
    assertThat(some.problems()).containsExactly("some is left out of some cases: wrong");
  }
}
