// The activation explorer: any function over its slope, beside another one. Draws and listens only.

import { activations } from "./activation-explorer-functions.js";
import { around, layout, range } from "./activation-explorer-layout.js";
import { chart } from "./chart.js";
import { drag } from "./drag.js";
import { html, setText, svg } from "./elements.js";
import { format } from "./numbers.js";
import { places } from "./places.js";

const NONE = "none";
const PLACES = ["first", "second"]; // a solid line with a round dot, a dashed one with a diamond
const SHAPES = { first: "circle", second: "diamond" };
const PARTS = { value: "f", slope: "df" };

export function draw(stage, spec, shell) {
  const explorer = new Explorer(stage, spec, shell);
  return (state) => explorer.update(state);
}

class Explorer {
  constructor(stage, spec, shell) {
    Object.assign(this, { stage, spec, shell, shown: "" });
    this.charts = html("div", { class: "nne-curves" });
    this.formulas = html("div", { class: "nne-formulas" });
    this.words = html("p", { class: "nne-words" });
    this.body = html("div");
    this.top = html("div", { class: "nne-explorer" }, this.charts);
    stage.append(this.top, this.words);
    shell.root.append(this.body); // below the curves, which belong to the slider
    shell.onWidth((width) => this.resize(width));
  }

  resize(width) {
    const sizes = layout(width);
    this.stage.dataset.size = sizes.size;
    this.pictures = { value: this.picture("value", sizes.value, "f(z)", "The functions"), slope: this.picture("slope", sizes.slope, "f′(z)", "Their slopes") };
    this.charts.replaceChildren(...Object.values(this.pictures).map(({ frame }) => frame.element));
    if (sizes.size === "wide") this.top.append(this.formulas);
    else this.body.before(this.formulas);
    this.shown = "";
  }

  picture(part, size, name, label) {
    const frame = chart({ label, x: { ...range, label: "z" }, y: { ...range, label: name }, ...size });
    const marks = Object.fromEntries(PLACES.map((place) => [place, {
      line: frame.line(`nne-curve-${part} nne-curve-${place}`),
      dot: frame.dot(`nne-dot-${part}`, { radius: 5, shape: SHAPES[place] }),
    }]));
    drag(frame.element, (event) => this.shell.set("z", frame.at(event).x));
    return { frame, marks };
  }

  update(state) {
    const chosen = [["first", state.activation], ["second", state.compare]]
      .filter(([place, name]) => place === "first" || (name !== NONE && name !== state.activation));
    const shown = chosen.map(([, name]) => name).join();
    if (shown !== this.shown) this.choose(shown, chosen);
    for (const [part, { marks }] of Object.entries(this.pictures)) {
      for (const [place, name] of chosen) {
        const value = activations[name][PARTS[part]](state.z);
        marks[place].dot.set(state.z, value);
        setText(this.cells[part][place], format(value));
      }
    }
    for (const head of this.heads) setText(head, format(state.z));
    const said = this.sentence(state.z, chosen.map(([, name]) => name));
    setText(this.words, said);
    return said;
  }

  choose(shown, chosen) {
    this.shown = shown;
    const { functions } = this.spec;
    for (const [part, { frame, marks }] of Object.entries(this.pictures)) {
      frame.range({ y: around(chosen.map(([, name]) => functions[name].seen[part])) });
      for (const place of PLACES) {
        marks[place].line.set([], []);
        marks[place].dot.hide();
      }
      for (const [place, name] of chosen) {
        // A slope is torn at every kink, a value only where it jumps.
        const breaks = functions[name].kinks.map((kink) => ({ ...kink, jumps: kink.jumps || part === "slope" }));
        const zs = places(range.low, range.high, breaks);
        marks[place].line.set(zs, zs.map(activations[name][PARTS[part]]));
      }
    }
    this.formulas.replaceChildren(...chosen.map(([place, name]) => {
      const formula = html("div", { class: "nne-formula-place", tabindex: "0", role: "group", "aria-label": `Formulas of ${name}` });
      formula.innerHTML = this.spec.formulas[name];
      return html("div", {}, this.sign(place, name), formula);
    }));
    this.body.replaceChildren(this.table(chosen));
  }

  sign(place, name) {
    return html("strong", { class: "nne-sign" }, svg("svg", { width: 26, height: 10, "aria-hidden": "true" },
      svg("line", { class: `nne-curve-value nne-curve-${place}`, x1: 1, x2: 25, y1: 5, y2: 5 })), name);
  }

  table(chosen) {
    this.heads = [];
    this.cells = { value: {}, slope: {} };
    const at = (text) => {
      const number = html("span");
      this.heads.push(number);
      return html("th", { scope: "row" }, `${text} at z\u00a0=\u00a0`, number);
    };
    const now = (part) => chosen.map(([place]) => (this.cells[part][place] = html("td")));
    const facts = Object.keys(this.spec.functions[chosen[0][1]].facts).map((fact) => html("tr", {},
      html("th", { scope: "row" }, fact), ...chosen.map(([, name]) => html("td", {}, this.spec.functions[name].facts[fact]))));
    const heads = chosen.map(([place, name]) => html("th", { scope: "col" }, this.sign(place, name)));
    return html("table", { class: "nne-readings nne-facts" }, html("caption", { class: "nne-unseen" }, "Values at the point, and facts"),
      html("thead", {}, html("tr", {}, html("td"), ...heads)),
      html("tbody", {}, html("tr", {}, at("value f"), ...now("value")), html("tr", {}, at("slope f′"), ...now("slope")), ...facts));
  }

  sentence(z, names) {
    const kinked = names.find((name) => this.spec.functions[name].kinks.some(({ at }) => at === z));
    const slopes = names.map((name) => `${format(activations[name].df(z))} for ${name}`).join(" and ");
    const kink = kinked ? ` At a kink of ${kinked} no slope is right from both sides, so one is agreed on: see the table.` : "";
    return `A signal that comes back through a unit at z\u00a0=\u00a0${format(z)} is multiplied by the slope: ${slopes}.${kink}`;
  }
}
