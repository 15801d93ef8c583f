# %% [markdown] slideshow={"slide_type": "slide"}
# # Lab 2. Check your own activation
#
# Give a network an activation function of your own, get its derivative wrong on purpose, and watch
# which partial derivatives notice.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## What you will do
#
# - Turn a function and its slope into an activation that the library can use.
# - Find a wrong slope by a *gradient check*, and say where it can hide.
# - Choose the size of a nudge: neither large nor tiny is best.
#
# You need derivatives from school and about 35 minutes. The ideas are in
# [A derivative is a sensitivity](../learn/sensitivity.md) and
# [Why the derivative and not the function?](../learn/derivative-or-function.md)

# %%
import nnexplain as nne

# %%
import numpy as np

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 1. A soft step of your own
#
# $$f(z) = \frac{z}{\sqrt{1 + z^2}}$$
#
# It climbs from −1 to 1, like $\tanh$, but more slowly.
#
# **Task 1.** Derive $f'(z)$ with the quotient rule or the product rule, and complete the function.
# It gets an array and returns an array.


# %%
def f(z):
    return z / np.sqrt(1 + z * z)


def my_slope(z):
    return None


# %%
def judge_by_nudges(slope):
    """Compare a slope with central differences of f at some places."""
    z, size = np.array([-2.0, -0.5, 0.0, 1.0, 3.0]), 1e-6
    return nne.compare(
        slope(z), (f(z + size) - f(z - size)) / (2 * size), digits=5
    )


judge_by_nudges(my_slope)

# %% [markdown]
# <details class="exercise" markdown="1"><summary>Solution of task 1</summary>
#
# With $u = 1 + z^2$ it is $f = z\,u^{-1/2}$. The product rule gives
#
# $$
# \begin{aligned}
# f' &= u^{-1/2} - z \cdot \tfrac12 u^{-3/2} \cdot 2z \\
# &= (u - z^2)\,u^{-3/2} = u^{-3/2}
# \end{aligned}
# $$
#
# ```python
# def my_slope(z):
#     return (1 + z * z) ** -1.5
# ```
#
# </details>

# %% [markdown]
# ## 2. Into a network
#
# An `Activation` is a record: the function, its slope, its curvature, and facts that pages and
# figures use. The function below makes one from any slope, right or wrong.


# %%
def soft_step(slope):
    """Return f as an activation that believes that its slope is `slope`."""
    return nne.Activation(
        "soft step",
        f,
        slope,
        lambda z: -3 * z * (1 + z * z) ** -2.5,
        latex=r"z / \sqrt{1 + z^2}",
        latex_slope=r"(1 + z^2)^{-3/2}",
        range=(-1, 1),
        largest_slope=1,
        flat=(),
    )


def right_slope(z):
    return (1 + z * z) ** -1.5


nne.figures.curve_and_slope(
    soft_step(right_slope), {"z = 0": 0.0, "z = 2": 2.0}
)

# %%
x, y = [[0.5, -1.0], [1.0, 2.0], [-0.5, 0.5]], [0.3, 1.0, -0.4]
net = nne.Network([2, 2, 1], [soft_step(right_slope), "identity"], seed=1)
nne.gradient_check(net, x, y)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 3. Predict
#
# Now forget the square root: $f'(z) = (1+z^2)^{-1}$ looks almost the same, and is wrong. The
# *values* of the network stay right.
#
# The hidden units 3 and 4 have this activation, the output unit 5 is a straight line. Which of the
# nine partial derivatives will be wrong?

# %%
wrong_ones = None  # for example {"w13", "b5"}


# %%
def wrong_slope(z):
    return 1 / (1 + z * z)


misled = net.replace(activation=[soft_step(wrong_slope), "identity"])
report = nne.gradient_check(misled, x, y)
found = {row.parameter for row in report.rows if not row.agrees}
marks = {name: float(name in found) for name in net.parameters}
said = (
    None
    if wrong_ones is None
    else {name: float(name in wrong_ones) for name in marks}
)
nne.compare(said, marks)

