// Numbers for readers, as nnexplain.numbers writes them: a few significant digits; trailing zeros
// only where something was rounded; powers of ten outside [1e-4, 1e6).

import { maths, setText } from "./elements.js";

const HELD_DIGITS = 15;
const SUPERSCRIPTS = { "-": "⁻", 0: "⁰", 1: "¹", 2: "²", 3: "³", 4: "⁴", 5: "⁵", 6: "⁶", 7: "⁷", 8: "⁸", 9: "⁹" };

const significand = (size) => Number(size.toExponential(HELD_DIGITS - 1).split("e")[0]);

// Returns {minus, text, power, isRounded()}: power is null where the digits say it all. A value
// that no float holds may be given as {digits, tens}, digits times 10 to the power of tens.
export function parts(value, digits = 4) {
  if (typeof value === "object") {
    return { minus: value.digits < 0, text: parts(Math.abs(value.digits), digits).text, power: String(value.tens), isRounded: () => true };
  }
  const size = Math.abs(value);
  if (value === 0 || Number.isNaN(value) || size === Infinity) {
    const text = value === 0 ? "0" : size === Infinity ? "∞" : "nan";
    return { minus: value < 0, text, power: null, isRounded: () => false };
  }
  const [mantissa, power] = size.toExponential(digits - 1).split("e");
  const inside = power >= -4 && power <= 5;
  const long = inside ? size.toFixed(Math.max(0, digits - 1 - power)) : mantissa;
  const isRounded = () => significand(Number(long)) !== significand(size);
  const trimmed = long.includes(".") && long.endsWith("0") && !isRounded();
  const text = trimmed ? long.replace(/\.?0+$/, "") : long;
  return { minus: value < 0, text, power: inside ? null : String(Number(power)), isRounded };
}

// Most numbers of a picture stay from one frame to the next: what was written before is kept.
const KEPT = 1000;
const written = new Map();

export function format(value, digits = 4) {
  if (typeof value === "object") return formatted(value, digits);
  let texts = written.get(digits);
  if (!texts || texts.size >= KEPT) written.set(digits, texts = new Map());
  if (!texts.has(value)) texts.set(value, formatted(value, digits));
  return texts.get(value);
}

function formatted(value, digits) {
  const { minus, text, power } = parts(value, digits);
  const raised = power === null ? "" : ` × 10${[...power].map((c) => SUPERSCRIPTS[c]).join("")}`;
  return (minus ? "−" : "") + text + raised;
}

// A number in a formula: an <mrow>. Most stay from one frame to the next.
export class Slot {
  constructor() {
    this.element = maths("mrow", "");
  }

  // Returns whether the number was rounded.
  fill(value, digits) {
    if (value === this.value && digits === this.digits) return this.rounded;
    const { minus, text, power, isRounded } = parts(value, digits);
    const form = `${minus} ${power !== null}`; // another form takes other elements: dear, the browser restyles
    if (this.form !== form) this.build(minus, power !== null);
    setText(this.number, text);
    if (power !== null) setText(this.power, power.replace("-", "−"));
    Object.assign(this, { form, value, digits, rounded: isRounded() });
    return this.rounded;
  }

  build(minus, hasPower) {
    [this.number, this.power] = [maths("mn", ""), maths("mn", "")];
    const sign = maths("mo", "−");
    sign.setAttribute("form", "prefix");
    const raised = maths("msup", "");
    raised.append(maths("mn", "10"), this.power);
    this.element.replaceChildren(...(minus ? [sign] : []), this.number, ...(hasPower ? [maths("mo", "×"), raised] : []));
  }
}
