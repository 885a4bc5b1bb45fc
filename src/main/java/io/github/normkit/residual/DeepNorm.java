package io.github.normkit.residual;

import io.github.normkit.NormLayer;

/**
 * The scales of a post-norm transformer that trains at a thousand layers: {@code y = norm(alpha * x
 * + f(x))}, with some weights of f scaled by beta as they are initialized.
 *
 * <p>Wang et al., <a href="https://arxiv.org/abs/2203.00555">DeepNet: Scaling Transformers to 1,000
 * Layers</a>, 2022. For N encoder and M decoder layers, each of two or three sublayers:
 *
 * <pre>{@code
 *                    encoder: alpha         beta                 decoder: alpha  beta
 * encoder only       (2N)^(1/4)             (8N)^(-1/4)
 * decoder only                                                   (2M)^(1/4)      (8M)^(-1/4)
 * encoder, decoder   0.81 (N^4 M)^(1/16)    0.87 (N^4 M)^(-1/16) (3M)^(1/4)      (12M)^(-1/4)
 * }</pre>
 *
 * <p>Beta is the gain of the Xavier initialization of the feed-forward weights and of attention's
 * value and output projections; queries and keys have gain 1. Immutable; any thread.
 *
 * @param alpha multiplies the input on its way past the sublayer
 * @param beta multiplies the initial weights
 */
public record DeepNorm(double alpha, double beta) {

  /**
   * Returns the scales of an encoder without a decoder.
   *
   * @param layers N, at least 1
   * @return alpha and beta of each of its layers
   * @throws IllegalArgumentException if there are none
   */
  public static DeepNorm encoderOnly(int layers) {
    double n = atLeastOne("layers", layers);
    return new DeepNorm(fourthRoot(2 * n), 1 / fourthRoot(8 * n));
  }

  /**
   * Returns the scales of a decoder without an encoder.
   *
   * @param layers M, at least 1
   * @return alpha and beta of each of its layers
   * @throws IllegalArgumentException if there are none
   */
  public static DeepNorm decoderOnly(int layers) {
    return encoderOnly(layers);
  }

  /**
   * Returns the scales of the encoder of an encoder and a decoder.
   *
   * @param encoderLayers N, at least 1
   * @param decoderLayers M, at least 1
   * @return alpha and beta of each of the encoder's layers
   * @throws IllegalArgumentException if either has none
   */
  public static DeepNorm encoderOfBoth(int encoderLayers, int decoderLayers) {
    double n = atLeastOne("encoderLayers", encoderLayers);
    double m = atLeastOne("decoderLayers", decoderLayers);
    double root = fourthRoot(fourthRoot(n * n * n * n * m));
    return new DeepNorm(0.81 * root, 0.87 / root);
  }

  /**
   * Returns the scales of the decoder of an encoder and a decoder; the encoder's layers do not
   * matter to them.
   *
   * @param decoderLayers M, at least 1
   * @return alpha and beta of each of the decoder's layers
   * @throws IllegalArgumentException if there are none
   */
  public static DeepNorm decoderOfBoth(int decoderLayers) {
    double m = atLeastOne("decoderLayers", decoderLayers);
    return new DeepNorm(fourthRoot(3 * m), 1 / fourthRoot(12 * m));
  }

  /**
   * Makes a residual block with this alpha.
   *
   * @param norm normalizes the sum; shared
   * @param sublayer the function, its weights initialized with beta; shared
   * @return the block
   */
  public PostNorm block(NormLayer norm, Sublayer sublayer) {
    return new PostNorm(norm, sublayer, alpha);
  }

  private static double fourthRoot(double v) {
    return Math.sqrt(Math.sqrt(v));
  }

  private static int atLeastOne(String what, int layers) {
    if (layers < 1) {
      throw new IllegalArgumentException(
          "DeepNorm: " + what + " must be at least 1: got " + layers);
    }
    return layers;
  }
}
