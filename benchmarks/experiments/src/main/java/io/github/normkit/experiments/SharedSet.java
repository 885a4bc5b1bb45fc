package io.github.normkit.experiments;

import io.github.normkit.NormLayer;
import io.github.normkit.Shape;
import io.github.normkit.Tensor;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Random;

/**
 * The elements that share mean and variance with one of them, found out from the layer itself: a
 * NaN in its place makes the output of these NaN, and of no others.
 *
 * @param shape of the input
 * @param shared the indices of these elements
 */
record SharedSet(Shape shape, BitSet shared) {

  /** Asks a layer in training. */
  static SharedSet of(NormLayer layer, Shape shape, int element) {
    Random random = new Random(1);
    Tensor x = Tensor.zeros(shape);
    for (int i = 0; i < shape.size(); i++) {
      x.array()[i] = (float) random.nextGaussian();
    }
    x.array()[element] = Float.NaN;
    float[] y = layer.forward(x).array();
    BitSet shared = new BitSet();
    for (int i = 0; i < y.length; i++) {
      shared.set(i, Float.isNaN(y[i]));
    }
    return new SharedSet(shape, shared);
  }

  /** Returns the number of elements. */
  int size() {
    return shared.cardinality();
  }

  /**
   * Returns how long the set is along each axis.
   *
   * @throws IllegalStateException if it is not the box of these lengths
   */
  int[] extents() {
    int[] dims = shape.toArray();
    int[] extents = new int[dims.length];
    int stride = shape.size();
    for (int axis = 0; axis < dims.length; axis++) {
      stride /= dims[axis];
      BitSet places = new BitSet();
      int step = stride;
      int dim = dims[axis];
      shared.stream().forEach(i -> places.set(i / step % dim));
      extents[axis] = places.cardinality();
    }
    if (Arrays.stream(extents).reduce(1, (a, b) -> a * b) != size()) {
      throw new IllegalStateException(
          "a set must be a box: expected "
              + Arrays.toString(extents)
              + ", got "
              + size()
              + " elements");
    }
    return extents;
  }

  /** Returns the shape of the statistics: how many sets lie along each axis. */
  Shape statistics() {
    int[] extents = extents();
    int[] dims = shape.toArray();
    for (int axis = 0; axis < dims.length; axis++) {
      dims[axis] /= extents[axis];
    }
    return Shape.of(dims);
  }

  /** Returns the axes that the statistics run over, of those named; a part of one with its size. */
  String over(String... names) {
    int[] extents = extents();
    StringBuilder text = new StringBuilder();
    for (int axis = 0; axis < extents.length; axis++) {
      if (extents[axis] > 1) {
        text.append(text.isEmpty() ? "" : ", ");
        text.append(extents[axis] < shape.dim(axis) ? extents[axis] + " of " : "");
        text.append(names[axis]);
      }
    }
    return text.toString();
  }
}
