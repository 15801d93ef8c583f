# %% [markdown] slideshow={"slide_type": "slide"}
# # Lab 1. A gradient by hand and by code
#
# Derive one partial derivative of a small network with pencil and paper, let the computer do all
# eleven, and see that both say the same.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## What you will do
#
# - Compute a forward pass and one partial derivative, $\partial J/\partial w_{14}$, by hand.
# - Check it in two ways that know nothing of each other.
# - Write a function that computes all eleven, and take a step downhill with it.
#
# You need paper, a calculator, the chain rule from school, and about 40 minutes. The ideas are in
# [The gradient, term by term](../learn/gradient.md).

# %%
import nnexplain as nne

# %% [markdown]
# ## The network
#
# It is a textbook's example: three inputs, two hidden units, one output, all with the sigmoid
# $\sigma(z) = 1/(1+e^{-z})$. Units are numbered through: 1 to 3 are the inputs, 4 and 5 are
# hidden, 6 is the output. The weight $w_{14}$ leads from unit 1 to unit 4.

# %% slideshow={"slide_type": "slide"}
example = nne.worked["han_kamber"]
net, x, y = example.network, example.x, example.y
nne.figures.network_diagram(net)

# %%
print("inputs x =", x, "   target y =", y[0])

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 1. Forward
#
# A unit adds up what it gets, then applies $\sigma$. For unit 4:
#
# $$
# \begin{aligned}
# z_4 &= w_{14}x_1 + w_{24}x_2 + w_{34}x_3 + b_4 \\
# a_4 &= \sigma(z_4)
# \end{aligned}
# $$
#
# **Task 1.** Compute $z_4$ and $z_5$, then $a_4$ and $a_5$, then $z_6$ and the prediction
# $h = \sigma(z_6)$. Write three significant digits.

# %%
forward = {
    "z4": None,
    "z5": None,
    "a4": None,
    "a5": None,
    "z6": None,
    "h": None,
}

# %%
trace = net.forward(x)
computed = {f"z{unit}": trace.z[unit] for unit in (4, 5, 6)}
computed |= {"a4": trace.a[4], "a5": trace.a[5], "h": trace.output}
nne.compare(forward, computed, digits=2)

# %% [markdown]
# <details class="exercise" markdown="1"><summary>Solution of task 1</summary>
#
# ```python
# from math import exp
#
# forward = {
#     "z4": 0.2 * 1 + 0.4 * 0 - 0.5 * 1 - 0.4,
#     "z5": -0.3 * 1 + 0.1 * 0 + 0.2 * 1 + 0.2,
# }
# forward["a4"] = 1 / (1 + exp(-forward["z4"]))
# forward["a5"] = 1 / (1 + exp(-forward["z5"]))
# forward["z6"] = -0.3 * forward["a4"] - 0.2 * forward["a5"] + 0.1
# forward["h"] = 1 / (1 + exp(-forward["z6"]))
# ```
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 2. Predict
#
# The loss is $J = \tfrac12 (y - h)^2$, and $h$ is still too small. Should $w_{14}$ go up or down?
# Write your answer down before you go on.

# %% [markdown]
# <details class="predict" markdown="1"><summary>Check your prediction</summary>
#
# $x_1$ is positive, so more $w_{14}$ means more $z_4$ and more $a_4$. But $w_{46}$ is negative:
# more $a_4$ means less $z_6$ and a smaller $h$. So $w_{14}$ should go **down**, and
# $\partial J/\partial w_{14}$ must be positive.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 3. One partial derivative
#
# $w_{14}$ reaches $J$ along one path only: $w_{14} \to z_4 \to a_4 \to z_6 \to h \to J$. Each arrow
# is one factor of the product.
#
# **Task 2.** Write each of the five factors as a formula, then as a number. Remember that
# $\sigma'(z) = \sigma(z)\,(1 - \sigma(z))$. Then multiply.

# %%
error = None  # ∂J/∂h
output_slope = None  # ∂h/∂z6
weight = None  # ∂z6/∂a4
hidden_slope = None  # ∂a4/∂z4
first_input = None  # ∂z4/∂w14

# %%
names = ["error", "output slope", "weight", "hidden slope", "input"]
yours = [error, output_slope, weight, hidden_slope, first_input]
factors = nne.derive(net, "w14").at(x, y).terms[0].factors
nne.compare(
    dict(zip(names, yours, strict=True)),
    {
        name: factor.value
        for name, factor in zip(names, factors, strict=True)
    },
    digits=2,
)

# %% [markdown]
# <details class="exercise" markdown="1"><summary>Solution of task 2</summary>
#
# ```python
# h, a4 = trace.output, trace.a[4]
# error = h - y[0]
# output_slope = h * (1 - h)
# weight = net.parameters["w46"]
# hidden_slope = a4 * (1 - a4)
# first_input = x[0]
# yours = [error, output_slope, weight, hidden_slope, first_input]
# ```
#
# </details>

