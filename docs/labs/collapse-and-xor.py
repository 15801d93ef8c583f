# %% [markdown] slideshow={"slide_type": "slide"}
# # Lab 3. Straight lines collapse: XOR
#
# Stack as many straight-line layers as you like: they are one layer. See it in the algebra, in the
# numbers, and on four points that no straight line can fit.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## What you will do
#
# - Multiply out a network of two straight-line layers, and find the one layer that it is.
# - Watch it learn *exclusive or* as well as a straight line can, and no better.
# - Bend its hidden units, and see what changes.
#
# You need products of sums, a little NumPy, and about 40 minutes. The ideas are in
# [Constant derivative, part 1](../learn/straight-line.md).

# %%
import nnexplain as nne

# %%
import numpy as np

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 1. Two layers are one
#
# With the activation $f(z) = z$, the slope is 1 everywhere. A 2-2-1 network then says
#
# $$
# \begin{aligned}
# h &= w_{35}\,(w_{13}x_1 + w_{23}x_2 + b_3) \\
# &\quad + w_{45}\,(w_{14}x_1 + w_{24}x_2 + b_4) + b_5
# \end{aligned}
# $$
#
# **Task 1.** Sort this by $x_1$ and $x_2$: $h = u_1 x_1 + u_2 x_2 + c$. Complete the function.


# %%
def collapsed(p):
    """Return u1, u2 and c; p maps names to parameters, as p["w13"]."""
    return {"w13": None, "w23": None, "b3": None}


# %%
straight = nne.Network([2, 2, 1], "identity", seed=2)
one_layer = collapsed(straight.parameters)

probe = nne.Network([2, 1], "identity", {"w13": 0, "w23": 0, "b3": 0})
filled = (
    None
    if None in one_layer.values()
    else probe.replace(parameters=one_layer)
)
points = np.random.default_rng(0).standard_normal((5, 2))
nne.compare(
    filled and filled.forward(points).output,
    straight.forward(points).output,
    digits=9,
)

# %% [markdown]
# <details class="exercise" markdown="1"><summary>Solution of task 1</summary>
#
# ```python
# def collapsed(p):
#     return {
#         "w13": p["w35"] * p["w13"] + p["w45"] * p["w14"],
#         "w23": p["w35"] * p["w23"] + p["w45"] * p["w24"],
#         "b3": p["w35"] * p["b3"] + p["w45"] * p["b4"] + p["b5"],
#     }
#
#
# filled = probe.replace(parameters=collapsed(straight.parameters))
# ```
#
# </details>

# %% [markdown]
# Five units, nine parameters, and yet only three numbers count. More layers change nothing: each
# one more is multiplied out in the same way.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 2. Four points
#
# Exclusive or: the target is 1 where exactly one input is 1.

# %% slideshow={"slide_type": "fragment"}
x = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
y = np.array([0, 1, 1, 0])
for point, target in zip(x, y, strict=True):
    print(point, "->", target)

# %% [markdown] slideshow={"slide_type": "slide"}
# **Predict.** Someone says: "the slope of the activation is constant, so the gradient is the same
# everywhere, so the network cannot learn at all." What will $J = \tfrac12\sum(y-h)^2$ do: stay
# where it is, fall to 0, or fall and stop above 0? And what will the four predictions be?

# %% slideshow={"slide_type": "slide"}
line_walk = nne.descend(straight, x, y, learning_rate=0.1, steps=2000)
print(
    "J from", line_walk.loss[0].round(4), "to", line_walk.loss[-1].round(4)
)
print("predictions", line_walk.network.forward(x).output.round(4))

# %% [markdown]
# <details class="predict" markdown="1"><summary>Check your prediction</summary>
#
# It learns: $J$ falls, and the walk comes to rest. The gradient is *not* the same everywhere,
# because $h$ and the weights are factors in it. What it finds is the best straight line, and on
# these four points that is a poor one: it says the same for all.
#
# </details>

# %% [markdown]
# **Task 2.** Show that no straight line does better: minimise $\sum (y - u_1x_1 - u_2x_2 - c)^2$
# with `np.linalg.lstsq`. Its first argument is a matrix with the columns $x_1$, $x_2$ and ones.
# What is the smallest $J$?

# %%
smallest = None

# %%
nne.compare(smallest, line_walk.loss[-1], digits=5)

