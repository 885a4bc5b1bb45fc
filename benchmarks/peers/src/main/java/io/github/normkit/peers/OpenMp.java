package io.github.normkit.peers;

import com.sun.jna.NativeLibrary;
import java.util.Map;
import org.bytedeco.javacpp.Loader;

/** The number of threads of libraries that have no setting of their own but OpenMP's. */
final class OpenMp {

  private OpenMp() {}

  /**
   * Sets the number of threads for parallel work that the calling thread starts.
   *
   * @throws IllegalStateException if JavaCPP has not loaded an OpenMP library before
   */
  static void setThreads(int threads) {
    String path =
        Loader.getLoadedLibraries().entrySet().stream()
            .filter(library -> library.getKey().startsWith("gomp"))
            .map(Map.Entry::getValue)
            .findFirst()
            .orElseThrow(() -> new IllegalStateException("no OpenMP library is loaded"));
    NativeLibrary.getInstance(path)
        .getFunction("omp_set_num_threads")
        .invokeVoid(new Object[] {threads});
  }
}
