package io.github.normkit.spark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;

/** A standalone cluster on loopback: a master and workers of one core, each a process. */
final class Cluster implements AutoCloseable {

  private final Path home = Path.of("target", "spark").toAbsolutePath();
  private final List<Daemon> daemons = new ArrayList<>();
  private final String master;

  Cluster(int workers) throws IOException, InterruptedException {
    // Where Spark looks for its own jars; here they are on the class path.
    Files.createDirectories(home.resolve("jars"));
    try {
      master = start("master", "master.Master").await("Starting Spark master at (spark://\\S+)");
      List<Daemon> started = new ArrayList<>();
      for (int i = 0; i < workers; i++) {
        String work = home.resolve("work-" + i).toString();
        String[] args = {"--cores", "1", "--memory", "1g", "--work-dir", work, master};
        started.add(start("worker-" + i, "worker.Worker", args));
      }
      for (Daemon worker : started) {
        worker.await("(Successfully registered with master)");
      }
    } catch (IOException | InterruptedException | RuntimeException e) {
      close();
      throw e;
    }
  }

  private Daemon start(String name, String type, String... args) throws IOException {
    Daemon daemon = new Daemon(home, name, "org.apache.spark.deploy." + type, args);
    daemons.add(daemon);
    return daemon;
  }

  /** Connects as a driver; close it before the cluster. */
  JavaSparkContext connect() {
    return new JavaSparkContext(
        new SparkConf()
            .setMaster(master)
            .setAppName("normkit")
            .set("spark.driver.host", "127.0.0.1")
            .set("spark.driver.bindAddress", "127.0.0.1")
            .set("spark.ui.enabled", "false")
            .set("spark.executor.memory", "512m")
            .set("spark.executor.extraClassPath", System.getProperty("java.class.path"))
            .set("spark.executor.extraJavaOptions", Daemon.LOG)
            .set("spark.local.dir", home.resolve("local").toString())
            .set("spark.stage.maxConsecutiveAttempts", "1")
            .set("spark.task.maxFailures", "1")
            // Else a stage that finds an executor missing looks again after 15 seconds.
            .set("spark.scheduler.barrier.maxConcurrentTasksCheck.interval", "1s"));
  }

  @Override
  public void close() {
    // Workers first: they end their executors.
    for (int i = daemons.size() - 1; i >= 0; i--) {
      daemons.get(i).close();
    }
  }
}
