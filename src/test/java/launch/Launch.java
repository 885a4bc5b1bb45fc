package launch;

import io.github.normkit.LayerNorm;
import io.github.normkit.Normkit;
import io.github.normkit.Shape;
import io.github.normkit.Tensor;

/** A program of a user's, outside the library's module: says which kernels it got. */
public final class Launch {

  private Launch() {}

  /** Normalizes a row twice and prints the kernels and the result. */
  public static void main(String[] args) {
    LayerNorm norm = new LayerNorm(4);
    Tensor x = Tensor.of(Shape.of(1, 4), 1, 2, 3, 6);
    norm.infer(x);
    System.out.println(Normkit.kernels() + " " + norm.infer(x));
  }
}
