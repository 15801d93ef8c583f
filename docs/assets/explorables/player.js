// Step, run, pause, back: moves one slider of an explorable, and nothing else. It never starts by
// itself, and stops at the slider's end, out of sight, and when the reader moves something.

import { html, setAttributes, setText } from "./elements.js";

const CALM = 500; // ms between two jumps for those who asked for less motion
const SECOND = 1000;

// `count` is the name of the slider that counts; `perSecond` how many of its steps a second of
// running takes. Returns the buttons; call `show(state)` in every update.
export function player(shell, count, { perSecond = 30 } = {}) {
  return new Player(shell, count, perSecond);
}

class Player {
  constructor(shell, count, perSecond) {
    Object.assign(this, { shell, count, perSecond, timer: null, entry: shell.entries.get(count) });
    this.calm = matchMedia("(prefers-reduced-motion: reduce)");
    this.play = this.button("Run", () => (this.timer === null ? this.run() : this.pause()));
    this.next = this.button("Step", () => this.move(this.entry.step));
    this.back = this.button("Back to start", () => this.to(this.entry.low));
    this.element = html("div", { class: "nne-player", role: "group", "aria-label": "Walk" },
      this.play, this.next, this.back);
    new IntersectionObserver(([seen]) => seen.isIntersecting || this.pause()).observe(this.element);
  }

  button(text, act) {
    const button = html("button", { type: "button" }, text);
    button.addEventListener("click", act);
    return button;
  }

  run() {
    if (this.value() >= this.entry.high) this.to(this.entry.low);
    Object.assign(this, { mine: this.value(), last: performance.now(), owed: 0, seen: null });
    this.tick();
    this.show(this.shell.state);
  }

  pause() {
    if (this.timer === null) return;
    clearTimeout(this.timer);
    cancelAnimationFrame(this.timer);
    this.timer = null;
    this.show(this.shell.state);
  }

  // Time decides how far to go, not the number of frames: a slow screen shows fewer of them.
  tick() {
    const again = () => this.tick();
    this.timer = this.calm.matches ? setTimeout(again, CALM) : requestAnimationFrame(again);
    const now = performance.now();
    this.owed += (now - this.last) / SECOND * this.perSecond;
    this.last = now;
    const steps = Math.floor(this.owed);
    this.owed -= steps;
    if (steps > 0) this.advance(steps * this.entry.step);
  }

  advance(distance) {
    this.move(distance);
    if (this.value() >= this.entry.high) this.pause();
  }

  move(distance) {
    this.to(this.value() + distance);
  }

  to(value) {
    this.mine = Math.min(this.entry.high, Math.max(this.entry.low, value));
    this.shell.set(this.count, this.mine);
  }

  value() {
    return this.shell.state[this.count];
  }

  // Buttons that can do nothing keep their focus, so they are not `disabled`.
  // A slider moved by anybody else ends the run; `done` says that more steps change nothing.
  show(state, done = false) {
    if (this.timer !== null && (done || this.changedByReader(state))) return this.pause();
    if (this.timer !== null) this.seen = this.others(state);
    setText(this.play, this.timer === null ? "Run" : "Pause");
    setAttributes(this.next, { "aria-disabled": state[this.count] >= this.entry.high });
    setAttributes(this.back, { "aria-disabled": state[this.count] <= this.entry.low });
    return undefined;
  }

  changedByReader(state) {
    return state[this.count] !== this.mine || (this.seen !== null && this.others(state) !== this.seen);
  }

  others(state) {
    return JSON.stringify({ ...state, [this.count]: 0 });
  }
}
