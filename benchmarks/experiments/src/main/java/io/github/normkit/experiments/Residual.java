package io.github.normkit.experiments;

import io.github.normkit.Parameter;
import io.github.normkit.Tensor;
import java.util.List;

/** {@code y = scale x + branch(x)}. */
final class Residual implements Layer {

  private final float scale;
  private final Layer branch;
  private Tensor y;
  private Tensor dx;

  Residual(float scale, Layer branch) {
    this.scale = scale;
    this.branch = branch;
  }

  @Override
  public Tensor forward(Tensor x) {
    y = Layer.reuse(y, x.shape());
    addScaled(x, branch.forward(x), y);
    return y;
  }

  @Override
  public Tensor infer(Tensor x) {
    y = Layer.reuse(y, x.shape());
    addScaled(x, branch.infer(x), y);
    return y;
  }

  @Override
  public Tensor backward(Tensor dy) {
    dx = Layer.reuse(dx, dy.shape());
    addScaled(dy, branch.backward(dy), dx);
    return dx;
  }

  private void addScaled(Tensor direct, Tensor branched, Tensor to) {
    float[] a = Layer.values(direct);
    float[] b = Layer.values(branched);
    float[] sum = to.array();
    for (int i = 0; i < sum.length; i++) {
      sum[i] = scale * a[i] + b[i];
    }
  }

  @Override
  public List<Parameter> parameters() {
    return branch.parameters();
  }

  @Override
  public void zeroGrad() {
    branch.zeroGrad();
  }
}
