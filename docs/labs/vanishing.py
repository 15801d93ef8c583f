# %% [markdown] slideshow={"slide_type": "slide"}
# # Lab 5. Vanishing signals and initialisation
#
# Send an error signal back through many layers and watch it fade or blow up. Then choose the
# initial weights so that it does neither.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## What you will do
#
# - Compute by hand what ten sigmoid units in a row leave of a signal.
# - Measure the signal, layer by layer, in wide networks with several initialisations.
# - Train shallow and deep networks, and see what the numbers meant.
#
# You need products, square roots, a little NumPy, and about 40 minutes. The ideas are in
# [Nearly zero](../learn/saturation.md).

# %%
import nnexplain as nne

# %%
import matplotlib.pyplot as plt
import numpy as np

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 1. A chain
#
# Ten sigmoid units in a row, each with one weight $w$. On the way back, each unit passes on
# $w \cdot \sigma'(z)$ of the signal $\delta = \partial J/\partial z$ that it got. The sigmoid is
# never steeper than ¼, at $z = 0$.
#
# **Task 1.** All weights are 1, and every $z$ is 0. The last unit has the signal $\delta_{11}$.
# Which share of it reaches the first unit of the chain, unit 2? (There are nine steps back.)

# %%
share = None


# %%
def chain(weight):
    """Return ten sigmoid units in a row; for the input ½ every z is 0."""
    net = nne.Network([1] * 11, "sigmoid", seed=0, loss="linear")
    values = {
        name: weight if name.startswith("w") else -weight / 2
        for name in net.parameters
    }
    return net.replace(parameters=values)


def share_kept(weight):
    """Return |δ| of the chain's first unit over that of its last."""
    delta = chain(weight).deltas([0.5], 0)
    return abs(delta[2] / delta[11])


nne.compare(share, share_kept(1.0))

# %% [markdown]
# <details class="exercise" markdown="1"><summary>Solution of task 1</summary>
#
# ```python
# share = (1 * 0.25) ** 9
# print(share)
# ```
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# **Predict.** With which weight would the signal neither fade nor grow? What happens with a weight
# of 8?

# %% slideshow={"slide_type": "slide"}
for weight in (1.0, 4.0, 8.0):
    print(f"weights of {weight:g}: kept {share_kept(weight):.3g}")

# %% [markdown]
# That balance is fragile: it holds at $z = 0$ only. A large weight pushes $z$ away from 0, and
# there the sigmoid is flat.

# %%
for start in (0.5, 0.9):
    size = abs(chain(8.0).deltas([start], 0)[2])
    print(f"weights of 8, input {start}: |δ| = {size:.3g}")

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 2. Wide networks
#
# Now twelve layers of 32 units, with random weights and 64 random samples. The size of the signal
# in a layer is the root mean square of its $\delta$s.


# %%
def sizes_by_layer(activation, initialisation, layers=12, width=32):
    """Return the root mean square of δ, layer by layer."""
    net = nne.Network(
        [width] * (layers + 1),
        activation,
        seed=0,
        initialisation=initialisation,
        loss="linear",
    )
    x = np.random.default_rng(1).standard_normal((64, width))
    delta = net.deltas(x, np.zeros((64, width)))
    return [
        np.sqrt(np.mean([delta[unit] ** 2 for unit in layer]))
        for layer in net.layers[1:]
    ]


# %% [markdown]
# "Xavier" draws the weights between a layer of $n$ and a layer of $m$ units with the variance
# $2/(n + m)$, "He" with $2/n$.
#
# **Predict.** Sort these four from the one that keeps least of its signal to the one that keeps
# most: sigmoid with Xavier, tanh with Xavier, ReLU with Xavier, ReLU with He.

# %%
pairs = [
    ("sigmoid", "xavier"),
    ("tanh", "xavier"),
    ("relu", "xavier"),
    ("relu", "he"),
]
sizes = {
    f"{one}, {other}": sizes_by_layer(one, other) for one, other in pairs
}
kept = {name: found[0] / found[-1] for name, found in sizes.items()}
for name in sorted(kept, key=kept.get):
    print(f"{name:16} keeps {kept[name]:.2g}")

# %% slideshow={"slide_type": "slide"}
figure, ax = plt.subplots()
for (name, found), marker in zip(sizes.items(), "osv^", strict=True):
    ax.semilogy(range(1, 13), found, marker=marker, label=name)
