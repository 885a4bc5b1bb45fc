package io.github.normkit.distributed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Threads that exchange arrays, and what the others see of one that does not. */
@Timeout(60)
class ReplicaGroupTest {

  private static final Duration LONG = Duration.ofSeconds(30);
  private static final Duration SHORT = Duration.ofMillis(200);

  @Test
  void everyReplicaGetsTheArraysOfAllInTheOrderOfRanks() {
    List<double[][]> all = new CopyOnWriteArrayList<>();
    ReplicaGroup.run(
        3,
        LONG,
        collective -> {
          assertThat(collective.worldSize()).isEqualTo(3);
          double[] own = new double[collective.rank()];
          if (own.length > 0) {
            own[0] = -0.0;
          }
          all.add(collective.allGather(own));
        });
    assertThat(all)
        .hasSize(3)
        .allSatisfy(got -> assertThat(got).isDeepEqualTo(new double[][] {{}, {-0.0}, {-0.0, 0.0}}));
  }

  @Test
  void manyExchangesInARowKeepApart() {
    ReplicaGroup.run(
        4,
        LONG,
        collective -> {
          double[] own = new double[1];
          for (int i = 0; i < 2000; i++) {
            own[0] = 10.0 * i + collective.rank();
            double[][] all = collective.allGather(own);
            own[0] = Double.NaN;
            for (int rank = 0; rank < 4; rank++) {
              assertThat(all[rank]).containsExactly(10.0 * i + rank);
            }
          }
        });
  }

  @Test
  void aReplicaThatNeverArrivesIsNamedAfterTheTimeout() {
    Collective collective = new ReplicaGroup(3, SHORT).replica(1);
    long begin = System.nanoTime();
    assertBroken(
        collective,
        "ReplicaGroup: all replicas must take part:"
            + " ranks [0, 2] of 3 did not arrive within 0.2 seconds");
    assertThat(Duration.ofNanos(System.nanoTime() - begin))
        .isBetween(SHORT, SHORT.plus(Duration.ofSeconds(20)));
  }

  @Test
  void aBrokenGroupStaysBroken() {
    ReplicaGroup group = new ReplicaGroup(2, SHORT);
    String message =
        "ReplicaGroup: all replicas must take part:"
            + " rank 1 of 2 did not arrive within 0.2 seconds";
    assertBroken(group.replica(0), message);
    assertBroken(group.replica(1), message);
    assertBroken(group.replica(0), message);
  }

  @Test
  void aReplicaThatDiesFailsTheOthersAtOnceAndIsWhatRunThrows() {
    List<Throwable> seen = new CopyOnWriteArrayList<>();
    IllegalStateException boom = new IllegalStateException("boom");
    assertThatThrownBy(
            () ->
                ReplicaGroup.run(
                    3,
                    LONG,
                    collective -> {
                      if (collective.rank() == 2) {
                        throw boom;
                      }
                      seen.add(catchThrowable(() -> collective.allGather(new double[1])));
                    }))
        .isSameAs(boom);
    assertThat(seen)
        .hasSize(2)
        .allSatisfy(
            e ->
                assertThat(e)
                    .isInstanceOf(CollectiveException.class)
                    .hasMessage(
                        "ReplicaGroup: all replicas must take part:"
                            + " rank 2 of 3 has died of java.lang.IllegalStateException: boom")
                    .hasCause(boom));
  }

  @Test
  void whatTheOthersThrowIsSuppressed() {
    IllegalStateException boom = new IllegalStateException("boom");
    Throwable thrown =
        catchThrowable(
            () ->
                ReplicaGroup.run(
                    2,
                    LONG,
                    collective -> {
                      if (collective.rank() == 1) {
                        throw boom;
                      }
                      collective.allGather(new double[1]);
                    }));
    assertThat(thrown).isSameAs(boom);
    assertThat(thrown.getSuppressed()).hasSize(1);
    assertThat(thrown.getSuppressed()[0]).isInstanceOf(CollectiveException.class);
  }

  @Test
  void anErrorIsThrownAsSuch() {
    AssertionError error = new AssertionError("wrong");
    assertThatThrownBy(
            () ->
                ReplicaGroup.run(
                    2,
                    LONG,
                    collective -> {
                      throw error;
                    }))
        .isSameAs(error);
  }

  @Test
  void anExceptionThatNobodyDeclaredIsNotLost() {
    IOException undeclared = new IOException("gone");
    assertThatExceptionOfType(CollectiveException.class)
        .isThrownBy(
            () ->
                ReplicaGroup.run(
                    1,
                    LONG,
                    collective -> ReplicaGroupTest.<RuntimeException>throwUndeclared(undeclared)))
        .withMessage("ReplicaGroup: a replica has died of java.io.IOException: gone")
        .withCause(undeclared);
  }

  @SuppressWarnings("unchecked") // as Scala and Kotlin throw
  private static <T extends Throwable> void throwUndeclared(Throwable throwable) throws T {
    throw (T) throwable;
  }

