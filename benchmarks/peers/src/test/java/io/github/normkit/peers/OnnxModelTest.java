package io.github.normkit.peers;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.normkit.throughput.Case;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class OnnxModelTest {

  @Test
  void numbersHaveSevenBitsAByteTheLowestFirst() {
    assertThat(hex(new Protobuf().number(1, 0))).isEqualTo("0800");
    assertThat(hex(new Protobuf().number(1, 127))).isEqualTo("087f");
    // The example of the format's documentation.
    assertThat(hex(new Protobuf().number(1, 150))).isEqualTo("089601");
    // A field from 16 on takes a second byte.
    assertThat(hex(new Protobuf().number(20, 1))).isEqualTo("a00101");
  }

  @Test
  void textsMessagesAndFloatsAreWrittenAsTheFormatSays() {
    assertThat(hex(new Protobuf().text(2, "testing"))).isEqualTo("120774657374696e67");
    assertThat(hex(new Protobuf().message(3, new Protobuf().number(1, 150))))
        .isEqualTo("1a03089601");
    assertThat(hex(new Protobuf().single(2, 1))).isEqualTo("150000803f");
  }

  @Test
  void aModelIsAGraphOfOneNode() {
    byte[] model = new OnnxModel("Op", 17).input("X", List.of(3)).output("Y", List.of(3)).toBytes();
    String node = "0a01" + "58" + "1201" + "59" + "2202" + "4f70";
    String type = "0a08" + "0801" + "1204" + "0a02" + "0803";
    assertThat(hex(model))
        .startsWith("080a" + "3a")
        .contains("0a0a" + node)
        .contains("5a0f" + "0a01" + "58" + "120a" + type)
        .contains("620f" + "0a01" + "59" + "120a" + type)
        .endsWith("4204" + "0a00" + "1011");
  }

  @Test
  void theModelOfACaseHasItsOperatorAndInputs() {
    assertThat(text("BATCH_TRAIN 4x8x3x3"))
        .contains("BatchNormalization", "variance", "new_mean", "training_mode", "momentum");
    assertThat(text("BATCH_INFER 4x8x3x3")).contains("mean").doesNotContain("training_mode");
    assertThat(text("RMS_FORWARD 4x8")).contains("RMSNormalization").doesNotContain("bias");
    assertThat(text("ADD_RMS_FORWARD 4x8")).contains("com.microsoft", "residual", "sum");
    assertThat(OnnxRuntime.model(Case.parse("RMS_BACKWARD 4x8"))).isEmpty();
  }

  private static String text(String c) {
    byte[] model = OnnxRuntime.model(Case.parse(c)).orElseThrow().toBytes();
    return new String(model, StandardCharsets.ISO_8859_1);
  }

  private static String hex(Protobuf message) {
    return hex(message.toBytes());
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
