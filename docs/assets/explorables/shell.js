// What all explorables share: sliders, choices, reset, links, messages, one quiet live region, and
// one redraw a frame. A view module exports draw(stage, spec, shell) and returns update(state),
// which shows a state and returns a sentence for those who cannot see it.

import { html, setAttributes, setText } from "./elements.js";
import { format } from "./numbers.js";
import { entriesOf, initial, read, write } from "./state.js";

const OVERFLOW = "These numbers are too large: the computer’s arithmetic overflows, and there is nothing true to show. “Reset” starts anew.";
const FEW = 4; // so many sliders leave the picture in sight when they stand above it, also on a phone
const QUIET = 700; // ms without a change before the live region speaks and an address is written
// Where a slider stands for a value, and back: on a scale of powers of ten a value has two digits.
const PLAIN = { position: (value) => value, value: (place) => place };
const POWERS = { position: Math.log10, value: (place) => Number((10 ** place).toPrecision(2)) };

export function open(place, spec, draw, page) {
  const shell = new Shell(place, spec, page);
  shell.start(draw);
}

class Shell {
  constructor(place, spec, page) {
    Object.assign(this, { place, spec, page, inputs: new Map() });
    this.entries = entriesOf(spec);
    this.begin = read(place.dataset.start, this.entries, initial(this.entries)).state;
    // Only a page of its own keeps the state in its address; a lesson's address is the reader's.
    this.owns = location.pathname === page.pathname;
    this.state = { ...this.begin };
  }

  start(draw) {
    const { spec } = this;
    this.stage = html("div", { class: "nne-stage" });
    this.message = html("p", { class: "nne-message", hidden: true });
    this.live = html("p", { class: "nne-unseen", role: "status" });
    this.root = html("section", { class: "nne-live", "aria-label": spec.label },
      this.tools(), this.message, ...this.body(), this.live);
    this.place.prepend(this.root); // first: a drawing asks for its width
    this.place.classList.add("nne-awake");
    this.update = draw(this.stage, spec, this);
    if (this.owns) {
      this.readAddress();
      addEventListener("hashchange", () => this.readAddress());
    } else this.show();
  }

  // Calls `fit` with the width that a drawing has, now and whenever the window changes it.
  onWidth(fit) {
    let known = 0;
    const look = (width) => {
      if (!width || width === known) return;
      known = width;
      fit(width);
      this.redraw();
    };
    new ResizeObserver(([entry]) => look(entry.contentRect.width)).observe(this.stage);
    look(this.stage.clientWidth);
  }

  // Few sliders stand above the picture that they move; many would push it out of sight.
  body() {
    const few = this.spec.groups.flatMap(({ controls }) => controls).length <= FEW;
    return few ? [this.sliders(), this.stage] : [this.stage, this.sliders()];
  }

  tools() {
    const choices = this.spec.choices.filter(({ drawn }) => drawn).map((choice) => this.choice(choice));
    const reset = html("button", { type: "button" }, "Reset");
    const link = html("button", { type: "button" }, "Copy link");
    reset.addEventListener("click", () => this.reset());
    link.addEventListener("click", () => this.link());
    return html("div", { class: "nne-tools" }, ...choices, html("span", { class: "nne-buttons" }, reset, link));
  }

  choice({ name, words, options }) {
    const select = html("select", { name },
      ...Object.entries(options).map(([value, text]) => html("option", { value }, text)));
    select.addEventListener("change", () => this.set(name, select.value));
    this.inputs.set(name, { input: select });
    return html("label", {}, `${words} `, select);
  }

  sliders() {
    const groups = this.spec.groups.map(({ legend, controls }) => html("fieldset", {},
      html("legend", {}, legend), ...controls.map((control) => this.slider(control))));
    return html("div", { class: "nne-sliders" }, ...groups);
  }

  slider({ name, label, words, low, high, step, log }) {
    const { position, value } = log ? POWERS : PLAIN;
    const input = html("input", {
      type: "range", name, min: position(low), max: position(high), step, "aria-label": words, autocomplete: "off",
    });
    const output = html("output", {});
    const entry = { input, output, log };
    input.addEventListener("input", () => {
      entry.shown = null; // it is where the reader has put it
      this.set(name, value(input.valueAsNumber));
    });
    this.inputs.set(name, entry);
    return html("label", { class: "nne-slider" }, html("span", {}, label), output, input);
  }

  // Only these sliders are in sight; the others keep their values.
  offer(names) {
    for (const group of this.root.querySelectorAll(".nne-sliders fieldset")) {
      const sliders = [...group.querySelectorAll(".nne-slider")];
      for (const slider of sliders) slider.hidden = !names.includes(slider.querySelector("input").name);
      group.hidden = sliders.every(({ hidden }) => hidden);
    }
  }

  set(name, value) {
    this.state[name] = value;
    this.changed();
  }

  reset() {
    this.state = { ...this.begin };
    this.tell("");
    this.changed();
  }

  changed() {
    this.redraw();
    clearTimeout(this.later);
    this.later = setTimeout(() => this.settle(), QUIET);
  }

  // Once nothing has moved for a while: speak, and write the address.
  settle() {
    setText(this.live, this.said);
    // Not over a link just followed, of which readAddress is about to hear.
    if (this.owns && this.hash === location.hash) history.replaceState(null, "", `#${write(this.state, this.entries)}`);
    this.hash = location.hash;
  }

  redraw() {
    this.frame ??= requestAnimationFrame(() => this.show());
  }

  show() {
    cancelAnimationFrame(this.frame); // which would show the same once more
    this.frame = null;
    for (const [name, entry] of this.inputs) {
      const { input, output, log, shown } = entry;
      if (output && this.state[name] === shown) continue;
      const place = String(log ? POWERS.position(this.state[name]) : this.state[name]);
      if (input.value !== place) input.value = place;
      if (!output) continue;
      if (!log) this.state[name] = input.valueAsNumber; // the slider has put it on one of its steps
      entry.shown = this.state[name];
      const text = format(entry.shown);
      setText(output, text);
      if (log) setAttributes(input, { "aria-valuetext": text });
    }
    const before = this.refused;
    this.refused = null;
    this.said = this.update(this.state);
    // Another message may have been said since: it is not this one's to take back.
    if (before && !this.refused && before === this.message.textContent) this.tell("");
  }

  // For a view that has nothing true to show: says why, for as long as that is so.
  refuse(text = OVERFLOW) {
    this.tell(text);
    this.refused = text;
    return text;
  }

  tell(text, ...more) {
    this.message.replaceChildren(text, ...more);
    this.message.hidden = !text;
    if (text) setText(this.live, this.message.textContent);
  }

  readAddress() {
    this.hash = location.hash;
    const { state, faults } = read(this.hash.slice(1), this.entries, initial(this.entries));
    this.state = state;
    this.tell(faults.length ? `This link asks for what cannot be: ${faults.join("; ")}. The rest is as asked; “Reset” starts anew.` : "");
    this.show(); // at once: what is awake, or has spoken of a link, shows it too
  }

  async link() {
    const url = new URL(`#${write(this.state, this.entries)}`, this.page).href;
    const shown = html("a", { href: url }, "this state on a page of its own");
    try {
      await navigator.clipboard.writeText(url);
      this.tell("Copied: a link to ", shown, ".");
    } catch {
      this.tell("Here is the link: ", shown, ".");
    }
  }
}
