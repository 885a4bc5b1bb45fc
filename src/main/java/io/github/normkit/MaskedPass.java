package io.github.normkit;

import io.github.normkit.functional.Affine;

/**
 * A layer's calls with a mask: the counted elements are copied together, normalized by the layer's
 * own operation, and copied back.
 */
final class MaskedPass {

  private final BaseLayer layer;
  private final Masking masking;
  private Packing packing;
  private float[] x = {};
  private float[] y = {};

  /** The statistics of each piece, where pieces have their own. */
  private double[] mean = {};

  private double[] spread = {};

  MaskedPass(BaseLayer layer, Masking masking) {
    this.layer = layer;
    this.masking = masking;
  }

  void forward(Packing packing, Tensor in, Tensor out) {
    begin(packing, in);
    if (packing.together() == null) {
      normalizePieces();
      masking.keepRunning(packing, mean, spread);
    } else if (packing.size() > 0 || layer.takesEmpty()) {
      layer.normalizeAndKeep(packed(x), packed(y));
    }
    packing.unpack(y, out);
  }

  void infer(Packing packing, Tensor in, Tensor out) {
    begin(packing, in);
    if (packing.together() == null) {
      normalizePieces();
    } else if (packing.size() > 0) {
      layer.normalize(packed(x), packed(y));
    }
    packing.unpack(y, out);
  }

  void backward(Tensor dy, Tensor dx) {
    packing.pack(dy, y);
    if (packing.together() == null) {
      pieceGradients();
    } else if (packing.size() > 0 || layer.takesEmpty()) {
      layer.gradient(packed(y), packed(x), packed(y));
    }
    packing.unpack(y, dx);
  }

  private void begin(Packing packing, Tensor in) {
    this.packing = packing;
    if (x.length < packing.size()) {
      x = new float[packing.size()];
      y = new float[packing.size()];
    }
    packing.pack(in, x);
  }

  private Tensor packed(float[] array) {
    return Tensor.wrap(array, 0, packing.together());
  }

  private void normalizePieces() {
    PieceNorm norm = masking.pieces(packing);
    int sets = norm.sets();
    if (mean.length < packing.samples() * sets) {
      mean = new double[packing.samples() * sets];
      spread = new double[packing.samples() * sets];
    }
    double[] pieceMean = new double[sets];
    double[] pieceSpread = new double[sets];
    PieceParameters parameters = parameters(norm);
    for (int i = 0; i < packing.samples(); i++) {
      if (packing.count(i) > 0) {
        Affine affine = parameters.of(i);
        int start = packing.start(i);
        norm.forward(x, start, y, start, packing.count(i), affine, pieceMean, pieceSpread);
        System.arraycopy(pieceMean, 0, mean, i * sets, sets);
        System.arraycopy(pieceSpread, 0, spread, i * sets, sets);
      }
    }
  }

  /** Replaces the gradient of the output, which is in y, by that of the input. */
  private void pieceGradients() {
    PieceNorm norm = masking.pieces(packing);
    int sets = norm.sets();
    double[] pieceMean = new double[sets];
    double[] pieceSpread = new double[sets];
    PieceParameters parameters = parameters(norm);
    PieceParameters.Sums sums = parameters.sums();
    for (int i = 0; i < packing.samples(); i++) {
      if (packing.count(i) > 0) {
        System.arraycopy(mean, i * sets, pieceMean, 0, sets);
        System.arraycopy(spread, i * sets, pieceSpread, 0, sets);
        Affine affine = parameters.of(i);
        int start = packing.start(i);
        Affine gradients = sums.cleared();
        norm.backward(
            y,
            start,
            x,
            start,
            y,
            start,
            packing.count(i),
            affine,
            pieceMean,
            pieceSpread,
            gradients);
        sums.take(i);
      }
    }
    sums.addTo(layer.affine().gradients());
  }

  private PieceParameters parameters(PieceNorm norm) {
    return new PieceParameters(packing, norm.affineByPosition(), layer.affine().values());
  }
}
