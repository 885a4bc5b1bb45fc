package io.github.normkit.report;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;

/**
 * A program that prints a report and draws its figure, and writes both into a page that asks for
 * them.
 *
 * @param name of the program, and of the part of the page that it writes
 * @param figure the name of the figure's file
 * @param usage explains the arguments, {@code --page FILE} and {@code --help}
 */
public record PageProgram(String name, String figure, String usage) {

  private static final int OK = 0;
  private static final int FAILED = 1;
  private static final int BAD_ARGUMENT = 2;

  /**
   * What the program shows.
   *
   * @param lines to print
   * @param markdown for the page, lines with an end each
   * @param svg the figure
   */
  public record Result(List<String> lines, String markdown, String svg) {}

  /**
   * Runs the program.
   *
   * @param result is asked once, if the arguments are good
   * @return the code to exit with: 0, or 1 if the files could not be written, or 2 after a bad
   *     argument
   */
  public int run(Supplier<Result> result, String[] args, PrintStream out, PrintStream err) {
    if (args.length == 1 && args[0].equals("--help")) {
      out.print(usage);
      return OK;
    }
    if (args.length != 0 && !(args.length == 2 && args[0].equals("--page"))) {
      err.println(
          name
              + ": the arguments must be --page FILE, --help or none: got "
              + String.join(" ", args));
      return BAD_ARGUMENT;
    }
    Result shown = result.get();
    shown.lines.forEach(out::println);
    out.println();
    try {
      Path file = Path.of("target", figure);
      if (args.length == 2) {
        Path page = Path.of(args[1]);
        Page.read(page).with(name, shown.markdown).write(page);
        out.println("The same in a page: " + page);
        file = page.resolveSibling(figure);
      } else {
        Files.createDirectories(file.getParent());
      }
      Files.writeString(file, shown.svg);
      out.println("Figure: " + file);
      return OK;
    } catch (IOException e) {
      err.println(name + ": the files could not be written: " + e);
      return FAILED;
    }
  }
}
