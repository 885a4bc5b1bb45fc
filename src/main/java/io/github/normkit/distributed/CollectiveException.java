package io.github.normkit.distributed;

/**
 * Thrown where replicas cannot exchange their arrays: one has died, ended or not arrived in time.
 *
 * <p>The message names its rank, the number of replicas and the time. Of a layer's call that ends
 * so, nothing has been written.
 */
public final class CollectiveException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /**
   * Makes an exception.
   *
   * @param message which replica did what
   * @param cause what it died of, or null
   */
  public CollectiveException(String message, Throwable cause) {
    super(message, cause);
  }
}
