import torch
from torch import nn

def show(name, tensor):
    values = tensor.detach().flatten().tolist()
    for i in range(0, len(values), 12):
        print(f"{'' if i else name:13}" + "".join(f"{v:8.4f}" for v in values[i:i + 12]))

x = torch.tensor([0.5, 1.25, -2, 1.5, 4.5, -1, 0.25, 2, 1.5, -0.75, 3.5, 0,
                  -3, 2.25, 1, 1, -1.5, 0.75, 2.5, 1, 4.5, 5, -2.5, 4])
dy = torch.tensor([1, -0.5, 0.25, 2, -1, 0.75, 0, -2, 0.5, 1.5, -1, 0.25,
                   3, -0.25, 1, -1.5, 0.5, -0.75, 2, 1, -0.5, 0.25, -1, 1.25])
weight = torch.tensor([1, 0.5, 1.5, -1])
bias = torch.tensor([0, 1, -1, 0.5])

norm = nn.BatchNorm1d(4)
norm.load_state_dict({
    "weight": weight, "bias": bias,
    "running_mean": torch.tensor([0.5, -0.5, 1, 2]), "running_var": torch.tensor([1, 2, 0.5, 4]),
    "num_batches_tracked": torch.tensor(100)})
images = x.reshape(2, 4, 3).requires_grad_()           # (N, C, L)
norm.train()
y = norm(images)
y.backward(dy.reshape(2, 4, 3))
show("training", y)
show("gradient", images.grad)
show("of weight", norm.weight.grad)
show("of bias", norm.bias.grad)
show("running mean", norm.running_mean)
show("running var", norm.running_var)
norm.eval()
show("evaluation", norm(images))

affine = {"weight": weight, "bias": bias}
group, instance = nn.GroupNorm(2, 4), nn.InstanceNorm1d(4, affine=True)
group.load_state_dict(affine)
instance.load_state_dict(affine)
show("GroupNorm", group(images))
show("InstanceNorm", instance(images))
layer, rms = nn.LayerNorm(4), nn.RMSNorm(4)
layer.load_state_dict(affine)
rms.load_state_dict({"weight": weight})
tokens = x.reshape(2, 3, 4)                            # (N, T, D)
show("LayerNorm", layer(tokens))
show("RMSNorm", rms(tokens))
