package io.github.normkit;

/** What the layers over samples, channels and places have in common: the shape. */
abstract class ImageOracle extends Oracle {

  final int channels;
  final Layout layout;

  ImageOracle(int channels, Layout layout, double epsilon) {
    super(epsilon);
    this.channels = channels;
    this.layout = layout;
  }

  static int samples(Shape shape) {
    return shape.dim(0);
  }

  int places(Shape shape) {
    return layout == Layout.CHANNELS_FIRST
        ? shape.size(2, shape.rank())
        : shape.size(1, shape.rank() - 1);
  }

  @Override
  int parameterOf(Shape shape, int i) {
    return layout == Layout.CHANNELS_FIRST ? i / places(shape) % channels : i % channels;
  }
}
