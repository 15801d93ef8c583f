// The network circuit: draws and listens. Every number comes from the generated module.

import { LINE, RADIUS, layout } from "./circuit-layout.js";
import { names, trace } from "./circuit-network.js";
import { html, setAttributes, setText, svg } from "./elements.js";
import { Formula, at } from "./formula.js";
import { format } from "./numbers.js";

const NONE = "none";
const SHORT = 3; // digits in the picture
const LONG = 4; // digits in formulas

export function draw(stage, spec, shell) {
  const circuit = new Circuit(stage, spec, shell);
  return (state) => circuit.update(state);
}

class Circuit {
  constructor(stage, spec, shell) {
    Object.assign(this, { stage, spec, shell, preview: null, hot: null });
    this.inputs = spec.layers[0];
    this.output = spec.layers.at(-1)[0];
    this.picture = svg("svg", { class: "nne-circuit", width: "100%" });
    this.panel = html("div", { class: "nne-panel" });
    this.formula = new Formula(html("div", { class: "nne-formula-place" }));
    this.list = html("div", { class: "nne-factors" });
    this.words = html("p", { class: "nne-words" });
    this.panel.append(html("div", {}, this.formula.element, this.words), this.list);
    this.drawPicture();
    stage.append(this.picture, this.panel, this.table());
    this.listen();
    shell.onWidth((width) => this.resize(width));
  }

  // ---- the picture

  drawPicture() {
    const { parameters, units } = this.spec;
    this.parts = Object.fromEntries(names.map((name) => [name, this.part(name, parameters[name])]));
    this.units = Object.fromEntries(Object.keys(units).map((unit) => [unit, this.unit(unit)]));
    this.loss = {
      line: svg("line", { class: "nne-line" }),
      shape: svg("path", { class: "nne-face" }),
      letter: svg("text", { class: "nne-number" }, "J"),
      lines: this.lines(3),
    };
    this.loss.group = svg("g", { class: "nne-unit" }, this.loss.line, this.loss.shape, this.loss.letter, ...this.loss.lines);
    const choices = svg("g", { role: "radiogroup", "aria-label": "Parameters. Arrow keys: go from one to the next. Enter: keep its derivative in sight." },
      ...names.map((name) => this.parts[name].group));
    const quiet = svg("g", { "aria-hidden": "true" }, this.loss.group, ...Object.values(this.units).map((u) => u.group));
    this.picture.append(quiet, choices);
  }

  lines(count) {
    return Array.from({ length: count }, () => svg("text", { class: "nne-caption" }));
  }

  part(name, { source, label }) {
    const line = svg("line", { class: "nne-line" });
    const hit = svg("line", { class: "nne-hit" });
    const one = source ? [] : [svg("circle", { class: "nne-face", r: 9 }), svg("text", { class: "nne-one" }, "1")];
    const texts = [svg("text", { class: "nne-label" }), svg("text", { class: "nne-label nne-backward" })];
    const group = svg("g", { class: "nne-part", role: "radio", "aria-checked": "false", "aria-label": label, "data-name": name, tabindex: "-1" }, hit, line, ...one, ...texts);
    return { group, line, hit, one, texts };
  }

  unit(unit) {
    const circle = svg("circle", { class: "nne-face", r: RADIUS });
    const number = svg("text", { class: "nne-number" }, unit);
    const lines = this.lines(4);
    return { circle, number, lines, group: svg("g", { class: "nne-unit" }, circle, number, ...lines) };
  }

  resize(width) {
    this.layout = layout(width, this.spec.layers);
    setAttributes(this.picture, { viewBox: `0 0 ${width} ${this.layout.height}`, height: this.layout.height });
    this.stage.dataset.size = this.layout.size;
    for (const name of names) this.placePart(name);
    for (const unit of Object.keys(this.units)) this.placeUnit(unit);
    this.placeLoss();
  }

