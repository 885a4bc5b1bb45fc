package io.github.normkit.report;

import java.util.List;
import java.util.Locale;

/**
 * Tensors as an SVG picture that follows the light or dark scheme of its viewer: a row for each
 * thing shown, in it tensors of three axes, drawn as blocks of cells side by side, some of which
 * are marked.
 *
 * @param title what is shown
 * @param subtitle how it is read; several lines if it has line feeds
 * @param headings of the columns of tensors
 * @param axes for each column what runs down a block and what runs to the right
 * @param rows from the top
 */
public record CellChart(
    String title, String subtitle, List<String> headings, List<String> axes, List<Row> rows) {

  /** A thing shown, what is to say of it, and a tensor for each column. */
  public record Row(String name, String note, List<Cells> tensors) {}

  /**
   * A tensor.
   *
   * @param note what is written below
   * @param blocks of lines of cells: {@code #} for one that is marked, {@code o} for one that is
   *     marked and has a dot, and others
   */
  public record Cells(String note, List<List<String>> blocks) {}

  private static final int LEFT = 24;
  private static final int TENSORS = 178;
  private static final int CELL = 14;
  private static final int PITCH = 16;
  private static final int GAP = 16;
  private static final int TO_NEXT = 20;
  private static final int BELOW = 42;

  /** Takes a heading and axes for each column. */
  public CellChart {
    headings = List.copyOf(headings);
    axes = List.copyOf(axes);
    rows = List.copyOf(rows);
    for (Row row : rows) {
      if (row.tensors.size() != headings.size() || axes.size() != headings.size()) {
        throw new IllegalArgumentException(
            "CellChart: each column must have a heading, axes and a tensor in each row: expected "
                + headings.size()
                + ", got "
                + axes.size()
                + " and "
                + row.tensors.size()
                + " in "
                + row.name);
      }
    }
  }

  /** Returns the picture. */
  public String toSvg() {
    int top = Svg.top(subtitle.split("\n", -1).length) + 20;
    int first = top + 2 * Svg.LINE + 14;
    int height = first + rows.stream().mapToInt(CellChart::height).sum();
    Svg svg =
        new Svg(
            title,
            subtitle,
            height,
            ".cell { stroke-width: " + CELL + " }",
            ".dot { stroke: #ffffff; stroke-width: 6; stroke-linecap: round }",
            ".heading { font-weight: 600 }");
    addHeadings(svg, top);
    int y = first;
    for (Row row : rows) {
      addRow(svg, row, y);
      y += height(row);
    }
    return svg.end();
  }

  private static int height(Row row) {
    return PITCH * row.tensors.stream().mapToInt(CellChart::lines).max().orElse(0) + BELOW;
  }

  private static int lines(Cells cells) {
    return cells.blocks.get(0).size();
  }

  /** The width of a block. */
  private static int block(Cells cells) {
    return PITCH * cells.blocks.get(0).get(0).length() - PITCH + CELL;
  }

  private static int width(Cells cells) {
    return cells.blocks.size() * (block(cells) + GAP) - GAP;
  }

  /** Where a column begins. */
  private int left(int column) {
    int x = TENSORS;
    for (int i = 0; i < column; i++) {
      int before = i;
      x += rows.stream().mapToInt(row -> width(row.tensors.get(before))).max().orElse(0) + TO_NEXT;
    }
    return x;
  }

  private void addHeadings(Svg svg, int y) {
    for (int i = 0; i < headings.size(); i++) {
      svg.add(
          "<text class='name heading' x='%d' y='%d'>%s</text>", left(i), y + 13, headings.get(i));
      svg.add(
          "<text class='note' x='%d' y='%d'>%s</text>", left(i), y + 13 + Svg.LINE, axes.get(i));
    }
  }

  private void addRow(Svg svg, Row row, int y) {
    svg.add("<text class='name heading' x='%d' y='%d'>%s</text>", LEFT, y + 13, row.name);
    svg.add("<text class='note' x='%d' y='%d'>%s</text>", LEFT, y + 13 + Svg.LINE, row.note);
    for (int i = 0; i < row.tensors.size(); i++) {
      addCells(svg, row.tensors.get(i), left(i), y);
    }
  }

  private static void addCells(Svg svg, Cells cells, int left, int top) {
    StringBuilder marked = new StringBuilder();
    StringBuilder others = new StringBuilder();
    StringBuilder dots = new StringBuilder();
    for (int i = 0; i < cells.blocks.size(); i++) {
      for (int line = 0; line < lines(cells); line++) {
        String places = cells.blocks.get(i).get(line);
        int y = top + PITCH * line + CELL / 2;
        for (int place = 0; place < places.length(); place++) {
          int x = left + i * (block(cells) + GAP) + PITCH * place;
          char cell = places.charAt(place);
          (cell == '#' || cell == 'o' ? marked : others).append(path(x, y, CELL));
          if (cell == 'o') {
            dots.append(path(x + CELL / 2, y, 0));
          }
        }
      }
    }
    svg.add("<path class='cell grid' d='%s'/>", others);
    svg.add("<path class='cell c1' d='%s'/>", marked);
    svg.add("<path class='dot' d='%s'/>", dots);
    svg.add(
        "<text class='note' x='%d' y='%d'>%s</text>",
        left, top + PITCH * lines(cells) + 16, cells.note);
  }

  private static String path(int x, int y, int length) {
    return String.format(Locale.ROOT, "M%d %dh%d", x, y, length);
  }
}
