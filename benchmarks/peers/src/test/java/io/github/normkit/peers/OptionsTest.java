package io.github.normkit.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.normkit.throughput.Case;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OptionsTest {

  @Test
  void withoutArgumentsAllIsMeasuredWithOneThreadAndTwo() {
    Options options = Options.parse();
    assertThat(options.cases()).isEqualTo(Case.all());
    assertThat(options.threads()).containsExactly(1, 2);
    assertThat(options.rounds()).isEqualTo(3);
    assertThat(options.otherJdk()).isEmpty();
    assertThat(options.settings().forks()).isOne();
    assertThat(options.settings().iterationMillis()).isEqualTo(100);
  }

  @Test
  void casesAreThoseWhoseTextHasAMatch() {
    assertThat(Options.parse("--cases", "^layer_.*x128$").cases())
        .containsExactly(Case.parse("LAYER_FORWARD 32x128"), Case.parse("LAYER_BACKWARD 32x128"));
  }

  @Test
  void argumentsAreRead() {
    Options options = Options.parse("--threads", "2,4,2", "--rounds", "7", "--millis", "50");
    assertThat(options.threads()).containsExactly(2, 4);
    assertThat(options.rounds()).isEqualTo(7);
    assertThat(options.settings().iterationMillis()).isEqualTo(50);
  }

  @Test
  void quickIsOneRoundOfAFewMilliseconds() {
    Options options = Options.parse("--quick", "--rounds", "7");
    assertThat(options.rounds()).isOne();
    assertThat(options.settings().iterationMillis()).isEqualTo(10);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --cases   | nothing_such | a regular expression that a case matches: got "nothing_such"
          --cases   | [            | a regular expression that a case matches: got "["
          --threads | 1,,2         | whole numbers from 1 on, with commas: got "1,,2"
          --threads | 0            | whole numbers from 1 on, with commas: got "0"
          --rounds  | many         | a whole number from 1 on: got "many"
          --millis  | -3           | a whole number from 1 on: got "-3"
          --minutes | 0            | a whole number from 1 on: got "0"
          --other-jdk | nowhere    | the directory of a JDK: got "nowhere"
          """)
  void aBadValueIsNamedWithWhatIsAllowed(String name, String value, String rule) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Options.parse(name, value))
        .withMessage(name + " must be " + rule);
  }

  @Test
  void aMissingValueIsNamed() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Options.parse("--quick", "--rounds"))
        .withMessage("--rounds must be a whole number from 1 on: got nothing");
  }

  @Test
  void anUnknownArgumentIsNamed() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Options.parse("--fast"))
        .withMessage(
            "unknown argument: expected --cases, --threads, --rounds, --millis, --minutes,"
                + " --other-jdk, --out, --resume, --quick, --list or --help, got --fast");
  }
}
