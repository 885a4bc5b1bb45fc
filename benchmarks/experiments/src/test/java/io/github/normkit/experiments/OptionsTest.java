package io.github.normkit.experiments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OptionsTest {

  @Test
  void defaultsAreThoseOfTheHelp() {
    Options options = Options.parse();
    assertThat(options).isEqualTo(new Options(15, 1, 0.1f, Path.of("target", "digits.svg"), false));
    assertThat(Options.USAGE)
        .contains("1 to 1000 (default 15)", "(default 1)", "(default 0.1)")
        .contains("(default " + options.out() + ")");
  }

  @Test
  void argumentsAreReadInAnyOrder() {
    assertThat(
            Options.parse(
                "--out", "a.svg", "--learning-rate", "1e-2", "--seed", "-5", "--epochs", "1000"))
        .isEqualTo(new Options(1000, -5, 0.01f, Path.of("a.svg"), false));
    assertThat(Options.parse("--help", "--epochs", "3").help()).isTrue();
  }

  @Test
  void ofAnArgumentGivenTwiceTheLastCounts() {
    assertThat(Options.parse("--epochs", "2", "--epochs", "3").epochs()).isEqualTo(3);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--epochs 0            | --epochs must be a whole number from 1 to 1000: got \"0\"",
        "--epochs 1001         | --epochs must be a whole number from 1 to 1000: got \"1001\"",
        "--epochs ten          | --epochs must be a whole number from 1 to 1000: got \"ten\"",
        "--epochs              | --epochs must be a whole number from 1 to 1000: got nothing",
        "--seed 1.5            | --seed must be a whole number: got \"1.5\"",
        "--seed                | --seed must be a whole number: got nothing",
        "--learning-rate 0     | --learning-rate must be a number above 0: got \"0\"",
        "--learning-rate NaN   | --learning-rate must be a number above 0: got \"NaN\"",
        "--learning-rate 1e39  | --learning-rate must be a number above 0: got \"1e39\"",
        "--learning-rate fast  | --learning-rate must be a number above 0: got \"fast\"",
        "--learning-rate       | --learning-rate must be a number above 0: got nothing",
        "--out .               | --out must be a file: got \".\"",
        "--out                 | --out must be a file: got nothing",
        "--verbose             | unknown argument: expected --epochs, --seed, --learning-rate,"
            + " --out or --help, got --verbose",
        "5                     | unknown argument: expected --epochs, --seed, --learning-rate,"
            + " --out or --help, got 5",
      })
  void errorsNameTheArgumentTheRuleAndTheValue(String args, String message) {
    assertThatThrownBy(() -> Options.parse(args.split(" ", -1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }
}
