package io.github.normkit.internal;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * A case for every kernel: how to call it on the arrays of a {@link KernelInput}.
 *
 * <p>A test finds by reflection any kernel that has none.
 */
final class KernelCases {

  /** The cases by the kernel's name. */
  static final Map<String, BiConsumer<Kernels, KernelInput>> CASES = new LinkedHashMap<>();

  static {
    CASES.put(
        "rowMoments", (k, in) -> k.rowMoments(in.x, in.xOff, in.stride, in.runs, in.len, in.lanes));
    CASES.put(
        "segmentMoments",
        (k, in) ->
            k.segmentMoments(
                in.x, in.xOff, in.runs, in.runs, in.stride, in.len / in.runs, in.params, in.lanes));
    CASES.put(
        "rowNormalize",
        (k, in) ->
            k.rowNormalize(
                in.x,
                in.xOff,
                in.stride,
                in.y,
                in.yOff,
                in.stride,
                in.runs,
                in.len,
                0,
                in.params,
                in.weight,
                in.weightOff,
                in.bias,
                in.biasOff));
    CASES.put(
        "rowSums",
        (k, in) ->
            k.rowSums(
                in.dy,
                in.dyOff,
                in.stride,
                in.x,
                in.xOff,
                in.stride,
                in.runs,
                in.len,
                in.means,
                in.weight,
                in.weightOff,
                in.sums,
                in.sumsOff,
                in.lanes));
    CASES.put(
        "rowGradient",
        (k, in) ->
            k.rowGradient(
                in.dy,
                in.dyOff,
                in.stride,
                in.x,
                in.xOff,
                in.stride,
                in.y,
                in.yOff,
                in.stride,
                in.runs,
                in.len,
                in.params,
                in.weight,
                in.weightOff));
    CASES.put(
        "add",
        (k, in) ->
            k.add(
                in.x, in.xOff, in.stride, in.dy, in.dyOff, in.stride, in.slope, in.y, in.yOff,
                in.stride, in.runs, in.len));
    CASES.put(
        "segmentNormalize",
        (k, in) ->
            k.segmentNormalize(
                in.x, in.xOff, in.y, in.yOff, in.runs, in.stride, in.len, 0, in.params, 0, 3));
    CASES.put(
        "segmentSums",
        (k, in) ->
            k.segmentSums(
                in.dy,
                in.dyOff,
                in.x,
                in.xOff,
                in.runs,
                in.runs,
                in.stride,
                in.len / in.runs,
                in.means,
                in.lanes));
    CASES.put(
        "segmentGradient",
        (k, in) ->
            k.segmentGradient(
                in.dy, in.dyOff, in.x, in.xOff, in.y, in.yOff, in.runs, in.stride, in.len,
                in.params, 0, 4));
    CASES.put(
        "columnMoments",
        (k, in) ->
            k.columnMoments(
                in.x, in.xOff, in.runs, in.len, in.from, in.params, in.sums, in.sumsOff));
    CASES.put(
        "columnNormalize",
        (k, in) ->
            k.columnNormalize(in.x, in.xOff, in.y, in.yOff, in.runs, in.len, in.from, in.params));
    CASES.put(
        "columnSums",
        (k, in) ->
            k.columnSums(
                in.dy,
                in.dyOff,
                in.x,
                in.xOff,
                in.runs,
                in.len,
                in.from,
                in.means,
                in.sums,
                in.sumsOff));
    CASES.put(
        "columnGradient",
        (k, in) ->
            k.columnGradient(
                in.dy, in.dyOff, in.x, in.xOff, in.y, in.yOff, in.runs, in.len, in.from,
                in.params));
  }

  private KernelCases() {}
}
