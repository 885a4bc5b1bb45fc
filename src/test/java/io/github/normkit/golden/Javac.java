package io.github.normkit.golden;

import io.github.normkit.NormLayer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.spi.ToolProvider;

/** The compiler, asked whether the types of the library allow a call. */
final class Javac {

  private static final String SNIPPET =
      """
      import io.github.normkit.*;
      import io.github.normkit.functional.*;
      class Snippet { Object call() { return %s; } }
      """;

  private Javac() {}

  /** Compiles an expression; returns what javac says in its raw form, nothing if it is content. */
  static String messages(String expression) {
    StringWriter messages = new StringWriter();
    try {
      Path folder = Files.createTempDirectory("snippet");
      Path source =
          Files.writeString(folder.resolve("Snippet.java"), SNIPPET.formatted(expression));
      PrintWriter writer = new PrintWriter(messages);
      ToolProvider.findFirst("javac")
          .orElseThrow()
          .run(
              writer,
              writer,
              "-XDrawDiagnostics",
              "-proc:none",
              "-classpath",
              library(),
              "-d",
              folder.toString(),
              source.toString());
      Files.deleteIfExists(folder.resolve("Snippet.class"));
      Files.delete(source);
      Files.delete(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return messages.toString();
  }

  private static String library() {
    try {
      return Path.of(NormLayer.class.getProtectionDomain().getCodeSource().getLocation().toURI())
          .toString();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
