package io.github.normkit.weights;

import io.github.normkit.Shape;
import io.github.normkit.Tensor;
import java.util.Arrays;
import java.util.Objects;

/** Checks of options that several normalized weights share. */
final class Checks {

  private Checks() {}

  static Tensor weight(String name, Tensor weight, int leastRank) {
    Shape shape = Objects.requireNonNull(weight, "weight").shape();
    if (shape.rank() < leastRank) {
      throw new IllegalArgumentException(
          name
              + ": the weight must have at least "
              + leastRank
              + " dimensions: expected rank >= "
              + leastRank
              + ", got rank "
              + shape.rank()
              + " of "
              + shape);
    }
    if (shape.size() == 0) {
      throw new IllegalArgumentException(
          name + ": the weight's dimensions must be at least 1: got " + shape);
    }
    return weight;
  }

  /** Negative ones are refused: PyTorch's weight_norm takes -1 for None, others for the last. */
  static int dim(String name, int dim, Shape shape) {
    if (dim < 0 || dim >= shape.rank()) {
      throw new IllegalArgumentException(
          name
              + ": a dim must be at least 0 and less than the rank: got "
              + dim
              + ", rank "
              + shape.rank()
              + " of "
              + shape);
    }
    return dim;
  }

  /** The dims, checked, as a flag for each dimension of the shape. */
  static boolean[] dims(String name, int[] dims, Shape shape) {
    boolean[] chosen = new boolean[shape.rank()];
    for (int dim : Objects.requireNonNull(dims, "dims")) {
      if (chosen[dim(name, dim, shape)]) {
        throw new IllegalArgumentException(
            name + ": dims must differ: got " + dim + " twice in " + Arrays.toString(dims));
      }
      chosen[dim] = true;
    }
    return chosen;
  }

  static double epsilon(String name, double epsilon) {
    if (!(epsilon > 0 && epsilon < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          name + ": epsilon must be finite and positive: got " + epsilon);
    }
    return epsilon;
  }
}
