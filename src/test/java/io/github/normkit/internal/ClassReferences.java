package io.github.normkit.internal;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;

/** The methods and fields that a compiled class names, from its constant pool. */
final class ClassReferences {

  private static final int FIELD = 9;
  private static final int METHOD = 10;
  private static final int INTERFACE_METHOD = 11;

  /** A method or field by its owner, {@code java/lang/Math}, and its name. */
  record Reference(String owner, String name, boolean method) {

    @Override
    public String toString() {
      return owner + "." + name;
    }
  }

  private ClassReferences() {}

  /** All references, those behind method references and lambdas too. */
  static Set<Reference> of(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file);
        DataInputStream data = new DataInputStream(in)) {
      data.readLong();
      int size = data.readUnsignedShort();
      int[] tags = new int[size];
      String[] text = new String[size];
      int[] first = new int[size];
      int[] second = new int[size];
      for (int i = 1; i < size; i++) {
        tags[i] = data.readUnsignedByte();
        switch (tags[i]) {
          case 1 -> text[i] = data.readUTF();
          case 3, 4 -> data.readInt();
          case 5, 6 -> {
            data.readLong();
            i++;
          }
          case 7, 8, 16, 19, 20 -> first[i] = data.readUnsignedShort();
          case 15 -> {
            data.readUnsignedByte();
            data.readUnsignedShort();
          }
          case FIELD, METHOD, INTERFACE_METHOD, 12, 17, 18 -> {
            first[i] = data.readUnsignedShort();
            second[i] = data.readUnsignedShort();
          }
          default -> throw new IOException("constant of tag " + tags[i] + " in " + file);
        }
      }
      Set<Reference> references = new LinkedHashSet<>();
      for (int i = 1; i < size; i++) {
        if (tags[i] >= FIELD && tags[i] <= INTERFACE_METHOD) {
          String owner = text[first[first[i]]];
          references.add(new Reference(owner, text[first[second[i]]], tags[i] != FIELD));
        }
      }
      return references;
    }
  }
}
