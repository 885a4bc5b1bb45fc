package io.github.normkit.throughput;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class BarTest {

  private final Results results = new Results();

  private void add(String by, String what, int threads, double... micros) {
    ComparisonTest.add(results, new Job(by, Case.parse(what), threads), micros);
  }

  private Line line(String name) {
    return lines().stream().filter(line -> line.name().equals(name)).findFirst().orElseThrow();
  }

  private List<Line> lines() {
    return new Bar(results).lines();
  }

  @Test
  void nothingMeasuredHasNoLines() {
    assertThat(lines()).isEmpty();
  }

  @Test
  void eachCaseIsHeldAgainstItsFastestPeer() {
    add("normkit", "LAYER_FORWARD 1x4096", 1, 1);
    add("onednn", "LAYER_FORWARD 1x4096", 1, 1.5);
    add("libtorch", "LAYER_FORWARD 1x4096", 1, 9);
    add("normkit", "RMS_FORWARD 128x768", 1, 10, 10, 10);
    add("onednn", "RMS_FORWARD 128x768", 1, 9, 8, 9.5);
    assertThat(line("every case, 1 thread").row())
        .containsExactly(
            "every case, 1 thread",
            "fastest peer / normkit ≥ 1.00",
            "1.20 (0.90–1.50)",
            "0.90: RMS_FORWARD 128x768, 1 thread, onednn",
            "no: 1 of 2");
    assertThat(line("every case, 1 thread").missed())
        .containsExactly(
            new Line.Entry("RMS_FORWARD 128x768, 1 thread, onednn", new Ratio(0.9, 0.8, 0.95, 3)));
    assertThat(line("small work: 1×4096, 32×128").row())
        .containsExactly(
            "small work: 1×4096, 32×128",
            "fastest peer / normkit ≥ 2.00",
            "1.50",
            "1.50: LAYER_FORWARD 1x4096, 1 thread, onednn",
            "no: 0 of 1");
    assertThat(line("geometric mean of all").row())
        .containsExactly(
            "geometric mean of all",
            "fastest peer / normkit ≥ 1.50",
            "1.16",
            "1.16: all",
            "no: 0 of 1");
  }

  @Test
  void theCopyIsThatOfTheSameBytes() {
    add("normkit", "RMS_FORWARD 512x1024", 1, 10);
    add("copy", "LAYER_FORWARD 512x1024", 1, 9.6);
    add("normkit", "RMS_BACKWARD 512x1024", 1, 20);
    add("copy", "LAYER_BACKWARD 512x1024", 1, 17);
    add("normkit", "GROUP_BACKWARD 32x512x7x7", 1, 20);
    add("copy", "BATCH_BACKWARD 32x512x7x7", 1, 14);
    assertThat(line("forward beyond L2, rows").row())
        .contains("0.96: RMS_FORWARD 512x1024, 1 thread", "yes");
    assertThat(line("backward beyond L2, rows").row())
        .contains("0.85: RMS_BACKWARD 512x1024, 1 thread", "no: 0 of 1");
    assertThat(line("short runs: 32×512×7×7, 4096×64").row()).contains("yes");
    assertThat(lines()).extracting(Line::name).doesNotContain("forward beyond L2, images");
  }

  @Test
  void normkitIsHeldAgainstItself() {
    results.about("JDK", "25.0.3+9");
    results.about("other JDK", "17.0.15");
    Case rows = Case.parse("LAYER_FORWARD 512x1024");
    Job normkit = new Job("normkit", rows, 1);
    ComparisonTest.add(results, normkit, 100);
    ComparisonTest.add(results, normkit.by("normkit-in-place"), 80);
    ComparisonTest.add(results, normkit.scalar(), 400);
    ComparisonTest.add(results, normkit.by("naive"), 1000);
    ComparisonTest.add(results, normkit.onOtherJdk(), 120);
    add("normkit", "BATCH_INFER 8x256x14x14", 1, 10);
    add("normkit", "BATCH_INFER 8x256x14x14 channels-last", 1, 11);
    assertThat(line("forward beyond L2, in place").row()).contains("1.25", "yes");
    assertThat(line("scalar kernels").row()).contains("2.50", "yes");
    assertThat(line("the other JDK").row()).contains("JDK 17 / 25 ≤ 1.10", "1.20", "no: 0 of 1");
    assertThat(line("channels last").row()).contains("1.10", "yes");
  }

  @Test
  void twoThreadsAreHeldToTheirBoundWhereTheCopyScales() {
    for (String shape : List.of("512x1024", "128x768")) {
      add("normkit", "LAYER_FORWARD " + shape, 1, 100);
      add("normkit", "LAYER_FORWARD " + shape, 2, 60);
      add("copy", "LAYER_FORWARD " + shape, 1, 50);
    }
    add("copy", "LAYER_FORWARD 512x1024", 2, 26);
    add("copy", "LAYER_FORWARD 128x768", 2, 40);
    assertThat(line("2 threads, where the copy scales so").missed())
        .extracting(Line.Entry::what)
        .containsExactly("LAYER_FORWARD 512x1024, 2 threads");
  }

  @Test
  void aByteIsTooMuchWithOneThread() {
    Job job = new Job("normkit", Case.parse("LAYER_FORWARD 1x4096"), 1);
    results.add(1, new Measured(job, List.of(List.of(1.0)), List.of(16.0)));
    assertThat(line("allocation, 1 thread").row())
        .containsExactly(
            "allocation, 1 thread",
            "bytes a call ≤ 0",
            "16",
            "16: LAYER_FORWARD 1x4096, 1 thread",
            "no: 0 of 1");
  }
}
