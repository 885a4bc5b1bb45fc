package io.github.normkit;

/**
 * A trainable tensor of a layer with its gradient.
 *
 * <p>Both tensors are the layer's own, without a copy: an optimizer reads {@link #gradient} and
 * writes {@link #value}, and the layer's next call sees it.
 *
 * @param name the name, {@code weight} (γ), {@code bias} (β) or another that the layer's page has,
 *     after that of its part and a dot where a layer has parts
 * @param value the value; live
 * @param gradient the gradient, of the value's shape, added into by {@link NormLayer#backward} and
 *     cleared by {@link NormLayer#zeroGrad}; live
 */
public record Parameter(String name, Tensor value, Tensor gradient) {}
