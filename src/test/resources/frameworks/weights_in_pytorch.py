import warnings
import torch
from torch import nn
from torch.nn.utils import fusion, parametrizations, spectral_norm, weight_norm

warnings.simplefilter("ignore")                        # the older two are said to go one day
torch.set_default_dtype(torch.float64)
torch.manual_seed(0)

def show(name, tensor):
    print(name + ":", *(repr(v) for v in tensor.detach().flatten().tolist()))

def numbers(*shape, seed):
    """Multiples of 1/64 in [-2, 2), which a float32 holds."""
    count = 1
    for size in shape:
        count *= size
    values = []
    for _ in range(count):
        seed = (seed * 1103515245 + 12345) % 2**31
        values.append((seed >> 16) % 256 / 64 - 2)
    return torch.tensor(values).reshape(shape)

def layer(weight):
    holder = nn.Module()
    holder.weight = nn.Parameter(weight.clone())
    return holder

shape = (4, 3, 2, 2)
weight, dw = numbers(*shape, seed=1), numbers(*shape, seed=2)
show("weight", weight)
show("dw", dw)

for dim in (0, 1, 3, None):
    holder = weight_norm(layer(weight), dim=dim)
    with torch.no_grad():
        holder.weight_g.mul_(1.5)
    for hook in holder._forward_pre_hooks.values():
        hook(holder, None)                             # computes the weight
    holder.weight.backward(dw)
    name = f"weight_norm dim={dim}"
    show(name + " weight_g", holder.weight_g)
    show(name + " weight", holder.weight)
    show(name + " dg", holder.weight_g.grad)
    show(name + " dv", holder.weight_v.grad)

for dim, iterations in ((0, 1), (0, 3), (1, 2)):
    holder = spectral_norm(layer(weight), n_power_iterations=iterations, dim=dim)
    rows = shape[dim]
    u, v = numbers(rows, seed=3), numbers(weight.numel() // rows, seed=4)
    with torch.no_grad():
        holder.weight_u.copy_(u / u.norm())
        holder.weight_v.copy_(v / v.norm())
    name = f"spectral_norm dim={dim} iterations={iterations}"
    show(name + " u", holder.weight_u)
    show(name + " v", holder.weight_v)
    holder.train()
    for step in range(3):
        for hook in holder._forward_pre_hooks.values():
            hook(holder, None)
        holder.weight_orig.grad = None
        holder.weight.backward(dw)
        show(f"{name} step={step} weight", holder.weight)
        show(f"{name} step={step} gradient", holder.weight_orig.grad)
        show(f"{name} step={step} u", holder.weight_u)
        show(f"{name} step={step} v", holder.weight_v)
        with torch.no_grad():
            holder.weight_orig.add_(dw, alpha=0.125)
    holder.eval()
    for hook in holder._forward_pre_hooks.values():
        hook(holder, None)
    show(f"{name} evaluation", holder.weight)

newer = parametrizations.spectral_norm(layer(weight)).eval()
show("parametrizations.spectral_norm u", newer.parametrizations.weight[0]._u)
show("parametrizations.spectral_norm v", newer.parametrizations.weight[0]._v)
show("parametrizations.spectral_norm evaluation", newer.weight)

gain = numbers(4, seed=5)
show("gain", gain)
for with_gain in (False, True):                        # as convolutions with standardized weights do it
    w = weight.clone().requires_grad_()
    g = gain.clone().requires_grad_()
    standardized = nn.functional.batch_norm(
        w.reshape(1, 4, -1), None, None, weight=g if with_gain else None, training=True,
        eps=1e-6).reshape(shape)
    standardized.backward(dw)
    name = f"standardization gain={with_gain}"
    show(name + " weight", standardized)
    show(name + " gradient", w.grad)
    if with_gain:
        show(name + " of gain", g.grad)

mean, variance = numbers(4, seed=6), numbers(4, seed=7).abs() + 0.5
gamma, beta, bias = numbers(4, seed=8), numbers(4, seed=9), numbers(4, seed=10)
for name, values in (("mean", mean), ("variance", variance), ("gamma", gamma), ("beta", beta),
                     ("bias", bias)):
    show(name, values)
folded = fusion.fuse_conv_bn_weights(weight, bias, mean, variance, 1e-5, gamma, beta)
show("fused weight", folded[0])
show("fused bias", folded[1])
folded = fusion.fuse_conv_bn_weights(weight, None, mean, variance, 1e-5, None, None)
show("fused plain weight", folded[0])
show("fused plain bias", folded[1])
transposed = numbers(3, 4, 2, 2, seed=11)
show("transposed weight", transposed)
folded = fusion.fuse_conv_bn_weights(
    transposed, bias, mean, variance, 1e-5, gamma, beta, transpose=True)
show("fused transposed weight", folded[0])
show("fused transposed bias", folded[1])
