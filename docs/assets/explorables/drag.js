// Following a pointer over a picture: a mouse that is pressed, a finger that slides sideways, a tap.
// Fingers that move up or down scroll the page, so nothing moves before they have decided.

export function drag(element, move) {
  element.classList.add("nne-drag");
  element.addEventListener("pointerdown", (event) => element.setPointerCapture(event.pointerId));
  element.addEventListener("pointermove", (event) => element.hasPointerCapture(event.pointerId) && move(event));
  element.addEventListener("click", move);
}
