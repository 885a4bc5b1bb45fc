package io.github.normkit.functional;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;

/** The tangent against that of fdlibm, and its slope against the exponential. */
class TanhTest {

  /** 2^-50, and an ulp for that of fdlibm. */
  private static final double RELATIVE = 0x1.4p-50;

  @Test
  void isRightAtAllSizes() {
    for (int exponent = -140; exponent <= 8; exponent++) {
      for (int i = 0; i < 500; i++) {
        double x = Math.scalb(1 + i / 500.0, exponent);
        double expected = StrictMath.tanh(x);
        assertThat(Math.abs(of(x) - expected)).as("%s", x).isLessThan(expected * RELATIVE);
        assertThat(of(-x)).isEqualTo(-of(x));
      }
    }
  }

  @Test
  void slopeIsRightWhereTheTangentIsOne() {
    MathContext digits = new MathContext(40);
    for (double x = 0.01; x < 200; x *= 1.3) {
      BigDecimal e = BigDecimal.valueOf(StrictMath.exp(x));
      BigDecimal cosh = e.add(BigDecimal.ONE.divide(e, digits)).divide(BigDecimal.valueOf(2));
      double expected = BigDecimal.ONE.divide(cosh.multiply(cosh), digits).doubleValue();
      assertThat(Math.abs(slope(x) - expected)).as("%s", x).isLessThan(expected * 1e-12);
    }
  }

  @Test
  void endsAreThoseOfTheTangent() {
    assertThat(of(Double.POSITIVE_INFINITY)).isEqualTo(1);
    assertThat(of(Double.NEGATIVE_INFINITY)).isEqualTo(-1);
    assertThat(of(Double.NaN)).isNaN();
    assertThat(Double.doubleToLongBits(of(-0.0))).isEqualTo(Double.doubleToLongBits(-0.0));
    assertThat(of(Float.MIN_VALUE)).isEqualTo(Float.MIN_VALUE);
    assertThat(slope(0)).isEqualTo(1);
    assertThat((float) (slope(1e30) * Float.MAX_VALUE)).isZero();
  }

  /** A float that is made of them hides most changes of the operations or their order. */
  @Test
  void doublesHaveTheBitsThatTheyHad() {
    CRC32 hash = new CRC32();
    ByteBuffer bytes = ByteBuffer.allocate(2 * Double.BYTES);
    for (int i = 0; i < 1 << 16; i++) {
      double x = Math.scalb(Float.intBitsToFloat(i * 65_537), i % 24 - 12);
      if (!Double.isNaN(x)) {
        bytes.putDouble(0, of(x)).putDouble(8, slope(x));
        hash.update(bytes.array());
      }
    }
    assertThat("%08x".formatted(hash.getValue())).isEqualTo("d06f3255");
  }

  private static double of(double x) {
    double[] tanh = expm1(x);
    Tanh.values(1, tanh, tanh);
    return Math.copySign(tanh[0], x);
  }

  private static double slope(double x) {
    double[] slope = new double[1];
    Tanh.slopes(1, expm1(x), slope);
    return slope[0];
  }

  private static double[] expm1(double x) {
    double[] expm1 = {x};
    Tanh.exponentials(1, expm1, new double[1]);
    return expm1;
  }
}