  placePart(name) {
    const { source, unit } = this.spec.parameters[name];
    const { line, hit, one, texts } = this.parts[name];
    const place = source ? this.layout.edge(source, unit) : this.layout.bias(unit);
    const { x1, y1, x2, y2 } = source ? place : place.stub;
    for (const each of [line, hit]) setAttributes(each, { x1, y1, x2, y2 });
    if (!source) {
      setAttributes(one[0], { cx: place.at.x, cy: place.at.y });
      setAttributes(one[1], { x: place.at.x, y: place.at.y + 4 });
    }
    const { x, y, anchor } = source ? { ...place.at, anchor: "middle" } : place.text;
    setAttributes(texts[0], { x, y, "text-anchor": anchor });
    setAttributes(texts[1], { x, y: y + LINE - 1, "text-anchor": anchor });
  }

  placeUnit(unit) {
    const { x, y } = this.layout.units[unit];
    setAttributes(this.units[unit].circle, { cx: x, cy: y });
    setAttributes(this.units[unit].number, { x, y: y + 5 });
  }

  placeLoss() {
    const { x, y } = this.layout.loss;
    const r = RADIUS + 1;
    const { x1, y1, x2, y2 } = this.layout.toLoss;
    setAttributes(this.loss.line, { x1, y1, x2, y2 });
    setAttributes(this.loss.shape, { d: `M${x - r} ${y}L${x} ${y - r}L${x + r} ${y}L${x} ${y + r}Z` });
    setAttributes(this.loss.letter, { x, y: y + 5 });
  }

  // ---- what the reader does

  listen() {
    const { stage } = this;
    const nameAt = (event) => event.target.closest?.(".nne-part")?.dataset.name;
    const factorAt = (event) => event.target.closest?.("[data-factor]")?.dataset.factor;
    stage.addEventListener("pointerover", (event) => {
      const factor = factorAt(event);
      this.heat(factor);
      if (!factor && event.pointerType === "mouse") this.look(nameAt(event));
    });
    stage.addEventListener("pointerleave", (event) => event.pointerType === "mouse" && (this.heat(null), this.look(null)));
    stage.addEventListener("click", (event) => {
      const name = nameAt(event);
      if (name) this.pin(name);
      else this.heat(factorAt(event));
    });
    stage.addEventListener("focusin", (event) => {
      this.heat(factorAt(event));
      if (event.target.matches(":focus-visible")) this.look(nameAt(event));
    });
    stage.addEventListener("focusout", () => (this.heat(null), this.look(null)));
    this.picture.addEventListener("keydown", (event) => this.key(event, nameAt(event)));
  }

  key(event, name) {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (step) {
      const next = names.at((names.indexOf(name) + step) % names.length);
      this.parts[next].group.focus();
    } else if (event.key === "Enter" || event.key === " ") this.pin(name);
    else if (event.key === "Escape") this.shell.set("show", NONE);
    else return;
    event.preventDefault();
  }

  pin(name) {
    this.heat(null);
    this.preview = null;
    this.shell.set("show", name);
  }

  look(name) {
    if (this.preview === (name ?? null)) return;
    this.preview = name ?? null;
    this.shell.redraw();
  }

  // A factor under the pointer or in focus glows wherever it stands: formula, list, picture.
  heat(kind) {
    if (this.hot === (kind ?? null)) return;
    this.hot = kind ?? null;
    for (const element of this.stage.querySelectorAll("[data-factor]")) {
      element.toggleAttribute("data-hot", element.dataset.factor === this.hot);
    }
    this.shell.redraw();
  }

  // ---- showing a state

  update(state) {
    const { parameters } = this.spec;
    const inputs = this.inputs.map((unit) => state[`x${unit}`]);
    const values = names.map((name) => state[name]);
    const now = { ...trace(values, inputs, [state.y]), state, one: 1 };
    if (!Number.isFinite(now.J)) return this.shell.refuse();
    const shown = this.preview ?? state.show;
    const factors = this.spec.factors[shown] ?? [];
    const signals = state.signals === "on";
    if (shown !== this.shown) this.choose(shown, factors);
    this.showParts(now, shown, factors, signals);
    this.showUnits(now, shown, factors, signals);
    this.showLoss(now, factors);
    this.showFormula(now, factors);
    if (this.details.open) this.showTable(now);
    if (!parameters[shown]) return `J = ${format(now.J, SHORT)}`;
    return `∂J/∂${shown} = ${format(now.gradient[shown], SHORT)}. J = ${format(now.J, SHORT)}`;
  }

