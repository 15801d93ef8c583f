# %% [markdown] slideshow={"slide_type": "slide"}
# # Lab 4. Landscape and learning rates
#
# Walk down a loss landscape. Find the largest learning rate that still arrives, and compute it
# before you try. Then leave the bowl, and look between two valleys.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## What you will do
#
# - Read a map of $J$ over two parameters, and compute the steepest way down.
# - Compare learning rates; predict the limit from the curvature, and test the prediction.
# - See two walks of one network end at different heights, and measure the ridge between them.
#
# You need partial derivatives, a little NumPy, and about 40 minutes. The ideas are in
# [Walking downhill](../learn/descent.md) and [The landscape](../learn/landscape.md).

# %%
import nnexplain as nne

# %%
import numpy as np

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 1. A bowl
#
# One input, one output, no bend: $h = w_{12}\,x + b_2$. With two parameters, the whole landscape
# fits on one map. The axes are the *parameters*, not the inputs.

# %% slideshow={"slide_type": "fragment"}
x, y = (
    np.array([[0.0], [1.0], [2.0], [3.0]]),
    np.array([1.0, 1.8, 3.2, 4.0]),
)
net = nne.Network([1, 1], "identity", {"w12": -1, "b2": 3})
walk = nne.descend(net, x, y, learning_rate=0.01, steps=400)
ranges = {"first_range": (-2, 3), "second_range": (-2, 5)}
bowl = nne.landscape(net, x, y, "w12", "b2", **ranges)
nne.figures.loss_contour(bowl, walk.parameters)

# %% [markdown]
# **Task 1.** Compute $\partial J/\partial w_{12}$ and $\partial J/\partial b_2$ at the start by
# hand, for $J = \tfrac12\sum (y - h)^2$ over the four samples. Then write the direction of steepest
# *descent* as a vector of length 1.

# %%
gradient = {"w12": None, "b2": None}
steepest = None  # for example np.array([0.6, 0.8])

# %%
nne.compare(gradient, net.gradient(x, y))

# %%
nne.compare(steepest, nne.steepest_direction(net, x, y).vector)

# %% [markdown]
# <details class="exercise" markdown="1"><summary>Solution of task 1</summary>
#
# $\partial J/\partial w_{12} = \sum (h - y)\,x$ and $\partial J/\partial b_2 = \sum (h - y)$.
#
# ```python
# errors = (-1 * x[:, 0] + 3) - y
# gradient = {"w12": np.sum(errors * x[:, 0]), "b2": np.sum(errors)}
# downhill = -np.array([gradient["w12"], gradient["b2"]])
# steepest = downhill / np.linalg.norm(downhill)
# ```
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 2. Predict: three learning rates
#
# From the same start, with $\eta = 0.01$, $0.1$ and $0.125$. Which arrives first, and which never?

# %% slideshow={"slide_type": "slide"}
walks = {
    f"η = {rate}": nne.descend(net, x, y, learning_rate=rate, steps=60)
    for rate in (0.01, 0.1, 0.125)
}
nne.figures.loss_over_steps(walks)

# %% [markdown]
# With $\eta = 0.1$ the walk crosses the valley at each step, and still arrives. A little more, and
# it climbs the other side higher than it came from.

# %% slideshow={"slide_type": "slide"}
nne.figures.loss_contour(bowl, walks["η = 0.1"].parameters)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 3. The limit, computed
#
# Near the bottom, $J$ is a bowl with the second derivatives
#
# $$H = \begin{pmatrix} \sum x^2 & \sum x \\ \sum x & N \end{pmatrix}$$
#
# Along an eigenvector of $H$ with eigenvalue $\lambda$, one step multiplies the distance from the
# bottom by $1 - \eta\lambda$. It shrinks as long as $|1 - \eta\lambda| < 1$.
#
# **Task 2.** Compute the largest eigenvalue of $H$ and, from it, the learning rate at which the
# walk stops arriving. `np.linalg.eigvalsh` gives the eigenvalues.

# %%
largest_rate = None

# %%
nne.compare(
    largest_rate, 2 / nne.curvature(net, x, y).eigenvalues[-1], digits=4
)

# %% [markdown]
# <details class="exercise" markdown="1"><summary>Solution of task 2</summary>
#
# ```python
# H = np.array([[np.sum(x**2), np.sum(x)], [np.sum(x), len(x)]])
# largest_rate = 2 / np.linalg.eigvalsh(H)[-1]
# print(largest_rate)
# ```
#
# </details>