# %% [markdown]
# <details class="exercise" markdown="1"><summary>Solution of the prediction</summary>
#
# The slope of a hidden unit is a factor of everything *in front of* it: its weights from the
# inputs, and its bias. The weights from unit 3 and 4 to the output get the unit's *value*, which
# is right.
#
# ```python
# wrong_ones = {"w13", "w23", "b3", "w14", "w24", "b4"}
# said = {name: float(name in wrong_ones) for name in marks}
# ```
#
# </details>

# %% slideshow={"slide_type": "slide"}
report

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 4. A wrong slope still learns, but later
#
# Nothing crashes: a descent with the wrong slope also makes $J$ smaller, here only later. That is
# why such errors live long.

# %% slideshow={"slide_type": "fragment"}
walks = {
    "right slope": nne.descend(net, x, y, learning_rate=0.3, steps=60),
    "wrong slope": nne.descend(misled, x, y, learning_rate=0.3, steps=60),
}
nne.figures.loss_over_steps(walks)

# %% [markdown]
# **Task 2.** How far do the two gradients $g$ and $\tilde g$ point apart at the start? Compute the
# angle between them, in degrees, from
#
# $$\cos\alpha = \frac{g \cdot \tilde g}{|g|\,|\tilde g|}$$

# %%
right = np.array(list(net.gradient(x, y).values()))
wrong = np.array(list(misled.gradient(x, y).values()))
angle = None

# %%
cosine = right @ wrong / np.linalg.norm(right) / np.linalg.norm(wrong)
nne.compare(angle, np.degrees(np.arccos(cosine)))

# %% [markdown]
# <details class="exercise" markdown="1"><summary>Solution of task 2</summary>
#
# ```python
# lengths = np.sqrt(np.sum(right**2) * np.sum(wrong**2))
# angle = np.degrees(np.arccos(np.sum(right * wrong) / lengths))
# print(angle)
# ```
#
# Below 90° the step still leads downhill. It is not the steepest way any more.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 5. How large is a good nudge?
#
# A large nudge $\varepsilon$ sees the curve, not the tangent. A tiny one subtracts two numbers that
# agree in almost all digits, and what is left is rounding.
#
# $$f'(z) \approx \frac{f(z+\varepsilon) - f(z-\varepsilon)}{2\,\varepsilon}$$
#
# **Predict:** at which $\varepsilon$ is the error smallest?

# %%
import matplotlib.pyplot as plt

place, sizes = 1.0, 10.0 ** np.arange(-15, 1)
estimates = (f(place + sizes) - f(place - sizes)) / (2 * sizes)
errors = np.abs(estimates - right_slope(place))
print(f"smallest error at a nudge of {sizes[np.argmin(errors)]:.0e}")

figure, ax = plt.subplots()
ax.loglog(
    sizes, np.maximum(errors, 1e-17), marker="o", label="central difference"
)
ax.set_title("Error of a slope found by a nudge")
ax.set(xlabel="size of the nudge ε", ylabel="error of the slope")
plt.show()

# %% [markdown]
# **Task 3.** The error of a central difference is about $\tfrac16 |f^{(3)}|\,\varepsilon^2$ from
# the bend, plus about $10^{-16}/\varepsilon$ from rounding. Take $|f^{(3)}| = 1$. Where is the sum
# smallest? Set its derivative to zero.

# %%
best_size = None

# %%
candidates = np.logspace(-8, -3, 100_001)
total = candidates**2 / 6 + 1e-16 / candidates
nne.compare(best_size, candidates[np.argmin(total)])

# %% [markdown]
# <details class="exercise" markdown="1"><summary>Solution of task 3</summary>
#
# $\varepsilon/3 = 10^{-16}/\varepsilon^2$, so $\varepsilon = \sqrt[3]{3 \cdot 10^{-16}}$.
#
# ```python
# best_size = (3 * 1e-16) ** (1 / 3)
# print(best_size)
# ```
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## What to take home
#
# - A wrong derivative raises no error. Values stay right, learning goes on, only worse.
# - It spoils everything in front of the unit, and nothing behind it.
# - A gradient check finds it at once. Choose the nudge near the cube root of the rounding error.
#
# Next: [Lab 3](collapse-and-xor.py) takes the bend out of every activation.
