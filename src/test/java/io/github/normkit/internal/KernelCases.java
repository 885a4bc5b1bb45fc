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
        "rows.moments",
        (k, in) -> k.rows().moments(in.x, in.xOff, in.stride, in.runs, in.len, in.lanes));
    CASES.put(
        "rows.fold",
        (k, in) -> {
          k.rows().moments(in.x, in.xOff, in.stride, in.runs, in.len, in.lanes);
          k.rows().fold(in.lanes, Lanes.SECOND, in.runs, in.sums);
        });
    CASES.put(
        "segments.moments",
        (k, in) ->
            k.segments()
                .moments(
                    in.x,
                    in.xOff,
                    in.runs,
                    in.runs,
                    in.stride,
                    in.len / in.runs,
                    in.params,
                    in.lanes));
    CASES.put(
        "rows.normalize",
        (k, in) ->
            k.rows()
                .normalize(
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
        "rows.sums",
        (k, in) ->
            k.rows()
                .sums(
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
        "rows.gradient",
        (k, in) ->
            k.rows()
                .gradient(
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
        "rows.add",
        (k, in) ->
            k.rows()
                .add(
                    in.x, in.xOff, in.stride, in.dy, in.dyOff, in.stride, in.slope, in.y, in.yOff,
                    in.stride, in.runs, in.len));
    CASES.put(
        "segments.normalize",
        (k, in) ->
            k.segments()
                .normalize(
                    in.x, in.xOff, in.y, in.yOff, in.runs, in.stride, in.len, 0, in.params, 0, 3));
    CASES.put(
        "segments.sums",
        (k, in) ->
            k.segments()
                .sums(
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
        "segments.gradient",
        (k, in) ->
            k.segments()
                .gradient(
                    in.dy, in.dyOff, in.x, in.xOff, in.y, in.yOff, in.runs, in.stride, in.len,
                    in.params, 0, 4));
    CASES.put(
        "columns.moments",
        (k, in) ->
            k.columns()
                .moments(in.x, in.xOff, in.runs, in.len, in.from, in.params, in.sums, in.sumsOff));
    CASES.put(
        "columns.normalize",
        (k, in) ->
            k.columns()
                .normalize(in.x, in.xOff, in.y, in.yOff, in.runs, in.len, in.from, in.params));
    CASES.put(
        "columns.sums",
        (k, in) ->
            k.columns()
                .sums(
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
        "columns.gradient",
        (k, in) ->
            k.columns()
                .gradient(
                    in.dy, in.dyOff, in.x, in.xOff, in.y, in.yOff, in.runs, in.len, in.from,
                    in.params));
  }

  private KernelCases() {}
}
