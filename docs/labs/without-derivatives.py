# %% [markdown] slideshow={"slide_type": "slide"}
# # Lab 6. Learning without derivatives
#
# Train a network by trying, without a single derivative. It works. Then count what it costs when
# there are more parameters.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## What you will do
#
# - Write two methods of your own: difference quotients, and pure trial and error.
# - Race them against backpropagation, with the number of forward passes as the clock.
# - Measure how the price grows with the number of parameters.
#
# You need a loop, random numbers, and about 40 minutes. The ideas are in
# [Could we learn without derivatives?](../learn/without-derivatives.md)

# %%
import nnexplain as nne

# %%
import matplotlib.pyplot as plt
import numpy as np

x, y = np.array([[0, 0], [0, 1], [1, 0], [1, 1]]), np.array([0, 1, 1, 0])
net = nne.Network([2, 4, 1], ["tanh", "identity"], seed=0)
print(len(net.parameters), "parameters, J =", round(net.loss(x, y), 4))

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 1. A gradient from values alone
#
# To know one slope, nudge one parameter up and down, and look at $J$ twice.
#
# **Task 1.** How many times must $J$ be computed for the whole gradient of a network with 17
# parameters, this way?

# %%
count = None


# %%
class Counter:
    """J of the network at any parameters, and how often it was asked."""

    def __init__(self, net):
        self.net, self.count = net, 0

    def __call__(self, theta):
        self.count += 1
        return float(self.net.losses_at(theta, x, y))


def gradient_from_values(loss, theta, size=1e-5):
    """Return ∂J/∂θ by central differences; theta holds all parameters."""
    slopes = []
    for nudge in size * np.eye(len(theta)):
        slopes.append(
            (loss(theta + nudge) - loss(theta - nudge)) / (2 * size)
        )
    return np.array(slopes)


loss = Counter(net)
estimate = gradient_from_values(loss, net.vector)
nne.compare(count, loss.count)

# %% [markdown]
# <details class="exercise" markdown="1"><summary>Solution of task 1</summary>
#
# ```python
# count = 2 * 17
# ```
#
# </details>

# %%
exact = np.array(list(net.gradient(x, y).values()))
print(f"largest difference: {np.abs(estimate - exact).max():.1e}")

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 2. Trial and error
#
# Change all parameters a little, at random. If $J$ is lower, stay; if not, go back.
#
# **Task 2.** Complete the loop. `rng.standard_normal(len(theta))` gives a random direction.


# %%
def my_search(loss, theta, tries=2000, spread=0.1, seed=0):
    """Return the best parameters found, and J after each try."""
    rng = np.random.default_rng(seed)
    theta, best, history = theta.copy(), loss(theta), []
    for _ in range(tries):
        trial = None  # a place near theta
        history.append(best)
    return theta, history


# %%
found, history = my_search(Counter(net), net.vector)
halved = history[-1] < 0.5 * history[0]
never_rises = np.all(np.diff(history) <= 0)
answered = not np.array_equal(found, net.vector)
checks = {
    "J was halved": float(halved),
    "J never rises": float(never_rises),
}
nne.compare(checks if answered else None, dict.fromkeys(checks, 1.0))

# %% [markdown]
# <details class="exercise" markdown="1"><summary>Solution of task 2</summary>
#
# ```python
# def my_search(loss, theta, tries=2000, spread=0.1, seed=0):
#     rng = np.random.default_rng(seed)
#     theta, best, history = theta.copy(), loss(theta), []
#     for _ in range(tries):
#         trial = theta + spread * rng.standard_normal(len(theta))
#         height = loss(trial)
#         if height < best:
#             theta, best = trial, height
#         history.append(best)
#     return theta, history
# ```
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 3. A race
#
# The library knows these methods too, and an evolution strategy: it tries pairs of random
# directions and moves along those that helped. The clock is the number of forward passes. A step of
# backpropagation is counted as three: one forward, and a backward pass that costs about two.
#
# **Predict** the order at the goal, $J = 0.01$.

