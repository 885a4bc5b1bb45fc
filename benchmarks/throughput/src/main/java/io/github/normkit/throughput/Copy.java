package io.github.normkit.throughput;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.RecursiveAction;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The limit: a copy that moves the bytes a case must move, half of them read and half written.
 *
 * <p>There are three ways to copy. {@link Vectors} does what the kernels do, a vector at a time,
 * and is the one to compare with. {@link Loop} leaves the vectors to the compiler. {@link
 * Arraycopy} is the machine's own routine, which above some size and on some virtual machines uses
 * stores that bypass the caches, as no loop in Java can.
 */
public abstract class Copy implements Implementation {

  /** Where the library begins to split a call; see {@link io.github.normkit.NormBuilder}. */
  private static final int LEAST_TO_SPLIT = 32_768;

  private static final int PIECES_PER_THREAD = 4;

  /** Pieces begin at multiples of this, so that no vector is cut. */
  private static final int STEP = 64;

  private final String name;

  private Copy(String name) {
    this.name = name;
  }

  /** Copies floats from one array to the same places of another. */
  abstract void copy(float[] from, float[] to, int start, int end);

  @Override
  public final String name() {
    return name;
  }

  @Override
  public final Optional<Call> bind(Case c, int threads) {
    int floats = Math.toIntExact(c.bytes() / (2 * Float.BYTES));
    ForkJoinPool pool =
        threads > 1 && c.size() >= LEAST_TO_SPLIT ? new ForkJoinPool(threads) : null;
    return Optional.of(new CopyCall(this, floats, threads, pool));
  }

  /** Returns a copy of so many bytes, half of them read and half written, by one thread. */
  final Call of(long bytes) {
    return new CopyCall(this, Math.toIntExact(bytes / (2 * Float.BYTES)), 1, null);
  }

  private static float[] floats(int size) {
    SplittableRandom random = new SplittableRandom(7);
    float[] floats = new float[size];
    for (int i = 0; i < size; i++) {
      floats[i] = random.nextInt(1 << 20);
    }
    return floats;
  }

  /** With vectors of the width the kernels have. */
  public static final class Vectors extends Copy {

    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;

    /** Named copy. */
    public Vectors() {
      super("copy");
    }

    @Override
    void copy(float[] from, float[] to, int start, int end) {
      int bound = start + SPECIES.loopBound(end - start);
      int i = start;
      for (; i < bound; i += SPECIES.length()) {
        FloatVector.fromArray(SPECIES, from, i).intoArray(to, i);
      }
      for (; i < end; i++) {
        to[i] = from[i];
      }
    }
  }

  /** With the vectors that the compiler finds. */
  public static final class Loop extends Copy {

    /** Named copy-loop. */
    public Loop() {
      super("copy-loop");
    }

    @Override
    @SuppressWarnings("ManualArrayCopy")
    void copy(float[] from, float[] to, int start, int end) {
      for (int i = start; i < end; i++) {
        to[i] = from[i];
      }
    }
  }

  /** With {@link System#arraycopy}. */
  public static final class Arraycopy extends Copy {

    /** Named arraycopy. */
    public Arraycopy() {
      super("arraycopy");
    }

    @Override
    void copy(float[] from, float[] to, int start, int end) {
      System.arraycopy(from, start, to, start, end - start);
    }
  }

  private static final class CopyCall implements Call {

    private final Copy copy;
    private final float[] from;
    private final float[] to;
    private final int grain;
    private final ForkJoinPool pool;

    CopyCall(Copy copy, int floats, int threads, ForkJoinPool pool) {
      this.copy = copy;
      this.from = Copy.floats(floats);
      this.to = new float[floats];
      this.grain = Math.max(2 * STEP, floats / (PIECES_PER_THREAD * threads));
      this.pool = pool;
    }

    @Override
    public void run() {
      if (pool == null) {
        copy.copy(from, to, 0, to.length);
      } else {
        pool.invoke(new Piece(this, 0, to.length));
      }
    }

    @Override
    public Map<String, float[]> results() {
      return Map.of(OUTPUT, to);
    }

    @Override
    public double error(Checked what) {
      run();
      if (!Arrays.equals(from, to)) {
        throw new IllegalStateException(
            copy.name() + ": the copy must equal what was copied: got another, for " + what);
      }
      return 0;
    }

    @Override
    public void close() {
      if (pool != null) {
        pool.shutdown();
      }
    }
  }

  private static final class Piece extends RecursiveAction {

    private static final long serialVersionUID = 1L;

    private final transient CopyCall call;
    private final int start;
    private final int end;

    Piece(CopyCall call, int start, int end) {
      this.call = call;
      this.start = start;
      this.end = end;
    }

    @Override
    protected void compute() {
      if (end - start <= call.grain) {
        call.copy.copy(call.from, call.to, start, end);
        return;
      }
      int middle = start + (end - start) / 2 / STEP * STEP;
      invokeAll(new Piece(call, start, middle), new Piece(call, middle, end));
    }
  }
}
