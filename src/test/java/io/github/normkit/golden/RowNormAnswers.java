package io.github.normkit.golden;

import io.github.normkit.LayerNorm;
import io.github.normkit.NormLayer;
import io.github.normkit.RMSNorm;
import io.github.normkit.Shape;
import io.github.normkit.Tensor;
import java.util.Map;
import java.util.function.Function;

/**
 * The answers of LayerNorm and RMSNorm, which are the same but for the name, to bad_inputs.csv.
 *
 * <p>Of what PyTorch lets pass, normalized shapes that are empty or hold a zero are refused; a
 * weight in double cannot be written.
 */
final class RowNormAnswers {

  private final Map<String, Answer> answers;
  private final String row;
  private final String name;
  private final Function<int[], NormLayer> maker;

  private RowNormAnswers(
      Map<String, Answer> answers, String row, String name, Function<int[], NormLayer> maker) {
    this.answers = answers;
    this.row = row + ": ";
    this.name = name;
    this.maker = maker;
  }

  static void addTo(Map<String, Answer> answers) {
    RowNormAnswers layerNorm =
        new RowNormAnswers(answers, "layer_norm", "LayerNorm", LayerNorm::new);
    layerNorm.construction();
    layerNorm.refusesEpsilon(epsilon -> LayerNorm.builder(4).epsilon(epsilon).build());
    layerNorm.inputs();
    layerNorm.weights();
    layerNorm.biases();
    RowNormAnswers rmsNorm = new RowNormAnswers(answers, "rms_norm", "RMSNorm", RMSNorm::new);
    rmsNorm.construction();
    rmsNorm.refusesEpsilon(epsilon -> RMSNorm.builder(4).epsilon(epsilon).build());
    rmsNorm.inputs();
    rmsNorm.weights();
  }

  private void put(String configuration, Answer answer) {
    answers.put(row + configuration, answer);
  }

  private void construction() {
    String empty =
        name + ": normalizedShape must not be empty: expected at least 1 dimension, got 0";
    String small = name + ": each dimension of normalizedShape must be at least 1: got ";
    put("normalized_shape=() (OpInfo)", refusesToBuild(empty));
    put("construct normalized_shape=[]", refusesToBuild(empty));
    put("normalized_shape=(0,)", refusesToBuild(small + 0, 0));
    put("construct normalized_shape=-1", refusesToBuild(small + -1, -1));
  }

  private Answer refusesToBuild(String message, int... normalizedShape) {
    return Answer.refusesToBuild(message, () -> maker.apply(normalizedShape));
  }

  private void refusesEpsilon(Function<Double, NormLayer> withEpsilon) {
    String message = name + ": epsilon must be finite and positive: got ";
    put(
        "eps=-100 (larger than the variance)",
        Answer.refusesToBuild(message + -100.0, () -> withEpsilon.apply(-100.0)));
    put("eps=NaN", Answer.refusesToBuild(message + "NaN", () -> withEpsilon.apply(Double.NaN)));
    put("eps=0, constant row", Answer.refusesToBuild(message + 0.0, () -> withEpsilon.apply(0.0)));
  }

  private void inputs() {
    put("normalized_shape=(2,2) (OpInfo)", refusesTrailing("[2, 2, 3]", 2, 2));
    put("normalized_shape=(5,)", refusesTrailing("[2, 4]", 5));
    put(
        "normalized_shape=(2,3,4) with more dimensions than the input",
        refusesTrailing("[3, 4]", 2, 3, 4));
    put("scalar input", refusesTrailing("[]", 1));
    put("empty batch (must work)", Answer.acceptsEmpty(layer(4)));
    put(
        "backward with grad_output of another shape (2,3)",
        Answer.refusesGradient(
            name + ": dy must have the input's shape: expected [2, 4], got [2, 3]",
            layer(4),
            Shape.of(2, 3)));
    String call = "new " + name + "(4).forward(Tensor.of(Shape.of(2, 4), new int[8]))";
    put("integer input", Answer.doesNotCompile(call, "int", "float"));
  }

  private Answer refusesTrailing(String input, int... normalizedShape) {
    return Answer.refusesInput(
        name
            + ": the input's trailing dimensions must be normalizedShape: expected "
            + Shape.of(normalizedShape)
            + ", got "
            + input,
        layer(normalizedShape));
  }

  private NormLayer layer(int... normalizedShape) {
    return maker.apply(normalizedShape);
  }

  private void weights() {
    put(
        "normalized_shape=(1,2,3), weight of shape (1,2) (OpInfo)",
        refusesShape("weight", Shape.of(1, 2), 1, 2, 3));
    put("weight of length 3, normalized_shape=(4,)", refusesShape("weight", Shape.of(3), 4));
    put(
        "float32 input with float64 weight",
        Answer.doesNotCompile("Affine.of(new double[4], null)", "double", "float"));
  }

  private void biases() {
    put(
        "normalized_shape=(1,2,3), bias of shape (1,2) (OpInfo)",
        refusesShape("bias", Shape.of(1, 2), 1, 2, 3));
    put("bias of length 5, normalized_shape=(4,)", refusesShape("bias", Shape.of(5), 4));
  }

  private Answer refusesShape(String parameter, Shape shape, int... normalizedShape) {
    return Answer.refusesState(
        name
            + ": "
            + parameter
            + " must have the layer's shape: expected "
            + Shape.of(normalizedShape)
            + ", got "
            + shape,
        layer(normalizedShape),
        parameter,
        Tensor.ones(shape));
  }
}
