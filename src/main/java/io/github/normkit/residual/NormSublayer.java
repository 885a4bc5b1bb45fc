package io.github.normkit.residual;

import io.github.normkit.NormLayer;
import io.github.normkit.Parameter;
import io.github.normkit.Tensor;
import java.util.List;
import java.util.Map;

/** A norm as a sublayer. */
record NormSublayer(NormLayer norm) implements Sublayer {

  @Override
  public Tensor forward(Tensor x) {
    return norm.forward(x);
  }

  @Override
  public Tensor infer(Tensor x) {
    return norm.infer(x);
  }

  @Override
  public Tensor backward(Tensor dy) {
    return norm.backward(dy);
  }

  @Override
  public void train() {
    norm.train();
  }

  @Override
  public void eval() {
    norm.eval();
  }

  @Override
  public List<Parameter> parameters() {
    return norm.parameters();
  }

  @Override
  public void zeroGrad() {
    norm.zeroGrad();
  }

  @Override
  public Map<String, Tensor> state() {
    return norm.state();
  }

  @Override
  public void loadState(Map<String, Tensor> state) {
    norm.loadState(state);
  }
}
