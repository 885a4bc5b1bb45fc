package io.github.normkit;

import java.util.Arrays;

/**
 * Where the counted elements of a tensor go when they are copied together, and the copying.
 *
 * <p>The tensor is read as {@code samples × planes × positions × block}; the mask has a value for
 * each position of each sample, which holds for all its planes and the elements of the block.
 * Packed, all samples together are {@code planes × counted positions × block}, so that they are one
 * batch; or each sample is so for itself, and they follow one another.
 */
final class Packing {

  private final int samples;
  private final int planes;
  private final int positions;
  private final int block;

  /** The shape of all samples packed together; null where each is packed for itself. */
  private final Shape together;

  /** The first and the end of each run of counted positions, those of a sample within it. */
  private final int[] runs;

  /** For each sample, and at the end, the index of its first run in {@link #runs}. */
  private final int[] firstRun;

  /** For each sample, and at the end, how many counted positions are before it. */
  private final int[] before;

  private Packing(Mask mask, int samples, int planes, int positions, int block, Shape together) {
    this.samples = samples;
    this.planes = planes;
    this.positions = positions;
    this.block = block;
    this.together = together;
    firstRun = new int[samples + 1];
    before = new int[samples + 1];
    int[] ends = new int[2 * samples];
    int n = 0;
    for (int sample = 0; sample < samples; sample++) {
      int counted = 0;
      int end = 0;
      for (int i = mask.first(true, sample, 0, positions);
          i < positions;
          i = mask.first(true, sample, end, positions)) {
        end = mask.first(false, sample, i, positions);
        if (n == ends.length) {
          ends = Arrays.copyOf(ends, 2 * n);
        }
        ends[n++] = i;
        ends[n++] = end;
        counted += end - i;
      }
      firstRun[sample + 1] = n;
      before[sample + 1] = before[sample] + counted;
    }
    runs = ends;
  }

  /** All samples are one batch, whose shape is {@code packed}. */
  static Packing together(
      Mask mask, int samples, int planes, int positions, int block, Shape packed) {
    return new Packing(mask, samples, planes, positions, block, packed);
  }

  /** Each sample is a piece for itself. */
  static Packing apart(Mask mask, int samples, int planes, int positions, int block) {
    return new Packing(mask, samples, planes, positions, block, null);
  }

  /** The shape of all samples packed together; null where each is packed for itself. */
  Shape together() {
    return together;
  }

  int samples() {
    return samples;
  }

  /** The number of elements of a position. */
  int block() {
    return block;
  }

  /** The number of packed elements. */
  int size() {
    return before[samples] * planes * block;
  }

  /** How many positions of a sample count. */
  int count(int sample) {
    return before[sample + 1] - before[sample];
  }

  /** Where a sample that is packed for itself begins. */
  int start(int sample) {
    return before[sample] * planes * block;
  }

  private int start(int sample, int plane) {
    return together == null
        ? start(sample) + plane * count(sample) * block
        : (plane * before[samples] + before[sample]) * block;
  }

  /**
   * Copies the counted elements together.
   *
   * @param packed modified
   */
  void pack(Tensor tensor, float[] packed) {
    for (int sample = 0; sample < samples; sample++) {
      for (int plane = 0; plane < planes; plane++) {
        int from = tensor.offset() + (sample * planes + plane) * positions * block;
        pack(sample, tensor.array(), from, packed, start(sample, plane));
      }
    }
  }

  /**
   * Copies what stands at the counted positions of a sample together: of one of its planes, or of
   * parameters that have an element for each position.
   *
   * @param packed modified
   */
  void pack(int sample, float[] array, int from, float[] packed, int to) {
    for (int run = firstRun[sample]; run < firstRun[sample + 1]; run += 2) {
      int length = (runs[run + 1] - runs[run]) * block;
      System.arraycopy(array, from + runs[run] * block, packed, to, length);
      to += length;
    }
  }

  /**
   * Copies packed elements to their positions, and 0 to those that do not count.
   *
   * @param tensor modified
   */
  void unpack(float[] packed, Tensor tensor) {
    for (int sample = 0; sample < samples; sample++) {
      for (int plane = 0; plane < planes; plane++) {
        int to = tensor.offset() + (sample * planes + plane) * positions * block;
        unpack(sample, packed, start(sample, plane), tensor.array(), to);
      }
    }
  }

  private void unpack(int sample, float[] packed, int from, float[] array, int to) {
    int done = 0;
    for (int run = firstRun[sample]; run < firstRun[sample + 1]; run += 2) {
      int length = (runs[run + 1] - runs[run]) * block;
      Arrays.fill(array, to + done * block, to + runs[run] * block, 0);
      System.arraycopy(packed, from, array, to + runs[run] * block, length);
      from += length;
      done = runs[run + 1];
    }
    Arrays.fill(array, to + done * block, to + positions * block, 0);
  }

  /**
   * Adds packed elements of a sample to sums with one for each of its positions and elements of the
   * block.
   *
   * @param sums modified
   */
  void add(int sample, float[] packed, double[] sums) {
    int from = 0;
    for (int run = firstRun[sample]; run < firstRun[sample + 1]; run += 2) {
      for (int i = runs[run] * block; i < runs[run + 1] * block; i++) {
        sums[i] += packed[from++];
      }
    }
  }
}