ax.set_title("The signal from layer 12 back to layer 1")
ax.set(xlabel="layer", ylabel="size of δ")
ax.legend()
plt.show()

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 3. Why He is √2 times Xavier
#
# Going back through one layer of $n$ units, $\delta_i = f'(z_i)\sum_j w_{ij}\,\delta_j$. If the
# weights are independent with variance $v$, the mean square of $\delta$ is multiplied by
#
# $$n \, v \, m, \qquad m = \text{the mean of } f'(z)^2$$
#
# **Task 2.** For ReLU, $f'$ is 1 for half of the units and 0 for the other half. Which variance $v$
# keeps the mean square the same, for $n = 32$? And by which factor must the weights of Xavier be
# multiplied to have it?

# %%
variance = None
factor = None

# %%
n = 32
he = nne.Network([n, n], "relu", seed=0, initialisation="he")
xavier = nne.Network([n, n], "relu", seed=0, initialisation="xavier")
nne.compare(
    {"variance": variance, "factor": factor},
    {"variance": 2 / n, "factor": he.vector[0] / xavier.vector[0]},
)

# %% [markdown]
# <details class="exercise" markdown="1"><summary>Solution of task 2</summary>
#
# $32 \cdot v \cdot \tfrac12 = 1$ gives $v = 2/32$. Xavier has the variance $2/64 = 1/32$.
#
# ```python
# variance = 1 / (32 * 0.5)
# factor = (variance / (1 / 32)) ** 0.5
# ```
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 4. What it does to learning
#
# Exclusive or, with one, three and six hidden layers of eight units. The output is a straight line.
#
# **Predict:** which of these learn within 3000 steps: sigmoid or tanh, shallow or deep?

# %%
x, y = [[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0]


def train(activation, depth, initialisation="xavier"):
    """Return the walk of a network with `depth` hidden layers."""
    records = [activation] * depth + ["identity"]
    net = nne.Network(
        [2, *[8] * depth, 1], records, seed=0, initialisation=initialisation
    )
    return nne.descend(
        net, x, y, learning_rate=0.1, steps=3000, progress=True
    )


walks = {
    f"{name}, {depth} hidden": train(name, depth)
    for name in ("sigmoid", "tanh")
    for depth in (1, 3, 6)
}
for name, walk in walks.items():
    print(f"{name:17} J = {walk.loss[-1]:.2g}, {walk.steps[-1]} steps")

# %% slideshow={"slide_type": "slide"}
chosen = ("sigmoid, 1 hidden", "sigmoid, 6 hidden", "tanh, 6 hidden")
nne.figures.loss_over_steps({name: walks[name] for name in chosen})

# %% [markdown]
# Look at the gradient of the deep sigmoid network at its start: the first layer hardly moves.

# %%
deep = walks["sigmoid, 6 hidden"].start
gradient = deep.gradient(x, y)
for k, layer in enumerate(deep.layers[1:], start=1):
    part = [
        value
        for name, value in gradient.items()
        if deep.locate(name)[1] in layer
    ]
    print(f"layer {k}: largest |∂J/∂θ| = {np.max(np.abs(part)):.1e}")

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 5. The output unit
#
# A sigmoid at the output can be wrong *and* flat: at $z = -6$ it says almost 0 where the target
# is 1.
#
# **Task 3.** Compute $\delta = \partial J/\partial z$ there, for half the squared error,
# $\tfrac12(y-h)^2$, and for cross-entropy, $-y\ln h - (1-y)\ln(1-h)$. Hint: for cross-entropy, the
# slope of the sigmoid cancels.

# %%
delta_squared = None
delta_entropy = None

# %%
unit = nne.Network([1, 1], "sigmoid", {"w12": 0, "b2": -6})
crossed = unit.replace(loss="binary_cross_entropy")
nne.compare(
    {"squared error": delta_squared, "cross-entropy": delta_entropy},
    {
        "squared error": unit.deltas([0], 1)[2],
        "cross-entropy": crossed.deltas([0], 1)[2],
    },
)

# %% [markdown]
# <details class="exercise" markdown="1"><summary>Solution of task 3</summary>
#
# ```python
# h = 1 / (1 + np.exp(6))
# delta_squared = (h - 1) * h * (1 - h)
# delta_entropy = h - 1
# print(delta_squared, delta_entropy)
# ```
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## What to take home
#
# - Each layer multiplies the signal by weight times slope. Many layers make a power of it.
# - Initial weights are chosen so that the factor is about 1: Xavier for tanh, He for ReLU.
# - At the output, cross-entropy takes the flat slope out of the product.
#
# Next: [Lab 6](without-derivatives.py) learns without any derivative.
