/**
 * How fast normkit is beside the libraries that a Java program could call instead: each case by all
 * of them in turn, in one run, checked against the reference and then timed by JMH.
 *
 * <p>Each library is an {@link io.github.normkit.throughput.Implementation} named in {@code
 * META-INF/services}. {@link io.github.normkit.peers.Main} is the program.
 */
package io.github.normkit.peers;
