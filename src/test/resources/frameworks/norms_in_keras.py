import keras
import numpy as np

def show(name, tensor):
    values = keras.ops.convert_to_numpy(tensor).ravel()
    for i in range(0, values.size, 12):
        print(f"{'' if i else name:13}" + "".join(f"{v:8.4f}" for v in values[i:i + 12]))

x = np.array([0.5, 1.25, -2, 1.5, 4.5, -1, 0.25, 2, 1.5, -0.75, 3.5, 0,
              -3, 2.25, 1, 1, -1.5, 0.75, 2.5, 1, 4.5, 5, -2.5, 4], "float32")
x = x.reshape(2, 3, 4)                                 # (N, L, C)
gamma = np.array([1, 0.5, 1.5, -1])
beta = np.array([0, 1, -1, 0.5])

def moved(layer, *weights):
    layer.build(x.shape)
    layer.set_weights(weights)
    return layer

norm = moved(keras.layers.BatchNormalization(), gamma, beta,
             np.array([0.5, -0.5, 1, 2]),              # moving_mean
             np.array([1, 2, 0.5, 4]))                 # moving_variance
show("training", norm(x, training=True))
show("running mean", norm.moving_mean)
show("running var", norm.moving_variance)
show("evaluation", norm(x, training=False))
norm.trainable = False                                 # frozen, also in training
show("frozen", norm(x, training=True))

show("GroupNorm", moved(keras.layers.GroupNormalization(2), gamma, beta)(x))
show("InstanceNorm", moved(keras.layers.GroupNormalization(-1), gamma, beta)(x))
show("LayerNorm", moved(keras.layers.LayerNormalization(), gamma, beta)(x))
show("RMSNorm", moved(keras.layers.RMSNormalization(), gamma)(x))