  @Test
  void aReplicaThatReturnsEarlyIsNamedAtOnce() {
    assertThatExceptionOfType(CollectiveException.class)
        .isThrownBy(
            () ->
                ReplicaGroup.run(
                    2,
                    LONG,
                    collective -> {
                      collective.allGather(new double[1]);
                      if (collective.rank() == 0) {
                        collective.allGather(new double[1]);
                      }
                    }))
        .withMessage("ReplicaGroup: all replicas must take part: rank 1 of 2 has ended");
  }

  @Test
  void aReplicaThatHangsElsewhereHoldsUpNobodyForLong() {
    CountDownLatch interrupted = new CountDownLatch(1);
    assertThatExceptionOfType(CollectiveException.class)
        .isThrownBy(
            () ->
                ReplicaGroup.run(
                    2,
                    SHORT,
                    collective -> {
                      if (collective.rank() == 0) {
                        collective.allGather(new double[1]);
                      }
                      while (!Thread.currentThread().isInterrupted()) {
                        LockSupport.park();
                      }
                      interrupted.countDown();
                    }))
        .withMessageContaining("rank 1 of 2 did not arrive within 0.2 seconds");
    assertThat(catchThrowable(interrupted::await)).isNull();
  }

  @Test
  void aReplicaThatIsInterruptedBreaksTheGroupAndStaysInterrupted() throws Exception {
    ReplicaGroup group = new ReplicaGroup(2, LONG);
    AtomicReference<Throwable> seen = new AtomicReference<>();
    AtomicBoolean flag = new AtomicBoolean();
    Thread thread =
        new Thread(
            () -> {
              seen.set(catchThrowable(() -> group.replica(1).allGather(new double[1])));
              flag.set(Thread.currentThread().isInterrupted());
            });
    thread.start();
    thread.interrupt();
    thread.join();
    String message = "ReplicaGroup: all replicas must take part: rank 1 of 2 was interrupted";
    assertThat(seen.get())
        .isInstanceOf(CollectiveException.class)
        .hasMessage(message)
        .hasCauseInstanceOf(InterruptedException.class);
    assertThat(flag).isTrue();
    assertBroken(group.replica(0), message);
  }

  @Test
  void runGivesUpWhenItsCallerIsInterrupted() {
    Thread.currentThread().interrupt();
    assertThatExceptionOfType(CollectiveException.class)
        .isThrownBy(() -> ReplicaGroup.run(1, SHORT, collective -> LockSupport.park()))
        .withMessage("ReplicaGroup: the caller was interrupted");
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void leavingTellsThoseWhoHaveThreadsOfTheirOwn() {
    ReplicaGroup group = new ReplicaGroup(2, LONG);
    group.leave(1, null);
    assertBroken(
        group.replica(0), "ReplicaGroup: all replicas must take part: rank 1 of 2 has ended");
  }

  @Test
  void callingTwiceIsRefusedAndDoesNotBreakTheGroup() throws Exception {
    ReplicaGroup group = new ReplicaGroup(2, LONG);
    AtomicReference<double[][]> got = new AtomicReference<>();
    Thread thread =
        new Thread(() -> got.set(group.replica(0).allGather(new double[] {1})), "first");
    thread.start();
    while (thread.getState() != Thread.State.TIMED_WAITING) {
      Thread.onSpinWait();
    }
    assertThatThrownBy(() -> group.replica(0).allGather(new double[1]))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "ReplicaGroup: a replica must not call again before all have arrived: got rank 0 of 2");
    group.replica(1).allGather(new double[] {2});
    thread.join();
    assertThat(got.get()).isDeepEqualTo(new double[][] {{1}, {2}});
  }

  @Test
  void wrongArgumentsNameTheRuleAndTheNumbers() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ReplicaGroup(0, LONG))
        .withMessage("ReplicaGroup: worldSize must be at least 1: got 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ReplicaGroup(1, Duration.ZERO))
        .withMessage("ReplicaGroup: timeout must be positive and at most PT24H: got PT0S");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ReplicaGroup(1, Duration.ofHours(25)))
        .withMessage("ReplicaGroup: timeout must be positive and at most PT24H: got PT25H");
    ReplicaGroup group = new ReplicaGroup(2, LONG);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> group.replica(2))
        .withMessage("ReplicaGroup: rank must be in 0..1: got 2");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> group.leave(-1, null))
        .withMessage("ReplicaGroup: rank must be in 0..1: got -1");
    assertThatNullPointerException()
        .isThrownBy(() -> new ReplicaGroup(1, null))
        .withMessage("timeout");
    assertThatNullPointerException()
        .isThrownBy(() -> group.replica(0).allGather(null))
        .withMessage("values");
    assertThatNullPointerException()
        .isThrownBy(() -> ReplicaGroup.run(1, LONG, null))
        .withMessage("replica");
  }

  private static void assertBroken(Collective collective, String message) {
    assertThatExceptionOfType(CollectiveException.class)
        .isThrownBy(() -> collective.allGather(new double[1]))
        .withMessage(message);
  }
}
