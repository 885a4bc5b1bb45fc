package io.github.normkit.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A table as text or as Markdown: the first row is its head, the first columns are aligned left,
 * the others right. A cell may have several lines.
 */
public final class Table {

  private static final String GAP = "   ";

  private final int columns;
  private final int left;
  private final List<List<String>> rows = new ArrayList<>();

  /** A table without rows, with one column aligned left. */
  public Table(int columns) {
    this(columns, 1);
  }

  /**
   * A table without rows.
   *
   * @param columns how many there are
   * @param left how many of them, from the first on, are aligned left
   */
  public Table(int columns, int left) {
    this.columns = columns;
    this.left = left;
  }

  /** Adds a row with one cell for each column. */
  public Table row(String... cells) {
    if (cells.length != columns) {
      throw new IllegalArgumentException(
          "Table: cells must fill the row: expected " + columns + ", got " + cells.length);
    }
    rows.add(List.of(cells));
    return this;
  }

  /** Returns the lines of the text, without line ends. */
  public List<String> lines() {
    List<String[]> lines = rows.stream().flatMap(Table::split).toList();
    int[] widths = new int[columns];
    for (String[] line : lines) {
      for (int c = 0; c < columns; c++) {
        widths[c] = Math.max(widths[c], line[c].length());
      }
    }
    return lines.stream().map(line -> aligned(line, widths)).toList();
  }

  /** The lines of a row, each with a cell for each column. */
  private static Stream<String[]> split(List<String> row) {
    List<String[]> cells = row.stream().map(cell -> cell.split("\n", -1)).toList();
    int height = cells.stream().mapToInt(lines -> lines.length).max().orElse(0);
    return Stream.iterate(0, i -> i < height, i -> i + 1)
        .map(
            i ->
                cells.stream()
                    .map(lines -> i < lines.length ? lines[i] : "")
                    .toArray(String[]::new));
  }

  private String aligned(String[] cells, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int c = 0; c < cells.length; c++) {
      String padding = " ".repeat(widths[c] - cells[c].length());
      line.append(c == 0 ? "" : GAP).append(c < left ? cells[c] + padding : padding + cells[c]);
    }
    return line.toString().stripTrailing();
  }

  /** Returns the lines of the Markdown, without line ends; the table has a row at least. */
  public List<String> markdown() {
    List<String> lines = new ArrayList<>(rows.stream().map(Table::markdown).toList());
    lines.add(1, "|---".repeat(left) + "|---:".repeat(columns - left) + "|");
    return lines;
  }

  private static String markdown(List<String> row) {
    return row.stream()
        .map(cell -> cell.replace("|", "\\|").replace("\n", " "))
        .collect(Collectors.joining(" | ", "| ", " |"));
  }
}
