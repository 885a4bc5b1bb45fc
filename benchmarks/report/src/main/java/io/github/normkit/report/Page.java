package io.github.normkit.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A Markdown page with parts that programs write. A part stands between two comments that name it,
 * {@code <!-- name: begin -->} and {@code <!-- name: end -->}; all else is left as it is.
 *
 * @param text of the whole page
 */
public record Page(String text) {

  private static final Pattern BEGIN = Pattern.compile("<!-- (\\S+): begin -->");

  /** Reads a page. */
  public static Page read(Path file) throws IOException {
    return new Page(Files.readString(file));
  }

  /** Writes the page. */
  public void write(Path file) throws IOException {
    Files.writeString(file, text);
  }

  /** Returns the names of the parts, in their order. */
  public List<String> parts() {
    return BEGIN.matcher(text).results().map(begin -> begin.group(1)).toList();
  }

  /**
   * Returns the page with another content of a part.
   *
   * @param name of the part
   * @param markdown lines, each with its end
   * @throws IOException if the page has no such part
   */
  public Page with(String name, String markdown) throws IOException {
    String begin = "<!-- " + name + ": begin -->";
    String end = "<!-- " + name + ": end -->";
    int from = text.indexOf(begin);
    int to = text.indexOf(end);
    if (from < 0 || to < from) {
      throw new IOException("the page must hold " + begin + " and " + end);
    }
    return new Page(
        text.substring(0, from + begin.length()) + "\n\n" + markdown + "\n" + text.substring(to));
  }
}
