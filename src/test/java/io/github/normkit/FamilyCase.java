package io.github.normkit;

import io.github.normkit.Textbook.Forward;
import io.github.normkit.Textbook.Image;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * A layer of the wider family with the formula of its paper, on a shape.
 *
 * @param reach whether the input at one index may have an influence on output or gradient at
 *     another
 */
record FamilyCase(
    String name, Supplier<LayerBuilder<?>> builder, Shape shape, Forward textbook, Reach reach) {

  /** A pair of indices. */
  interface Reach {
    boolean from(int input, int output);
  }

  /** Of two lengths, one for the plain loops and one for the vectors; all layouts and options. */
  static List<FamilyCase> all() {
    List<FamilyCase> cases = new ArrayList<>();
    rows(cases, 3, 4);
    rows(cases, 9, 130);
    for (Layout layout : Layout.values()) {
      localResponse(cases, new Image(layout, 2, 7, 5));
      localResponse(cases, new Image(layout, 3, 2, 1));
      for (int places : new int[] {1, 6, 49}) {
        filterResponse(cases, new Image(layout, 3, 4, places));
        batches(cases, new Image(layout, 10, 3, places));
      }
    }
    return cases;
  }

  private static void rows(List<FamilyCase> cases, int rows, int cols) {
    Shape shape = Shape.of(rows, cols);
    Reach row = (i, j) -> i / cols == j / cols;
    add(cases, "unit", () -> UnitNorm.builder(cols), shape, Textbook.unit(cols, 1e-12), row);
    // About half of the rows have a smaller norm.
    double epsilon = Math.sqrt(cols);
    add(
        cases,
        "unit, large epsilon",
        () -> UnitNorm.builder(cols).epsilon(epsilon),
        shape,
        Textbook.unit(cols, epsilon),
        row);
    add(cases, "scale", () -> ScaleNorm.builder(cols), shape, Textbook.unit(cols, 1e-5), row);
    for (int part : new int[] {1, cols / 2, cols - 1, cols}) {
      add(
          cases,
          "partial RMS of " + part,
          () -> PartialRMSNorm.builder(cols).fraction((part - 0.5) / cols).bias(true).epsilon(0.1),
          shape,
          Textbook.partialRms(cols, part, 0.1),
          row);
    }
    Reach self = (i, j) -> i == j;
    add(cases, "tanh", () -> DynamicTanh.builder(cols), shape, Textbook.dynamicTanh(cols), self);
    add(
        cases,
        "tanh, no weight and bias",
        () -> DynamicTanh.builder(cols).weight(false).bias(false),
        shape,
        Textbook.dynamicTanh(cols),
        self);
  }

  private static void localResponse(List<FamilyCase> cases, Image image) {
    for (int size : new int[] {1, 3, 4, 9}) {
      for (double beta : new double[] {0.75, 1.2}) {
        add(
            cases,
            "local response of " + size + ", beta " + beta + ", " + image.layout(),
            () ->
                LocalResponseNorm.builder(size).alpha(0.6).beta(beta).k(0.5).layout(image.layout()),
            image.shape(),
            Textbook.localResponse(image, size, 0.6, beta, 0.5),
            // A channel has an influence on another's gradient through one between them.
            (i, j) ->
                image.sample(i) == image.sample(j)
                    && image.place(i) == image.place(j)
                    && Math.abs(image.channel(i) - image.channel(j)) < 2 * size);
      }
    }
  }

  private static void filterResponse(List<FamilyCase> cases, Image image) {
    Reach plane =
        (i, j) -> image.sample(i) == image.sample(j) && image.channel(i) == image.channel(j);
    Supplier<FilterResponseNorm.Builder> builder =
        () -> FilterResponseNorm.builder(4).epsilon(0.01).layout(image.layout());
    Forward textbook = Textbook.filterResponse(image, 0.01);
    String name = "filter response " + image.layout();
    add(cases, name, builder::get, image.shape(), textbook, plane);
    add(
        cases,
        name + ", learned epsilon",
        () -> builder.get().learnedEpsilon(0.5f),
        image.shape(),
        textbook,
        plane);
    add(
        cases,
        name + ", plain",
        () -> builder.get().threshold(false).affine(false),
        image.shape(),
        textbook,
        plane);
  }

  private static void batches(List<FamilyCase> cases, Image image) {
    Reach channel = (i, j) -> image.channel(i) == image.channel(j);
    for (double[] limits : new double[][] {{1, 0}, {1.5, 0.25}, {100, 100}}) {
      add(
          cases,
          "renorm " + image.layout() + Arrays.toString(limits),
          () ->
              BatchRenorm.builder(3)
                  .limits(limits[0], limits[1])
                  .epsilon(0.01)
                  .layout(image.layout()),
          image.shape(),
          Textbook.batchRenorm(
              image, new double[3], new double[] {1, 1, 1}, limits[0], limits[1], 0.01),
          channel);
    }
    for (int size : new int[] {2, 4, 12}) {
      add(
          cases,
          "ghosts of " + size + ", " + image.layout(),
          () -> GhostBatchNorm.builder(size, 3).epsilon(0.01).layout(image.layout()),
          image.shape(),
          Textbook.ghostBatch(image, size, 0.01),
          (i, j) -> channel.from(i, j) && image.sample(i) / size == image.sample(j) / size);
    }
  }

  private static void add(
      List<FamilyCase> cases,
      String name,
      Supplier<LayerBuilder<?>> builder,
      Shape shape,
      Forward textbook,
      Reach reach) {
    cases.add(new FamilyCase(name, builder, shape, textbook, reach));
  }

  /** A new layer with random parameters. */
  NormLayer layer(RandomGenerator random) {
    NormLayer layer = builder.get().build();
    for (Parameter parameter : layer.parameters()) {
      float[] values = parameter.value().array();
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) (0.3 + 0.5 * random.nextGaussian());
      }
    }
    return layer;
  }

  /** Numbers about 0.3 with a deviation of 1. */
  Tensor input(RandomGenerator random) {
    Tensor x = Tensor.zeros(shape);
    for (int i = 0; i < shape.size(); i++) {
      x.array()[i] = (float) (0.3 + random.nextGaussian());
    }
    return x;
  }

  static Map<String, double[]> parameters(NormLayer layer) {
    Map<String, double[]> values = new LinkedHashMap<>();
    for (Parameter parameter : layer.parameters()) {
      values.put(parameter.name(), Trial.wide(parameter.value()));
    }
    return values;
  }

  @Override
  public String toString() {
    return name + " " + shape;
  }
}
