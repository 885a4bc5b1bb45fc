package io.github.normkit.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.normkit.BatchNorm;
import io.github.normkit.Shape;
import io.github.normkit.Tensor;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.spark.SparkException;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two replicas in two processes, on a master and workers that begin and end with the test. */
@Timeout(120)
class SparkTest {

  /** What 32 samples of 7 × 7 have is a block: there a cut changes no bit. */
  private static final int SAMPLES = 32;

  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private static Cluster cluster;
  private static JavaSparkContext context;

  @BeforeAll
  static void start() throws Exception {
    cluster = new Cluster(2);
    context = cluster.connect();
  }

  @AfterAll
  static void stop() throws Exception {
    List<ProcessHandle> processes = ProcessHandle.current().descendants().toList();
    if (context != null) {
      context.close();
    }
    if (cluster != null) {
      cluster.close();
    }
    assertThat(processes).hasSizeGreaterThan(2);
    for (ProcessHandle process : processes) {
      process.onExit().get(10, TimeUnit.SECONDS);
    }
    assertThat(ProcessHandle.current().descendants()).isEmpty();
  }

  @Test
  void replicasInTwoProcessesHaveTheBitsOfOneProcess() {
    List<Training.Result> replicas =
        Replicas.run(context, 2, TIMEOUT, collective -> Training.replica(collective, SAMPLES));
    Training.Result alone = Training.alone(2 * SAMPLES);
    assertThat(replicas).extracting(Training.Result::rank).containsExactly(0, 1);
    assertThat(replicas)
        .extracting(Training.Result::process)
        .doesNotHaveDuplicates()
        .doesNotContain(alone.process())
        .isSubsetOf(ProcessHandle.current().descendants().map(ProcessHandle::pid).toList());
    for (Training.Result replica : replicas) {
      assertThat(replica.running()).isEqualTo(alone.running());
      for (int i = 0; i < alone.tensors().size(); i++) {
        float[] whole = alone.tensors().get(i);
        float[] part = replica.tensors().get(i);
        float[] expected = new float[whole.length / 2];
        System.arraycopy(whole, replica.rank() * expected.length, expected, 0, expected.length);
        assertThat(part).as("tensor %d of rank %d", i, replica.rank()).isEqualTo(expected);
      }
    }
  }

  @Test
  void replicasThatDifferInChannelsFailTheJobWithBothNumbers() {
    Throwable thrown =
        catchThrowable(
            () ->
                Replicas.run(
                    context,
                    2,
                    TIMEOUT,
                    collective -> {
                      int channels = 4 + collective.rank();
                      BatchNorm.builder(channels)
                          .synchronize(collective)
                          .build()
                          .forward(Tensor.ones(Shape.of(2, channels)));
                      return 0;
                    }));
    assertThat(thrown)
        .isInstanceOf(SparkException.class)
        .hasMessageContaining(
            "BatchNorm: replicas must have the same number of channels:"
                + " got 4 at rank 0, 5 at rank 1");
  }

  @Test
  void aReplicaThatThrowsFailsTheJobAndHoldsUpNobody() {
    Throwable thrown =
        catchThrowable(
            () ->
                Replicas.run(
                    context,
                    2,
                    TIMEOUT,
                    collective -> {
                      if (collective.rank() == 1) {
                        throw new IllegalStateException("boom");
                      }
                      return Training.replica(collective, 1);
                    }));
    assertThat(thrown).isInstanceOf(SparkException.class).hasMessageContaining("boom");
  }

  @Test
  void aProcessThatDiesFailsTheJobAndHoldsUpNobody() {
    Throwable thrown =
        catchThrowable(
            () ->
                Replicas.run(
                    context,
                    2,
                    TIMEOUT,
                    collective -> {
                      if (collective.rank() == 1) {
                        Runtime.getRuntime().halt(7);
                      }
                      return Training.replica(collective, 1);
                    }));
    assertThat(thrown).isInstanceOf(SparkException.class).hasMessageContaining("ExecutorLost");
  }

  @Test
  void aReplicaThatIsLateFailsTheOthersWithTheSeconds() {
    Throwable thrown =
        catchThrowable(
            () ->
                Replicas.run(
                    context,
                    2,
                    TIMEOUT,
                    collective -> {
                      if (collective.rank() == 1) {
                        sleepUntilKilled();
                      }
                      return Training.replica(collective, 1);
                    }));
    assertThat(thrown)
        .isInstanceOf(SparkException.class)
        .hasMessageContaining(
            "BarrierCollective: all replicas must take part within 5 seconds:"
                + " rank 0 of 2 waited in vain");
  }

  @Test
  void outsideABarrierStageThereIsNoCollective() {
    assertThatIllegalStateException()
        .isThrownBy(() -> BarrierCollective.ofTask(TIMEOUT))
        .withMessage("BarrierCollective: the thread must run a task of a barrier stage: got null");
  }

  /** For a minute at most: so that where nobody complains, the test fails. */
  private static void sleepUntilKilled() {
    for (int i = 0; i < 600 && !TaskContext.get().isInterrupted(); i++) {
      LockSupport.parkNanos(100_000_000);
    }
  }
}
