package io.github.normkit.peers;

import java.util.List;

/**
 * Writes the file of an ONNX model that is one operator: its inputs, its outputs, its attributes.
 */
final class OnnxModel {

  private static final int IR_VERSION = 10;
  private static final int FLOAT_TENSOR = 1;
  private static final int FLOAT_ATTRIBUTE = 1;
  private static final int INT_ATTRIBUTE = 2;

  private final String operator;
  private final String domain;
  private final int operatorSet;
  private final Protobuf node = new Protobuf();
  private final Protobuf graph = new Protobuf();

  /**
   * Begins a model.
   *
   * @param operator the operator's name in ONNX
   * @param operatorSet the version of the standard that says what it does
   */
  OnnxModel(String operator, int operatorSet) {
    this(operator, "", operatorSet);
  }

  /**
   * Begins a model.
   *
   * @param operator the operator's name
   * @param domain whose operator it is; empty for ONNX
   * @param operatorSet the version of the domain's operators
   */
  OnnxModel(String operator, String domain, int operatorSet) {
    this.operator = operator;
    this.domain = domain;
    this.operatorSet = operatorSet;
  }

  /** Adds an input, a tensor of floats. */
  OnnxModel input(String name, List<Integer> dimensions) {
    node.text(1, name);
    graph.message(11, tensor(name, dimensions));
    return this;
  }

  /** Adds an output, a tensor of floats. */
  OnnxModel output(String name, List<Integer> dimensions) {
    node.text(2, name);
    graph.message(12, tensor(name, dimensions));
    return this;
  }

  /** Leaves an output out that has others after it. */
  OnnxModel noOutput() {
    node.text(2, "");
    return this;
  }

  /** Adds an attribute. */
  OnnxModel attribute(String name, int value) {
    node.message(5, new Protobuf().text(1, name).number(3, value).number(20, INT_ATTRIBUTE));
    return this;
  }

  /** Adds an attribute. */
  OnnxModel attribute(String name, float value) {
    node.message(5, new Protobuf().text(1, name).single(2, value).number(20, FLOAT_ATTRIBUTE));
    return this;
  }

  private static Protobuf tensor(String name, List<Integer> dimensions) {
    Protobuf shape = new Protobuf();
    dimensions.forEach(dimension -> shape.message(1, new Protobuf().number(1, dimension)));
    Protobuf type = new Protobuf().number(1, FLOAT_TENSOR).message(2, shape);
    return new Protobuf().text(1, name).message(2, new Protobuf().message(1, type));
  }

  /** Returns the file. */
  byte[] toBytes() {
    node.text(4, operator);
    if (!domain.isEmpty()) {
      node.text(7, domain);
    }
    graph.message(1, node).text(2, operator);
    return new Protobuf()
        .number(1, IR_VERSION)
        .message(7, graph)
        .message(8, new Protobuf().text(1, domain).number(2, operatorSet))
        .toBytes();
  }
}
