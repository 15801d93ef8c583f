// Elements in one line each, and updates that touch the page only where something changed.

const TEXT = Node.TEXT_NODE;

function made(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

export function html(tag, attributes = {}, ...children) {
  return made(document.createElement(tag), attributes, children);
}

export function svg(tag, attributes = {}, ...children) {
  return made(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
}

export function maths(tag, text) {
  const element = document.createElementNS("http://www.w3.org/1998/Math/MathML", tag);
  element.textContent = text;
  return element;
}

// A text that only changes its letters keeps its node: cheaper to lay out than a new one.
export function setText(element, text) {
  const node = element.firstChild;
  if (node?.nodeType === TEXT && !node.nextSibling) {
    if (node.data !== text) node.data = text;
  } else if (element.textContent !== text) element.textContent = text;
}

export function setAttributes(element, attributes) {
  for (const name in attributes) {
    const value = String(attributes[name]);
    if (element.getAttribute(name) !== value) element.setAttribute(name, value);
  }
}
