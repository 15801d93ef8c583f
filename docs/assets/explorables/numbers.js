// Numbers for readers, as nnexplain.numbers writes them: a few significant digits; trailing zeros
// only where something was rounded; powers of ten outside [1e-4, 1e6).

import { maths } from "./elements.js";

const HELD_DIGITS = 15;
const SUPERSCRIPTS = { "-": "⁻", 0: "⁰", 1: "¹", 2: "²", 3: "³", 4: "⁴", 5: "⁵", 6: "⁶", 7: "⁷", 8: "⁸", 9: "⁹" };

const significand = (size) => Number(size.toExponential(HELD_DIGITS - 1).split("e")[0]);

// {minus, digits, power, rounded}: power is null where the digits say it all.
export function parts(value, digits = 4) {
  const minus = value < 0;
  if (value === 0) return { minus: false, digits: "0", power: null, rounded: false };
  if (Number.isNaN(value)) return { minus: false, digits: "nan", power: null, rounded: false };
  const size = Math.abs(value);
  if (size === Infinity) return { minus, digits: "∞", power: null, rounded: false };
  const [mantissa, power] = size.toExponential(digits - 1).split("e");
  const inside = power >= -4 && power <= 5;
  const text = inside ? size.toFixed(Math.max(0, digits - 1 - power)) : mantissa;
  const rounded = significand(Number(text)) !== significand(size);
  const short = rounded || !text.includes(".") ? text : text.replace(/\.?0+$/, "");
  return { minus, digits: short, power: inside ? null : String(Number(power)), rounded };
}

export function format(value, digits) {
  const { minus, digits: text, power } = parts(value, digits);
  const raised = power === null ? "" : ` × 10${[...power].map((c) => SUPERSCRIPTS[c]).join("")}`;
  return (minus ? "−" : "") + text + raised;
}

// A slot is an <mrow> of a formula; returns whether its number was rounded.
export function fill(slot, value, digits) {
  const { minus, digits: text, power, rounded } = parts(value, digits);
  const key = `${minus}${text}${power}`;
  if (slot.dataset.shown !== key) {
    slot.dataset.shown = key;
    const row = [maths("mn", text)];
    if (minus) row.unshift(maths("mo", "−"));
    if (minus) row[0].setAttribute("form", "prefix");
    if (power !== null) {
      const raised = maths("msup", "");
      raised.append(maths("mn", "10"), maths("mn", power.replace("-", "−")));
      row.push(maths("mo", "×"), raised);
    }
    slot.replaceChildren(...row);
  }
  return rounded;
}
