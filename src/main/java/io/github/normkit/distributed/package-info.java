/**
 * Replicas of a layer that share statistics: data-parallel training.
 *
 * <p>{@link io.github.normkit.distributed.Collective} is what a layer needs of the world around it;
 * {@link io.github.normkit.distributed.ReplicaGroup} provides it to the threads of one virtual
 * machine.
 */
package io.github.normkit.distributed;