  showParts(now, shown, factors, signals) {
    const chosen = now.state.show in this.parts ? now.state.show : names[0];
    for (const name of names) {
      const { label, source, unit } = this.spec.parameters[name];
      const { group, one, texts } = this.parts[name];
      const factor = source && factors.find(({ kind, edge }) => kind === "weight" && edge[0] === source && edge[1] === unit);
      const own = name === shown;
      const mark = factor ? `${this.spec.marks.weight} ` : "";
      const value = format(now.state[name], SHORT);
      const slope = format(now.gradient[name], SHORT);
      setText(texts[0], `${mark}${label} ${value}`);
      const more = !this.layout.narrow && (own || signals); // a narrow picture has no room
      setText(texts[1], more ? `← ${slope}` : "");
      setAttributes(group, {
        class: `nne-part${own ? " nne-own" : ""}${factor ? " nne-lit nne-weight" : ""}${factors.length && !own && !factor ? " nne-dim" : ""}`,
        "aria-checked": name === now.state.show,
        "aria-label": `${name} = ${value}, ∂J/∂${name} = ${slope}`,
        tabindex: name === (document.activeElement === group ? name : chosen) ? 0 : -1,
      });
      this.mark(group, factor);
      if (one.length) this.mark(one[0], own && { kind: "input" }, own ? "nne-face nne-ring nne-input" : "nne-face");
    }
  }

  // Says on an element which factor it shows, so that it glows with it.
  mark(element, factor, name) {
    if (name) setAttributes(element, { class: name });
    const kind = factor ? factor.kind : undefined;
    if (element.dataset.factor === kind) return;
    if (kind) element.dataset.factor = kind;
    else delete element.dataset.factor;
    element.toggleAttribute("data-hot", kind !== undefined && kind === this.hot);
  }

  showUnits(now, shown, factors, signals) {
    for (const [unit, { group, circle, lines }] of Object.entries(this.units)) {
      const factor = factors.find((f) => (f.kind.endsWith("slope") && f.unit === Number(unit))
        || (f.kind === "input" && f.edge && f.edge[0] === Number(unit)));
      const role = factor ? factor.kind.replace("_", "-") : "";
      const texts = this.captions(unit, now, factor, signals);
      const first = this.layout.caption(unit, texts.length);
      lines.forEach((line, k) => {
        const [text, kind] = texts[k] ?? ["", ""];
        setText(line, text);
        setAttributes(line, { class: `nne-caption ${kind}`, x: first.x, y: first.y + LINE * k, "text-anchor": first.anchor });
      });
      setAttributes(group, { class: `nne-unit${factors.length && !factor ? " nne-dim" : ""}` });
      this.mark(group, factor);
      setAttributes(circle, { class: factor ? `nne-face nne-ring nne-${role}` : "nne-face" });
    }
  }

  captions(unit, now, factor, signals) {
    const names = this.spec.units[unit];
    const isInput = this.inputs.includes(Number(unit));
    const role = factor ? `nne-${factor.kind.replace("_", "-")} nne-bold` : "";
    const said = factor && this.equation(this.spec.marks[factor.kind], factor.short, at(now, factor.slot));
    const rows = [];
    if (!isInput) rows.push([this.equation("→", names.z, now.z[unit]), "nne-forward"]);
    if (factor?.kind === "input") rows.push([said, role]);
    else rows.push([this.equation("→", names.a, now.a[unit]), "nne-forward"]);
    if (!isInput && signals) rows.push([this.equation("←", names.delta, now.delta[unit]), "nne-backward"]);
    if (factor && factor.kind !== "input") rows.push([said, role]);
    return rows;
  }

  equation(mark, name, value) {
    return `${mark} ${name}${this.layout.narrow ? " " : " = "}${format(value, SHORT)}`;
  }

