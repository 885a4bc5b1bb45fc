package io.github.normkit.throughput;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.util.Map;

/**
 * What all programs here do with their command line.
 *
 * @param name of the program, which its errors begin with
 * @param usage explains the arguments
 * @param defaults the names of the arguments, with their values unless others are given
 */
record Program(String name, String usage, Map<String, String> defaults) {

  static final int OK = 0;
  static final int FAILED = 1;
  private static final int BAD_ARGUMENT = 2;

  /** The program itself. */
  interface Body {

    /**
     * Runs and returns the code to exit with.
     *
     * @throws IllegalArgumentException if an argument is bad
     */
    int run(Arguments arguments) throws IOException;
  }

  /**
   * Runs the program.
   *
   * @return the code to exit with: 0, or 1 if something could not be timed, read or written, or 2
   *     after a bad argument
   */
  int run(Body body, String[] args, PrintStream out, PrintStream err) {
    if (Arguments.help(args)) {
      out.print(usage);
      return OK;
    }
    try {
      return body.run(Arguments.parse(defaults, args));
    } catch (IllegalArgumentException e) {
      err.println(name + ": " + e.getMessage());
      err.println("See --help.");
      return BAD_ARGUMENT;
    } catch (IOException | UncheckedIOException e) {
      err.println(name + ": " + e);
      return FAILED;
    }
  }
}
