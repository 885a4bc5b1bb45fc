import numpy as np
import onnxruntime
from onnx import TensorProto, helper

def show(name, tensor):
    values = tensor.ravel()
    for i in range(0, values.size, 12):
        print(f"{'' if i else name:13}" + "".join(f"{v:8.4f}" for v in values[i:i + 12]))

OPSETS = [helper.make_opsetid("", 23), helper.make_opsetid("com.microsoft", 1)]

def run(op, inputs, outputs=("Y",), **attributes):
    names = [f"in{i}" for i in range(len(inputs))]
    info = lambda name: helper.make_tensor_value_info(name, TensorProto.FLOAT, None)
    graph = helper.make_graph([helper.make_node(op, names, outputs, **attributes)], op,
                              [info(n) for n in names], [info(n) for n in outputs])
    model = helper.make_model(graph, opset_imports=OPSETS, ir_version=11)
    session = onnxruntime.InferenceSession(model.SerializeToString())
    return session.run(None, dict(zip(names, inputs)))

def floats(*values):
    return np.array(values, "float32")

x = floats(0.5, 1.25, -2, 1.5, 4.5, -1, 0.25, 2, 1.5, -0.75, 3.5, 0,
           -3, 2.25, 1, 1, -1.5, 0.75, 2.5, 1, 4.5, 5, -2.5, 4)
images, tokens = x.reshape(2, 4, 3), x.reshape(2, 3, 4)  # (N, C, L) and (N, T, D)
scale, bias = floats(1, 0.5, 1.5, -1), floats(0, 1, -1, 0.5)
mean, var = floats(0.5, -0.5, 1, 2), floats(1, 2, 0.5, 4)

show("evaluation", run("BatchNormalization", [images, scale, bias, mean, var])[0])
trained = run("BatchNormalization", [images, scale, bias, mean, var],
              ["Y", "running_mean", "running_var"], training_mode=1)
show("training", trained[0])
show("running mean", trained[1])
show("running var", trained[2])

show("GroupNorm", run("GroupNormalization", [images, scale, bias], num_groups=2)[0])
show("InstanceNorm", run("InstanceNormalization", [images, scale, bias])[0])
show("LayerNorm", run("LayerNormalization", [tokens, scale, bias])[0])
show("RMSNorm", run("RMSNormalization", [tokens, scale])[0])

small = floats(1e-6, -1e-6, 1e-6, -1e-6).reshape(1, 1, 4)
skip = run("SkipLayerNormalization", [small, 0 * small, scale], domain="com.microsoft")
show("SkipLayerNorm", skip[0])
