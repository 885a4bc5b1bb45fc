package io.github.normkit.spark;

import java.io.IOException;
import java.util.Arrays;

/**
 * Runs the main method of a class until standard input ends.
 *
 * <p>It ends with the process at its other end, however that dies: so nothing outlives a test.
 */
final class Guard {

  private Guard() {}

  /** Arguments: the class, then those of its main method. */
  public static void main(String[] args) throws ReflectiveOperationException {
    Thread guard = new Thread(Guard::exitAtEnd, "guard");
    guard.setDaemon(true);
    guard.start();
    String[] rest = Arrays.copyOfRange(args, 1, args.length);
    Class.forName(args[0]).getMethod("main", String[].class).invoke(null, (Object) rest);
  }

  private static void exitAtEnd() {
    try {
      int read = 0;
      while (read >= 0) {
        read = System.in.read();
      }
    } catch (IOException e) {
      // As good as an end.
    }
    System.exit(0);
  }
}
