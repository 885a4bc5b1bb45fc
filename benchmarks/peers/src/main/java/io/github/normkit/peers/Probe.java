package io.github.normkit.peers;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.normkit.throughput.Call;
import io.github.normkit.throughput.Case;
import io.github.normkit.throughput.Implementation;
import io.github.normkit.throughput.Implementations;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Finds out what an implementation can do on this machine, in a virtual machine of its own: a
 * native library may end it, and leaves its threads behind.
 */
final class Probe {

  private static final String CAN = "can ";
  private static final String CANNOT = "cannot ";

  private Probe() {}

  /**
   * Tries an implementation on a tiny case of each kind, and checks the results.
   *
   * @param name of the implementation
   * @param threads to try with
   */
  static Ability run(String name, List<Integer> threads) throws IOException {
    Ability ability = new Ability(name);
    int code = -1;
    Process process = start(name, threads);
    try (BufferedReader lines = process.inputReader(UTF_8)) {
      lines.lines().forEach(line -> read(line, ability));
      code = process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      process.destroy();
    }
    if (code != 0) {
      ability.addProblem("its virtual machine ended with code " + code);
    }
    return ability;
  }

  private static Process start(String name, List<Integer> threads) throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String numbers = String.join(",", threads.stream().map(String::valueOf).toList());
    return new ProcessBuilder(
            java,
            "--add-modules=jdk.incubator.vector",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            Probe.class.getName(),
            name,
            numbers)
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  private static void read(String line, Ability ability) {
    if (line.startsWith(CAN)) {
      String[] words = line.substring(CAN.length()).split(" ", 2);
      ability.add(Case.parse(words[1]), Integer.parseInt(words[0]));
    } else if (line.startsWith(CANNOT)) {
      ability.addProblem(line.substring(CANNOT.length()));
    }
  }

  /**
   * Prints a line for each tiny case.
   *
   * @param args the implementation's name, and the numbers of threads with commas
   */
  public static void main(String[] args) {
    Implementation implementation = Implementations.named(args[0]);
    PrintStream out = new PrintStream(System.out, true, UTF_8);
    for (String threads : args[1].split(",", -1)) {
      for (Case c : TinyCases.all()) {
        tryCase(implementation, c, Integer.parseInt(threads)).ifPresent(line -> out.println(line));
      }
    }
    // The threads of some libraries would keep the virtual machine up.
    System.exit(0);
  }

  private static Optional<String> tryCase(Implementation implementation, Case c, int threads) {
    try {
      Optional<Call> bound = implementation.bind(c, threads);
      if (bound.isEmpty()) {
        return Optional.empty();
      }
      try (Call call = bound.get()) {
        call.error(c);
      }
      return Optional.of(String.format(Locale.ROOT, "%s%d %s", CAN, threads, c));
    } catch (RuntimeException | LinkageError e) {
      // Of several lines, the first says what is wrong.
      return Optional.of(CANNOT + e.toString().lines().findFirst().orElse(""));
    }
  }
}
