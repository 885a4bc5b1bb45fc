package io.github.normkit.throughput;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MeasuredTest {

  private static final Job LAYER = new Job("normkit", Case.parse("LAYER_FORWARD 100x1000"), 1);
  private static final Job RMS = new Job("normkit", Case.parse("RMS_FORWARD 100x1000"), 1).scalar();

  private static Measured measured(Job job, List<List<Double>> micros) {
    return new Measured(job, micros, List.of(0.0, 7.0, 0.0));
  }

  @Test
  void theTimeIsTheMedianOfTheForksMedians() {
    Measured measured =
        measured(
            LAYER,
            List.of(List.of(9.0, 10.0, 90.0), List.of(20.0, 1.0, 20.0), List.of(11.0, 13.0)));
    assertThat(measured.time()).isEqualTo(12);
    assertThat(measured.spread()).isEqualTo((20 - 10) / 2.0 / 12);
    assertThat(measured.bytesAllocated()).isZero();
  }

  @Test
  void aSingleForkSpreadsAsItsIterationsDo() {
    Measured measured = measured(LAYER, List.of(List.of(9.0, 10.0, 12.0)));
    assertThat(measured.spread()).isEqualTo(0.15);
  }

  @Test
  void gigabytesAreThoseThatMustMove() {
    // 800 000 bytes in 10 µs
    Measured measured = measured(LAYER, List.of(List.of(10.0)));
    assertThat(measured.gigabytesPerSecond()).isCloseTo(80, within(1e-9));
  }

  @Test
  void allCasesOfAsManyBytesShareACopy() {
    assertThat(RMS.copy()).isEqualTo(LAYER.copy()).isEqualTo(LAYER.copy().copy());
    Job batch = new Job("normkit", Case.parse("BATCH_INFER 2x64x8x8 channels-last"), 2);
    assertThat(batch.copy().what().bytes()).isEqualTo(batch.what().bytes());
    assertThat(batch.copy().threads()).isEqualTo(2);
  }

  @Test
  void aResidualDoublesTheBytesOfItsCopy() {
    Job add = new Job("normkit", Case.parse("ADD_RMS_FORWARD 100x1000"), 1);
    assertThat(add.copy().what().bytes()).isEqualTo(2 * LAYER.copy().what().bytes());
  }

  @Test
  void aJobHasANameThatFindsIt() {
    for (Job job : List.of(LAYER, RMS, LAYER.onOtherJdk(), LAYER.by("onednn"), LAYER.copy())) {
      assertThat(Job.of(job.who(), job.what(), job.threads())).isEqualTo(job);
    }
  }

  @Test
  void aRowSaysWhatWasMeasuredBesideTheCopy() {
    Measured rms = measured(RMS, List.of(List.of(10.0), List.of(10.5), List.of(9.5)));
    Measured copy = measured(RMS.copy(), List.of(List.of(8.0)));
    assertThat(Main.row(rms, Optional.of(copy)))
        .containsExactly(
            "RMS_FORWARD 100x1000", "normkit-scalar", "1", "10.0", "5 %", "80.0", "80 %", "0");
    assertThat(Main.row(copy, Optional.empty()))
        .containsExactly("LAYER_FORWARD 100x1000", "copy", "1", "8.00", "0 %", "100.0", "-", "0");
  }
}
