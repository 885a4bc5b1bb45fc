/** Replicas that are the tasks of a barrier stage of Apache Spark. */
package io.github.normkit.spark;
