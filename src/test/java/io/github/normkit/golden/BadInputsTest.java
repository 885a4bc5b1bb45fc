package io.github.normkit.golden;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every row of bad_inputs.csv: what is refused is named, and what is valid works. */
class BadInputsTest {

  private static final Map<String, Answer> ANSWERS = answers();

  private static Map<String, Answer> answers() {
    Map<String, Answer> answers = new HashMap<>();
    BatchNormAnswers.addTo(answers);
    InstanceNormAnswers.addTo(answers);
    GroupNormAnswers.addTo(answers);
    RowNormAnswers.addTo(answers);
    return answers;
  }

  static List<BadInput> rows() {
    return BadInput.all();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rows")
  void isAnsweredAsItsVerdictSays(BadInput row) {
    Answer answer = ANSWERS.get(row.key());
    if (!row.verdict().equals("either")) {
      assertThat(answer.refusal()).isEqualTo(row.verdict().equals("reject"));
    }
    answer.check().accept(row);
  }

  @Test
  void everyRowHasAnAnswerAndEveryAnswerARow() {
    assertThat(ANSWERS.keySet())
        .containsExactlyInAnyOrderElementsOf(rows().stream().map(BadInput::key).toList());
  }
}