# %% [markdown]
# The library derives the same product, in symbols and in numbers. Compare it with your paper.

# %% slideshow={"slide_type": "slide"}
nne.derive(net, "w14").at(x, y)

# %% slideshow={"slide_type": "slide"}
nne.figures.factor_bars(nne.derive(net, "w14").at(x, y))

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 4. Check it without the chain rule
#
# A derivative says what a nudge does. So nudge $w_{14}$ by $\varepsilon$ and watch $J$. Nudge both
# ways and take half the difference: that is more exact than one nudge.
#
# $$\frac{\partial J}{\partial w_{14}} \approx
# \frac{J(w_{14} + \varepsilon) - J(w_{14} - \varepsilon)}{2\,\varepsilon}$$
#
# **Task 3.** Complete the function. `net.replace(parameters={"w14": 0.3})` is the same network with
# another $w_{14}$, and `net.loss(x, y)` is $J$.


# %%
def by_nudging(net, name, size=1e-4):
    """Return ∂J/∂name at x, y, by central difference."""
    return None


# %%
nne.compare(by_nudging(net, "w14"), net.gradient(x, y)["w14"])

# %% [markdown]
# <details class="exercise" markdown="1"><summary>Solution of task 3</summary>
#
# ```python
# def by_nudging(net, name, size=1e-4):
#     value = net.parameters[name]
#     above = net.replace(parameters={name: value + size}).loss(x, y)
#     below = net.replace(parameters={name: value - size}).loss(x, y)
#     return (above - below) / (2 * size)
# ```
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 5. All eleven
#
# Blame flows backwards. With $\delta_6 = (h - y)\,\sigma'(z_6)$ and
# $\delta_4 = \delta_6\,w_{46}\,\sigma'(z_4)$, every partial derivative is one product:
#
# $$\frac{\partial J}{\partial w_{ij}} = a_i\,\delta_j, \qquad
# \frac{\partial J}{\partial b_j} = \delta_j$$
#
# **Task 4.** Complete the function. The activation of an input is its value: $a_1 = x_1$.


# %%
def my_gradient(net, x, y):
    """Return ∂J/∂θ for every parameter of this 3-2-1 network, by name."""
    a = net.forward(x).a  # a[1] to a[6]
    delta = {6: None, 4: None, 5: None}
    gradient = {}
    for name in net.parameters:
        source, unit = net.locate(name)  # "w14": (1, 4); "b4": (None, 4)
        gradient[name] = None
    return gradient


# %%
nne.compare(my_gradient(net, x, y), net.gradient(x, y), digits=8)

# %% [markdown]
# <details class="exercise" markdown="1"><summary>Solution of task 4</summary>
#
# ```python
# def my_gradient(net, x, y):
#     a = net.forward(x).a
#     delta = {6: (a[6] - y[0]) * a[6] * (1 - a[6])}
#     for unit in (4, 5):
#         weight = net.parameters[f"w{unit}6"]
#         delta[unit] = delta[6] * weight * a[unit] * (1 - a[unit])
#     gradient = {}
#     for name in net.parameters:
#         source, unit = net.locate(name)
#         value = 1 if source is None else a[source]  # a bias: its input is always 1
#         gradient[name] = value * delta[unit]
#     return gradient
# ```
#
# </details>

# %% [markdown]
# The library is checked too. This table sets its gradient beside complex steps, which use no chain
# rule at all.

# %%
nne.gradient_check(net, x, y)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 6. One step downhill
#
# Each parameter moves against its own partial derivative: $\theta \leftarrow \theta - \eta\,
# \partial J/\partial\theta$, with the textbook's learning rate $\eta$.

# %% slideshow={"slide_type": "fragment"}
rate, gradient = example.learning_rate, net.gradient(x, y)
moved = {
    name: value - rate * gradient[name]
    for name, value in net.parameters.items()
}
stepped = net.replace(parameters=moved)
print("learning rate", rate)
print("J before     ", net.loss(x, y))
print("J after      ", stepped.loss(x, y))

# %% [markdown]
# **Task 5.** To first order, $J$ falls by $\eta$ times the sum of all squared partial derivatives.
# Compute this number. It will be close to the true fall, but not equal: why?

# %%
first_order_fall = None

# %%
nne.compare(first_order_fall, rate * sum(g**2 for g in gradient.values()))

# %% [markdown]
# <details class="exercise" markdown="1"><summary>Solution of task 5</summary>
#
# ```python
# first_order_fall = rate * sum(value**2 for value in gradient.values())
# print("by slopes:", first_order_fall)
# print("true:     ", net.loss(x, y) - stepped.loss(x, y))
# ```
#
# The slopes hold at the start only. On the way the ground bends.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## What to take home
#
# - A partial derivative is a product along a path: one factor for each arrow.
# - Forget one factor, here $w_{46}$, and even the sign can be wrong.
# - A gradient is never trusted because it looks right. It is checked against a nudge.
#
# Next: [Lab 2](gradient-check.py) checks the gradient of an activation function of your own.
