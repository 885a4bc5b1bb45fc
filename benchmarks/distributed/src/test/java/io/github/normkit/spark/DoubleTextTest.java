package io.github.normkit.spark;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DoubleTextTest {

  @Test
  void everyBitComesBack() {
    long[] bits = {
      0,
      Long.MIN_VALUE,
      1,
      -1,
      0x7ff0_0000_0000_0000L,
      0x7ff8_0000_dead_beefL,
      0xfff0_0000_0000_0001L
    };
    double[] values = new double[bits.length];
    for (int i = 0; i < bits.length; i++) {
      values[i] = Double.longBitsToDouble(bits[i]);
    }
    double[] back = DoubleText.decode(DoubleText.encode(values));
    assertThat(back).hasSameSizeAs(bits);
    for (int i = 0; i < bits.length; i++) {
      assertThat(Double.doubleToRawLongBits(back[i])).isEqualTo(bits[i]);
    }
  }

  @Test
  void anEmptyArrayIsAnEmptyText() {
    assertThat(DoubleText.encode(new double[0])).isEmpty();
    assertThat(DoubleText.decode("")).isEmpty();
  }
}
