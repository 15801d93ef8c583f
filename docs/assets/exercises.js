// Checks answers against numbers and sentences that were generated with the page. Nothing is
// computed here, and nothing that a reader types becomes part of the page.

const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";
const NUMBER = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i;

// Returns {value} or {fault}: what a reader typed, with decimal comma, "−" and × 10⁻³ understood.
export function read(text) {
  const plain = text.replace(/\s/g, "")
    .replace(/[⁰¹²³⁴⁵⁶⁷⁸⁹]/g, (c) => SUPERSCRIPTS.indexOf(c))
    .replace(/[−–‒⁻]/g, "-")
    .replace(/[×·*x]10\^?(?=[-+\d])/i, "e");
  if (!plain) return { fault: "Type a number first." };
  if (plain.includes("/")) return { fault: "Write a decimal number, not a fraction." };
  if (/[.,].*[.,]/.test(plain)) {
    return { fault: "Use one decimal point and nothing between thousands, for instance 1234.5." };
  }
  const number = plain.replace(",", ".");
  const value = NUMBER.test(number) ? Number(number) : NaN;
  if (!Number.isFinite(value)) {
    return { fault: "That is not a number. Write for instance 0.25, 0,25 or −2.5e-3." };
  }
  return { value };
}

const near = (value, [at, within]) => Math.abs(value - at) <= within;

// Returns {correct, words} for numbers, as Python's verdict does.
export function judgeNumbers({ parts, mistakes }, texts, values) {
  const off = parts.map((part, k) => Math.abs(values[k] - part.value));
  const right = parts.map((part, k) => off[k] <= part.within);
  if (right.every(Boolean)) return { correct: true, words: texts.right };
  const known = mistakes.find(({ spots }) => spots.every((spot, k) => near(values[k], spot)));
  if (known) return { correct: false, words: `${texts.wrong} ${known.words}` };
  if (parts.every((part, k) => off[k] <= part.close)) return { correct: false, words: texts.close };
  if (!right.some(Boolean)) return { correct: false, words: texts.wrong };
  const names = (which) => parts.filter((_, k) => right[k] === which).map((p) => p.label).join(", ");
  const words = texts.some.replace("{right}", names(true)).replace("{wrong}", names(false));
  return { correct: false, words };
}

export function judgeChoice({ options }, texts, k) {
  const { right, words } = options[k];
  return { correct: right, words: `${right ? texts.right : texts.wrong} ${words}` };
}

function start(place) {
  const form = place.querySelector("form");
  const [inputs, said] = [[...form.querySelectorAll("input")], form.querySelector(".nne-verdict")];
  const isChoice = inputs[0].type === "radio";
  let number = 0, answer = null;

  // Fetched when it is first needed, and again if that failed.
  async function load() {
    answer ??= await (await fetch(place.dataset.variants)).json();
    return answer;
  }

  // Emptied first: the same words twice would not be read aloud a second time.
  function tell(words, kind) {
    said.textContent = "";
    said.dataset.kind = kind;
    requestAnimationFrame(() => { said.textContent = words; });
  }

  function numbers() {
    const found = inputs.map((input) => read(input.value));
    inputs.forEach((input, k) => {
      if (found[k].fault) input.setAttribute("aria-invalid", "true");
      else input.removeAttribute("aria-invalid");
    });
    const k = found.findIndex((one) => one.fault);
    if (k < 0) return found.map((one) => one.value);
    inputs[k].focus();
    tell(found[k].fault, "ask");
    return null;
  }

  function chosen() {
    const k = inputs.findIndex((input) => input.checked);
    if (k < 0) tell("Choose one of the answers first.", "ask");
    return k < 0 ? null : k;
  }

  async function check() {
    const given = isChoice ? chosen() : numbers();
    if (given === null) return;
    const { texts, variants } = await load();
    const judge = isChoice ? judgeChoice : judgeNumbers;
    const { correct, words } = judge(variants[number], texts, given);
    tell(words, correct ? "right" : "wrong");
  }

  // The HTML of a variant was made with the site, as the page's own was.
  function fill(variant) {
    const [hint, solution] = place.querySelectorAll(".nne-help > div");
    place.querySelector(".nne-ask").innerHTML = variant.question;
    hint.innerHTML = variant.hint;
    solution.innerHTML = variant.solution;
    place.querySelector(".nne-code code").textContent = variant.python;
    place.querySelectorAll(".nne-help").forEach((one) => { one.open = false; });
    const texts = isChoice ? variant.options.map((o) => o.text) : variant.parts.map((p) => p.label);
    form.querySelectorAll("label span").forEach((span, k) => { span.textContent = texts[k]; });
    form.reset();
    inputs.forEach((input) => input.removeAttribute("aria-invalid"));
  }

  async function another() {
    const { variants } = await load();
    number = (number + 1) % variants.length;
    fill(variants[number]);
    tell(`Problem ${number + 1} of ${variants.length}.`, "ask");
  }

  const failed = () => tell("The answers could not be loaded. Try again.", "ask");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    check().catch(failed);
  });
  form.querySelector("[type=button]").addEventListener("click", () => another().catch(failed));
  place.querySelector(".nne-options")?.remove();
  form.hidden = false;
}

document.querySelectorAll(".nne-exercise").forEach(start);