# %% [markdown]
# Test it: one percent below, and one percent above.

# %% slideshow={"slide_type": "slide"}
limit = 2 / nne.curvature(net, x, y).eigenvalues[-1]
for name, rate in (
    ("1 % below", 0.99 * limit),
    ("1 % above", 1.01 * limit),
):
    tried = nne.descend(
        net, x, y, learning_rate=rate, steps=1000, tolerance=1e-9
    )
    print(f"{name}: η = {rate:.5f}, J ends at {tried.loss[-1]:.3g}")

# %% [markdown]
# **Task 3.** At the other end, the small eigenvalue makes the walk slow: with the rate $\eta =
# 1/\lambda_{\max}$, how many steps does it take until the slow part of the distance is a thousandth
# of what it was? Solve $(1 - \lambda_{\min}/\lambda_{\max})^n = 0.001$.

# %%
steps_needed = None

# %%
small, large = nne.curvature(net, x, y).eigenvalues
nne.compare(
    steps_needed, np.log(0.001) / np.log(1 - small / large), digits=2
)

# %% [markdown]
# <details class="exercise" markdown="1"><summary>Solution of task 3</summary>
#
# ```python
# steps_needed = np.log(0.001) / np.log(1 - small / large)
# print("steps:", steps_needed, "  large / small:", large / small)
# ```
#
# The ratio of the two eigenvalues decides: a long narrow valley takes long, with any single rate.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 4. Not a bowl
#
# A network with bends, on *exclusive or*. Its landscape has nine dimensions. Two walks from two
# starts:

# %% slideshow={"slide_type": "fragment"}
corners, targets = (
    np.array([[0, 0], [0, 1], [1, 0], [1, 1]]),
    np.array([0, 1, 1, 0]),
)
bent = nne.Network([2, 2, 1], ["tanh", "identity"], seed=0)
starts = np.random.default_rng(0).standard_normal((40, 9))
many = nne.descend_many(
    bent,
    corners,
    targets,
    starts,
    learning_rate=0.1,
    steps=5000,
    progress=True,
)
ends = many.loss[-1]
good, poor = many[int(np.argmin(ends))], many[int(np.argmax(ends))]
nne.figures.loss_over_steps({"the best of 40": good, "the worst": poor})

# %% [markdown] slideshow={"slide_type": "slide"}
# **Predict.** Go from the worst end to the best on a straight line through the nine dimensions.
# Does $J$ fall all the way, or is there a hill to climb?

# %%
import matplotlib.pyplot as plt

along = np.linspace(0, 1, 201)
worst, best = poor.parameters[-1], good.parameters[-1]
line = worst + along[:, None] * (best - worst)
heights = bent.losses_at(line, corners, targets)

figure, ax = plt.subplots()
ax.plot(along, heights, label="J")
ax.set_title("On the straight line from the worst end to the best")
ax.set(xlabel="share of the way", ylabel="J", ylim=(0, None))
plt.show()

# %% [markdown]
# **Task 4.** How high is the hill: the highest $J$ on the line, less the $J$ of the worst end?

# %%
hill = None

# %%
nne.compare(hill, max(bent.losses_at(line, corners, targets)) - ends.max())

# %% [markdown]
# <details class="exercise" markdown="1"><summary>Solution of task 4</summary>
#
# ```python
# hill = heights.max() - heights[0]
# print(hill)
# ```
#
# A hill on *this* line does not prove that there is one on every way: the line is one way among
# many. A slice shows what lies on it, and nothing else.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 5. What a slice hides
#
# Here is the best end on a map of two of its nine parameters, with the walk that led there. The
# walk moved in all nine: on the map is only its shadow.

# %% slideshow={"slide_type": "fragment"}
view = nne.landscape(good.network, corners, targets, "w13", "w35")
nne.figures.loss_contour(view, good.parameters)

# %%
beside = view.distance(good.parameters)
print("distance of the walk from this plane")
print("at the start", round(float(beside[0]), 3))
print("at the end  ", round(float(beside[-1]), 3))

# %% [markdown] slideshow={"slide_type": "slide"}
# ## What to take home
#
# - The axes of a landscape are parameters. Each sample shapes it; none is a place on it.
# - The largest learning rate is 2 divided by the largest curvature. Above it, nothing arrives.
# - Walks of one network can end at different heights. A map shows two dimensions of many.
#
# Next: [Lab 5](vanishing.py) follows a signal back through many layers.
