package io.github.normkit.report;

import java.util.List;
import java.util.Locale;

/** The page all charts are drawn on: its titles, letters and colours, in light and dark. */
final class Svg {

  static final int WIDTH = 860;

  /** The height of a line of text. */
  static final int LINE = 19;

  private static final int FIRST_NOTE = 62;

  /** How many series can be told apart, by the colour-blind, too. */
  static final int COLOURS = 6;

  private static final List<String> LIGHT =
      List.of("#5b6270", "#2a86f0", "#a33c0b", "#2d8a5c", "#e055bd", "#b5900f");
  private static final List<String> DARK =
      List.of("#b9bfca", "#4c86f5", "#f0541e", "#7fe8a0", "#c06cb4", "#e8ac2c");

  private final StringBuilder text = new StringBuilder();

  /**
   * Begins a page.
   *
   * @param title what is shown
   * @param subtitle how it was made; several lines if it has line feeds
   * @param height of the page
   * @param rules of style beyond those of the page; series i has the class {@code ci}
   */
  Svg(String title, String subtitle, int height, String... rules) {
    String[] notes = subtitle.split("\n", -1);
    add(
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 %d %d' width='%d' height='%d'"
            + " role='img' aria-labelledby='chart-title'>",
        WIDTH, height, WIDTH, height);
    add("<title id='chart-title'>%s</title>", title);
    addStyle(rules);
    add("<rect class='page' width='%d' height='%d' rx='8'/>", WIDTH, height);
    add("<text class='title' x='24' y='38'>%s</text>", title);
    for (int i = 0; i < notes.length; i++) {
      add("<text class='note' x='24' y='%d'>%s</text>", top(i), notes[i]);
    }
  }

  /** Returns where the line after so many lines of subtitle stands. */
  static int top(int notes) {
    return FIRST_NOTE + LINE * notes;
  }

  /** Adds a line of markup, with the values escaped. */
  void add(String format, Object... values) {
    Object[] escaped = new Object[values.length];
    for (int i = 0; i < values.length; i++) {
      escaped[i] = values[i] instanceof Number ? values[i] : escape(values[i].toString());
    }
    text.append(String.format(Locale.ROOT, format, escaped)).append('\n');
  }

  /** Ends the page and returns all of it. */
  String end() {
    add("</svg>");
    return text.toString();
  }

  static String axisTitle(String label, Axis.Scale scale) {
    return scale.isLogarithmic() ? label + " (logarithmic)" : label;
  }

  private void addStyle(String... rules) {
    add("<style>");
    add(
        "text { font-family: system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue',"
            + " Arial, sans-serif; font-size: 13px }");
    add(".title { font-size: 19px; font-weight: 600 }");
    add(".name { font-weight: 500 }");
    for (String rule : rules) {
      add("%s", rule);
    }
    addColours("#ffffff", "#1b1f27", "#5b6270", "#e6e8ec", LIGHT);
    add("@media (prefers-color-scheme: dark) {");
    addColours("#14181f", "#eceef2", "#a7adb8", "#2b313b", DARK);
    add("}");
    add("</style>");
  }

  private void addColours(String page, String ink, String note, String grid, List<String> series) {
    add(".page { fill: %s } .title, .name { fill: %s }", page, ink);
    add(".note { fill: %s } .grid { stroke: %s } .base { stroke: %s }", note, grid, note);
    for (int i = 0; i < series.size(); i++) {
      add(".c%d { stroke: %s }", i, series.get(i));
    }
  }

  private static String escape(String value) {
    return value.replace("&", "&amp;").replace("<", "&lt;").replace("'", "&#39;");
  }
}