# %%
goal = 0.01
settings = {
    "gradient_descent": {"steps": 300},
    "finite_differences": {"steps": 300},
    "random_search": {"steps": 3000},
    "evolution_strategy": {"steps": 300},
}
spent = {}
for method, choice in settings.items():
    walk = nne.descend(
        net, x, y, learning_rate=0.1, method=method, progress=True, **choice
    )
    passes = (
        3 * walk.steps if method == "gradient_descent" else walk.evaluations
    )
    spent[method] = passes, walk.loss
    reached = np.flatnonzero(walk.loss <= goal)
    when = f"{passes[reached[0]]} passes" if len(reached) else "not reached"
    print(f"{method:20} {when}")

# %% slideshow={"slide_type": "slide"}
figure, ax = plt.subplots()
for (method, (passes, losses)), dash in zip(
    spent.items(), ("-", "--", ":", "-."), strict=True
):
    ax.loglog(
        np.maximum(passes, 1),
        losses,
        linestyle=dash,
        label=method.replace("_", " "),
    )
ax.axhline(goal, color="gray", linewidth=1)
ax.set_title("J over the forward passes spent; the thin line is the goal")
ax.set(xlabel="forward passes", ylabel="J", ylim=(1e-3, None))
ax.legend()
plt.show()

# %% [markdown]
# Did trial and error keep up? With few parameters it often does: a random step is cheap, and one in
# two leads downhill. The next question is what happens with more.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 4. The price grows
#
# Now straight-line models with $n$ inputs, so with $n + 1$ parameters, on data that they can fit.
# How many passes does random search need until $J$ is a hundredth of what it was?


# %%
def passes_needed(inputs, method, seed, **choice):
    """Return the forward passes until J is a hundredth of its start."""
    rng = np.random.default_rng(seed)
    data = rng.standard_normal((4 * inputs, inputs))
    line = nne.Network([inputs, 1], "identity", seed=seed, loss="mse")
    values = data @ rng.standard_normal(inputs)
    walk = nne.descend(
        line, data, values, method=method, seed=seed, **choice
    )
    reached = np.flatnonzero(walk.loss <= 0.01 * walk.loss[0])
    passes = (
        3 * walk.steps if method == "gradient_descent" else walk.evaluations
    )
    return int(passes[reached[0]]) if len(reached) else np.inf


# %%
inputs = [4, 8, 16, 32]
trials = {
    "random_search": {"steps": 2000},
    "finite_differences": {"steps": 60, "learning_rate": 0.2},
    "gradient_descent": {"steps": 60, "learning_rate": 0.2},
}
prices = {}
for method, choice in trials.items():
    found = [
        [passes_needed(n, method, seed, **choice) for seed in range(3)]
        for n in inputs
    ]
    prices[method] = np.median(found, axis=1)
print("parameters        ", *(f"{n + 1:4}" for n in inputs))
for method, found in prices.items():
    print(f"{method:18}", *(f"{price:4.0f}" for price in found))

# %% [markdown]
# **Task 3.** From 5 to 33 parameters, by which factor did the price of each method grow? Give the
# ratio of the last price to the first.

# %%
growth = {
    "random_search": None,
    "finite_differences": None,
    "gradient_descent": None,
}

# %%
nne.compare(
    growth,
    {method: found[-1] / found[0] for method, found in prices.items()},
    digits=2,
)

# %% [markdown]
# <details class="exercise" markdown="1"><summary>Solution of task 3</summary>
#
# ```python
# growth = {
#     method: float(found[-1] / found[0])
#     for method, found in prices.items()
# }
# print(growth)
# ```
#
# The first two grow about as the number of parameters does. The gradient costs the same few passes
# whatever their number: each parameter gets its own slope out of one backward pass.
#
# </details>

# %% [markdown]
# **To think about.** A large model has billions of parameters. What would its price be with each
# method, if the growth went on like this?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## What to take home
#
# - Learning needs no derivative: whoever can compare two values of $J$ can learn.
# - Without one, the price grows with the number of parameters.
# - That is why derivatives matter: not because nothing else works, but because one backward pass
#   answers for all parameters at once.
#
# Back to [the short answer](../index.md).
