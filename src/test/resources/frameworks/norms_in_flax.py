from flax import nnx
import jax.numpy as jnp
import numpy as np

def show(name, tensor):
    values = np.asarray(tensor).ravel()
    for i in range(0, values.size, 12):
        print(f"{'' if i else name:13}" + "".join(f"{v:8.4f}" for v in values[i:i + 12]))

x = jnp.array([0.5, 1.25, -2, 1.5, 4.5, -1, 0.25, 2, 1.5, -0.75, 3.5, 0,
               -3, 2.25, 1, 1, -1.5, 0.75, 2.5, 1, 4.5, 5, -2.5, 4])
x = x.reshape(2, 3, 4)                                 # (N, L, C)
scale = jnp.array([1, 0.5, 1.5, -1])
bias = jnp.array([0, 1, -1, 0.5])
rngs = nnx.Rngs(0)

def moved(layer, **values):
    for name, value in values.items():
        getattr(layer, name)[...] = value
    return layer

norm = moved(nnx.BatchNorm(4, rngs=rngs), scale=scale, bias=bias,
             mean=jnp.array([0.5, -0.5, 1, 2]), var=jnp.array([1, 2, 0.5, 4]))
show("training", norm(x, use_running_average=False))
show("running mean", norm.mean[...])
show("running var", norm.var[...])
show("evaluation", norm(x, use_running_average=True))

group, instance = nnx.GroupNorm(4, num_groups=2, rngs=rngs), nnx.InstanceNorm(4, rngs=rngs)
show("GroupNorm", moved(group, scale=scale, bias=bias)(x))
show("InstanceNorm", moved(instance, scale=scale, bias=bias)(x))
show("LayerNorm", moved(nnx.LayerNorm(4, rngs=rngs), scale=scale, bias=bias)(x))
show("RMSNorm", moved(nnx.RMSNorm(4, rngs=rngs), scale=scale)(x))