  showLoss(now, factors) {
    const factor = factors.find(({ kind }) => kind === "error");
    const rows = [[this.equation("→", "J", now.J), "nne-forward"], [this.equation("", "y", now.state.y), ""]];
    if (factor) {
      const name = this.layout.narrow ? "" : factor.short;
      rows.unshift([this.equation(this.spec.marks.error, name, at(now, factor.slot)), "nne-error nne-bold"]);
    }
    const { x, y, anchor } = this.layout.lossText;
    this.loss.lines.forEach((line, k) => {
      const [text, kind] = rows[k] ?? ["", ""];
      setText(line, text);
      setAttributes(line, { class: `nne-caption ${kind}`, x, y: y + LINE * k, "text-anchor": anchor });
    });
    setAttributes(this.loss.shape, { class: factor ? "nne-face nne-ring nne-error" : "nne-face" });
    setAttributes(this.loss.line, { class: factor ? "nne-line nne-ring nne-error" : "nne-line" });
    this.mark(this.loss.group, factor);
  }

  // ---- the formula and the list of its factors

  choose(shown, factors) {
    this.shown = shown;
    this.formula.choose(this.spec.formulas[shown] ?? "", factors.map(({ kind }) => kind));
    this.outputs = factors.map((factor) => this.listed(factor));
    this.list.replaceChildren(...this.outputs.map(({ button }) => button));
  }

  listed(factor) {
    const { kind, name, symbol, slot } = factor;
    const value = html("span", { class: "nne-value" });
    const head = html("span", { class: `nne-kind nne-${kind.replace("_", "-")}`, "data-mark": this.spec.marks[kind] }, name);
    const sign = html("span", { class: "nne-symbol" });
    sign.innerHTML = this.spec.symbols[symbol];
    const button = html("button", { type: "button", "data-factor": kind }, head, sign, value);
    return { button, value, slot };
  }

  showFormula(now, factors) {
    this.formula.show(now, LONG);
    for (const { value, slot } of this.outputs) setText(value, format(at(now, slot), LONG));
    const hot = factors.find(({ kind }) => kind === this.hot);
    setText(this.words, hot ? `${this.spec.marks[hot.kind]} ${hot.name}: ${hot.words}.` : this.sentence(now));
  }

  sentence(now) {
    const { parameters } = this.spec;
    if (!parameters[this.shown]) return "Point at a line or at a bias, tap it, or choose a derivative above: its way to J lights up, and its factors are written here.";
    const slope = now.gradient[this.shown];
    const { label } = parameters[this.shown];
    if (slope === 0) return `Exactly zero: turning ${label} a little changes nothing.`;
    return `Turning ${label} up a little makes J ${slope > 0 ? "grow" : "shrink"}, so a step of descent turns it ${slope > 0 ? "down" : "up"}.`;
  }

  // ---- all numbers as text

  table() {
    const { parameters, units } = this.spec;
    const rows = [
      ...Object.entries(units).flatMap(([unit, { z, a, delta }]) => [
        ...(this.inputs.includes(Number(unit)) ? [] : [[z, `z.${unit}`, `delta.${unit}`]]), [a, `a.${unit}`, null]]),
      ["y", "state.y", null], ["J", "J", null],
      ...names.map((name) => [parameters[name].label, `state.${name}`, `gradient.${name}`]),
    ];
    this.cells = [];
    const body = rows.map(([name, ...paths]) => html("tr", {}, html("th", { scope: "row" }, name),
      ...paths.map((path) => {
        const cell = html("td");
        if (path) this.cells.push([cell, path]);
        return cell;
      })));
    const heads = ["name", "value", "∂J/∂ name"].map((text) => html("th", { scope: "col" }, text));
    this.details = html("details", { class: "nne-figure-more" }, html("summary", {}, "All numbers, as they are now"),
      html("div", { class: "nne-table", tabindex: "0" }, html("table", {}, html("thead", {}, html("tr", {}, ...heads)), html("tbody", {}, ...body))));
    this.details.addEventListener("toggle", () => this.shell.redraw());
    return this.details;
  }

  showTable(now) {
    for (const [cell, path] of this.cells) setText(cell, format(at(now, path), LONG));
  }
}
