package io.github.normkit.functional;

/**
 * Weight γ and bias β of an operation, or their gradients, as stretches of arrays.
 *
 * <p>Made once and used for many calls; the arrays are shared, not copied. Either array may be
 * null: an operation then scales by 1 or adds 0, and of gradients leaves out the missing one.
 *
 * @param weight the array that holds γ, or null
 * @param weightOffset the index of its first element
 * @param bias the array that holds β, or null
 * @param biasOffset the index of its first element
 * @param zeroCentered whether to scale by {@code 1 + weight}, the sum taken in float, instead of
 *     {@code weight}; of no effect without a weight and on gradients
 */
public record Affine(
    float[] weight, int weightOffset, float[] bias, int biasOffset, boolean zeroCentered) {

  /** No weight and no bias. */
  public static final Affine NONE = of(null, null);

  /**
   * Returns the affine map of two whole arrays.
   *
   * @param weight γ, or null
   * @param bias β, or null
   * @return the map
   */
  public static Affine of(float[] weight, float[] bias) {
    return new Affine(weight, 0, bias, 0, false);
  }

  void check(String operation, String name, int length) {
    check(operation, name, ".weight", weight, weightOffset, length);
    check(operation, name, ".bias", bias, biasOffset, length);
  }

  private static void check(
      String operation, String name, String part, float[] array, int offset, int length) {
    // The name is made where it is needed, for making it allocates.
    if (array != null && !Checks.holds(array, offset, length)) {
      Checks.stretch(operation, name + part, array, offset, length);
    }
  }

  /** The scale of one element, in float. */
  float scale(int i) {
    if (weight == null) {
      return 1;
    }
    float w = weight[weightOffset + i];
    return zeroCentered ? 1 + w : w;
  }

  /** The shift of one element. */
  float shift(int i) {
    return bias == null ? 0 : bias[biasOffset + i];
  }
}
