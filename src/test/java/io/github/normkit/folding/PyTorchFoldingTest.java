package io.github.normkit.folding;

import io.github.normkit.BatchNorm;
import io.github.normkit.ChannelAffine;
import io.github.normkit.PyTorchNumbers;
import io.github.normkit.Shape;
import io.github.normkit.Tensor;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is folded is what PyTorch's fuse_conv_bn_weights gives in float64, rounded once. */
class PyTorchFoldingTest {

  private static final PyTorchNumbers PRINTED = new PyTorchNumbers();

  private final Tensor weight = PRINTED.tensor("weight", 4, 3, 2, 2);
  private final Tensor bias = PRINTED.tensor("bias", 4);

  private static ChannelAffine affine(Tensor gamma, Tensor beta) {
    BatchNorm norm = new BatchNorm(4);
    norm.loadState(
        Map.of(
            "weight",
            gamma,
            "bias",
            beta,
            "running_mean",
            PRINTED.tensor("mean", 4),
            "running_var",
            PRINTED.tensor("variance", 4)));
    return norm.toAffine();
  }

  @Test
  void aConvolutionWithBiasIsFoldedAsByPyTorch() {
    ChannelAffine affine = affine(PRINTED.tensor("gamma", 4), PRINTED.tensor("beta", 4));
    Folded folded = Folding.intoPrevious(affine, weight, bias);
    PRINTED.assertClose("fused weight", folded.weight(), 0.5);
    PRINTED.assertClose("fused bias", folded.bias(), 0.5);
  }

  @Test
  void aConvolutionWithoutBiasBeforeANormWithoutParametersIsFoldedAsByPyTorch() {
    Tensor ones = Tensor.ones(Shape.of(4));
    Folded folded = Folding.intoPrevious(affine(ones, Tensor.zeros(Shape.of(4))), weight, null);
    PRINTED.assertClose("fused plain weight", folded.weight(), 0.5);
    PRINTED.assertClose("fused plain bias", folded.bias(), 0.5);
  }

  @Test
  void aTransposedConvolutionIsFoldedAsByPyTorch() {
    ChannelAffine affine = affine(PRINTED.tensor("gamma", 4), PRINTED.tensor("beta", 4));
    Tensor transposed = PRINTED.tensor("transposed weight", 3, 4, 2, 2);
    Folded folded = Folding.intoPreviousTransposed(affine, transposed, bias, 1);
    PRINTED.assertClose("fused transposed weight", folded.weight(), 0.5);
    PRINTED.assertClose("fused transposed bias", folded.bias(), 0.5);
  }
}
