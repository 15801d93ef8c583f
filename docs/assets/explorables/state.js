// The state of an explorable in an address: only what differs from its start, as w14=0.3&y=0.

const NUMBER = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i;
const MOST_FAULTS = 3;

export function entriesOf(spec) {
  const controls = spec.groups.flatMap((group) => group.controls);
  return new Map([...controls, ...spec.choices].map((entry) => [entry.name, entry]));
}

export function initial(entries) {
  return Object.fromEntries([...entries].map(([name, entry]) => [name, entry.value]));
}

// Returns {state, faults}: what cannot be used is said and left at its start.
export function read(text, entries, start) {
  const state = { ...start };
  const faults = [];
  for (const [name, value] of new URLSearchParams(text)) {
    const entry = entries.get(name);
    const fault = entry ? faultOf(entry, value) : `there is no “${brief(name)}” here`;
    if (fault) faults.push(fault);
    else state[name] = entry.options ? value : Number(value);
  }
  const more = faults.length > MOST_FAULTS ? [`and ${faults.length - MOST_FAULTS} more`] : [];
  return { state, faults: [...faults.slice(0, MOST_FAULTS), ...more] };
}

function faultOf(entry, value) {
  if (entry.options) {
    return Object.hasOwn(entry.options, value) ? "" : `${entry.name} cannot be “${brief(value)}”`;
  }
  const inside = NUMBER.test(value) && Number(value) >= entry.low && Number(value) <= entry.high;
  return inside ? "" : `${entry.name} goes from ${entry.low} to ${entry.high}, not “${brief(value)}”`;
}

const brief = (text) => (text.length > 20 ? `${text.slice(0, 20)}…` : text);

export function write(state, entries) {
  const changed = [...entries].filter(([name, entry]) => state[name] !== entry.value);
  return new URLSearchParams(changed.map(([name]) => [name, String(state[name])])).toString();
}
