package io.github.normkit.experiments;

import io.github.normkit.BatchNorm;
import io.github.normkit.ChannelNormBuilder;
import io.github.normkit.GroupNorm;
import io.github.normkit.InstanceNorm;
import io.github.normkit.LayerNorm;
import io.github.normkit.Layout;
import io.github.normkit.NormLayer;
import io.github.normkit.Parameter;
import io.github.normkit.RMSNorm;
import io.github.normkit.Shape;
import io.github.normkit.report.CellChart;
import io.github.normkit.report.CellChart.Cells;
import io.github.normkit.report.CellChart.Row;
import io.github.normkit.report.PageProgram;
import io.github.normkit.report.PageProgram.Result;
import io.github.normkit.report.Table;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;

/**
 * Draws which elements share mean and variance in each layer, and makes the table of the shapes of
 * the statistics. Both are found out from the layers.
 */
public final class AxesFigure {

  private static final Logger LOGGER = Logger.getLogger("io.github.normkit");

  private static final String USAGE =
      """
      Draws which elements share mean and variance in each layer, and prints the shapes of the
      statistics of (32, 128, 14, 14). Writes target/axes.svg.

        --page FILE   writes the table into a page, between the comments that ask for it, and the
                      figure, axes.svg, beside the page
        --help        this text
      """;

  private static final PageProgram PROGRAM = new PageProgram("axes", "axes.svg", USAGE);

  /** Samples, channels and two spatial dimensions, of which the figure makes one. */
  private static final Shape IMAGES = Shape.of(3, 4, 2, 3);

  /** Samples, tokens and features. */
  private static final Shape SEQUENCES = Shape.of(3, 4, 6);

  /** Where the dot is. */
  private static final int SAMPLE = 1;

  private static final int LINE = 1;
  private static final int PLACE = 2;

  private AxesFigure() {}

  /**
   * Runs the program and exits with 0, with 1 if the files could not be written, or with 2 after a
   * bad argument.
   *
   * @param args see {@code --help}
   */
  public static void main(String[] args) {
    // Which kernels the library has chosen, and tells, makes no difference here.
    LOGGER.setLevel(Level.WARNING);
    System.exit(run(args, System.out, System.err));
  }

  /** Runs the program and returns its exit code. */
  static int run(String[] args, PrintStream out, PrintStream err) {
    return PROGRAM.run(AxesFigure::result, args, out, err);
  }

  private static Result result() {
    Table table = table();
    return new Result(table.lines(), String.join("\n", table.markdown()) + "\n", figure().toSvg());
  }

  static CellChart figure() {
    return new CellChart(
        "Who shares a mean and a variance",
        "Three samples, N = 3, side by side. Filled: all elements that are normalized together"
            + " with the dotted one.\nBelow each: the axes that the statistics run over, and the"
            + " shape of mean and variance.",
        List.of("Images (N, C, H, W)", "Sequences (N, T, D)"),
        List.of("C = 4 down, H · W = 2 · 3 to the right", "T = 4 tokens down, D = 6 to the right"),
        List.of(
            row("BatchNorm", "", new BatchNorm(4), last(BatchNorm.builder(6)).build()),
            row("InstanceNorm", "", new InstanceNorm(4), last(InstanceNorm.builder(6)).build()),
            row(
                "GroupNorm",
                "of 2 groups",
                new GroupNorm(2, 4),
                last(GroupNorm.builder(2, 6)).build()),
            row("LayerNorm", "", new LayerNorm(4, 2, 3), new LayerNorm(6)),
            row("RMSNorm", "no mean", new RMSNorm(4, 2, 3), new RMSNorm(6))));
  }

  private static <B extends ChannelNormBuilder<B>> B last(B builder) {
    return builder.layout(Layout.CHANNELS_LAST);
  }

  private static Row row(String name, String note, NormLayer ofImages, NormLayer ofSequences) {
    return new Row(
        name,
        note,
        List.of(
            cells(ofImages, IMAGES, "N", "C", "H", "W"),
            cells(ofSequences, SEQUENCES, "N", "T", "D")));
  }

  private static Cells cells(NormLayer layer, Shape shape, String... axes) {
    int lines = shape.dim(1);
    int places = shape.size() / shape.dim(0) / lines;
    SharedSet set = SharedSet.of(layer, shape, (SAMPLE * lines + LINE) * places + PLACE);
    List<List<String>> blocks = new ArrayList<>();
    for (int sample = 0; sample < shape.dim(0); sample++) {
      List<String> block = new ArrayList<>();
      for (int line = 0; line < lines; line++) {
        StringBuilder cells = new StringBuilder();
        for (int place = 0; place < places; place++) {
          boolean marked = set.shared().get((sample * lines + line) * places + place);
          boolean dotted = sample == SAMPLE && line == LINE && place == PLACE;
          cells.append(!marked ? '.' : dotted ? 'o' : '#');
        }
        block.add(cells.toString());
      }
      blocks.add(block);
    }
    return new Cells("over " + set.over(axes) + "; shape " + text(set.statistics()), blocks);
  }

  static Table table() {
    Table table = new Table(5).row("layer", "over", "statistics", "elements", "parameters");
    Shape first = Shape.of(32, 128, 14, 14);
    Shape last = Shape.of(32, 14, 14, 128);
    add(table, "`BatchNorm(128)`", new BatchNorm(128), first, "N", "C", "H", "W");
    add(table, "`InstanceNorm(128)`", new InstanceNorm(128), first, "N", "C", "H", "W");
    add(table, "`GroupNorm(32, 128)`", new GroupNorm(32, 128), first, "N", "C", "H", "W");
    add(table, "`GroupNorm(1, 128)`", new GroupNorm(1, 128), first, "N", "C", "H", "W");
    add(table, "`LayerNorm(128, 14, 14)`", new LayerNorm(128, 14, 14), first, "N", "C", "H", "W");
    add(table, "`LayerNorm(14)`", new LayerNorm(14), first, "N", "C", "H", "W");
    add(table, "`RMSNorm(128, 14, 14)`", new RMSNorm(128, 14, 14), first, "N", "C", "H", "W");
    add(table, "`LayerNorm(128)`, channels last", new LayerNorm(128), last, "N", "H", "W", "C");
    add(table, "`RMSNorm(128)`, channels last", new RMSNorm(128), last, "N", "H", "W", "C");
    return table;
  }

  private static void add(Table table, String name, NormLayer layer, Shape shape, String... axes) {
    SharedSet set = SharedSet.of(layer, shape, shape.size() / 3);
    List<Parameter> parameters = layer.parameters();
    String names = parameters.stream().map(Parameter::name).collect(Collectors.joining(", "));
    table.row(
        name,
        set.over(axes),
        text(set.statistics()),
        String.valueOf(set.size()),
        parameters.isEmpty() ? "none" : names + " " + text(parameters.get(0).value().shape()));
  }

  private static String text(Shape shape) {
    return shape.toString().replace('[', '(').replace(']', ')');
  }
}