# %% [markdown]
# <details class="exercise" markdown="1"><summary>Solution of task 2</summary>
#
# ```python
# columns = np.column_stack([x, np.ones(4)])
# best, *_ = np.linalg.lstsq(columns, y, rcond=None)
# smallest = 0.5 * np.sum((y - columns @ best) ** 2)
# print("u1, u2, c =", best.round(4), "  J =", smallest)
# ```
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 3. A straight network can learn, if the truth is straight
#
# The same network, the same points, but the target is $0.5\,x_1 - 2\,x_2 + 1$.

# %% slideshow={"slide_type": "fragment"}
plane = 0.5 * x[:, 0] - 2 * x[:, 1] + 1
walks = {
    "XOR": line_walk,
    "a plane": nne.descend(
        straight, x, plane, learning_rate=0.1, steps=2000
    ),
}
nne.figures.loss_over_steps(walks)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 4. Now bend
#
# The same sizes, with $\tanh$ in the hidden units. Only the slope is no longer constant.

# %%
bent = nne.Network([2, 2, 1], ["tanh", "identity"], seed=0)
bent_walk = nne.descend(
    bent, x, y, learning_rate=0.1, steps=5000, progress=True
)
print("J from", bent_walk.loss[0].round(4), "to", bent_walk.loss[-1])
print("predictions", bent_walk.network.forward(x).output.round(4))

# %% slideshow={"slide_type": "slide"}
nne.figures.loss_over_steps({"straight": line_walk, "bent": bent_walk})

# %% [markdown]
# What did it find? Walk along both diagonals of the square, from $(0,0)$ to $(1,1)$ and from
# $(0,1)$ to $(1,0)$. A straight line cannot be low at both ends of the one and high at both
# ends of the other.

# %% slideshow={"slide_type": "slide"}
import matplotlib.pyplot as plt

share = np.linspace(0, 1, 41)
low, high = (
    np.stack([share, share], axis=1),
    np.stack([share, 1 - share], axis=1),
)
nets = {"straight": line_walk.network, "bent": bent_walk.network}
diagonals = {"(0,0) to (1,1)": low, "(0,1) to (1,0)": high}
dashes = iter(("--", ":", "-", "-."))

figure, ax = plt.subplots()
for name, found in nets.items():
    for way, points in diagonals.items():
        h = found.forward(points).output
        ax.plot(share, h, next(dashes), label=f"{name}, {way}")
ax.set_title("Predictions along the two diagonals")
ax.set(xlabel="share of the way", ylabel="h")
ax.legend()
plt.show()

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 5. Is a bend enough?
#
# One walk proves little. Start 200 times from random parameters.

# %%
starts = np.random.default_rng(0).standard_normal((200, 9))
choices = {"learning_rate": 0.1, "steps": 5000, "every": 500}
many = nne.descend_many(bent, x, y, starts, **choices, progress=True)
final = many.loss[-1]
print("walks  end at J of")
for value, count in zip(
    *np.unique(final.round(2), return_counts=True), strict=True
):
    print(f"{count:5}  {value:.2f}")

# %% [markdown]
# **Task 3.** Do the same with four hidden units instead of two (17 parameters), from the same kind
# of starts. Which share of the walks has $J < 0.01$ at the end?

# %%
solved = None


# %%
def share_solved(units, seed=0):
    """Return the share of 200 random starts that solve XOR."""
    wide = nne.Network([2, units, 1], ["tanh", "identity"], seed=0)
    draws = np.random.default_rng(seed).standard_normal(
        (200, len(wide.parameters))
    )
    ends = nne.descend_many(wide, x, y, draws, **choices)
    return np.mean(ends.loss[-1] < 0.01)


nne.compare(solved, share_solved(4), digits=1)

# %% [markdown]
# <details class="exercise" markdown="1"><summary>Solution of task 3</summary>
#
# ```python
# wide = nne.Network([2, 4, 1], ["tanh", "identity"], seed=0)
# rng = np.random.default_rng(1)
# draws = rng.standard_normal((200, len(wide.parameters)))
# ends = nne.descend_many(wide, x, y, draws, **choices)
# solved = np.mean(ends.loss[-1] < 0.01)
# print(solved)
# ```
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## What to take home
#
# - A constant slope does not stop learning. It limits *what* can be learned: one straight map.
# - Straight layers collapse, however many there are.
# - A bend makes XOR possible. It does not promise that every start finds it.
#
# Next: [Lab 4](landscape.py) looks at the ground on which these walks go.
