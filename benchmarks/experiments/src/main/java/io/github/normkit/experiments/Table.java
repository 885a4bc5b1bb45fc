package io.github.normkit.experiments;

import java.util.ArrayList;
import java.util.List;

/** Text in columns: the first is aligned left, the others right. A cell may have several lines. */
final class Table {

  private static final String GAP = "   ";

  private final List<String[]> lines = new ArrayList<>();
  private final int[] widths;

  Table(int columns) {
    widths = new int[columns];
  }

  /** Adds a row with one cell for each column. */
  Table row(String... cells) {
    if (cells.length != widths.length) {
      throw new IllegalArgumentException(
          "Table: cells must fill the row: expected " + widths.length + ", got " + cells.length);
    }
    List<String[]> parts = new ArrayList<>();
    int height = 0;
    for (String cell : cells) {
      parts.add(cell.split("\n", -1));
      height = Math.max(height, cell.split("\n", -1).length);
    }
    for (int i = 0; i < height; i++) {
      String[] line = new String[widths.length];
      for (int c = 0; c < line.length; c++) {
        line[c] = i < parts.get(c).length ? parts.get(c)[i] : "";
        widths[c] = Math.max(widths[c], line[c].length());
      }
      lines.add(line);
    }
    return this;
  }

  /** Returns the lines without line ends. */
  List<String> lines() {
    return lines.stream().map(this::format).toList();
  }

  private String format(String[] cells) {
    StringBuilder line = new StringBuilder();
    for (int c = 0; c < cells.length; c++) {
      String padding = " ".repeat(widths[c] - cells[c].length());
      line.append(c == 0 ? cells[c] + padding : GAP + padding + cells[c]);
    }
    return line.toString().stripTrailing();
  }
}
