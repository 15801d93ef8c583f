// Starts reveal.js on a deck, in the colour scheme that the reader's system asks for.

const dark = matchMedia("(prefers-color-scheme: dark)");
// Paper is light.
const onPaper = new URLSearchParams(location.search).has("print-pdf");
const follow = () => {
  document.body.dataset.mdColorScheme = dark.matches && !onPaper ? "slate" : "default";
};
dark.addEventListener("change", follow);
follow();

// In a window so narrow, slides stand one below the other, as without scripts: see slides.css.
const narrow = matchMedia("(max-width: 600px)");
narrow.addEventListener("change", () => location.reload());
if (onPaper || !narrow.matches) start();

function start() {
  const deck = new Reveal({
    // What does not fit beside its text shrinks: see slides.css.
    width: 1280,
    height: 760,
    margin: 0.05,
    center: false,
    display: "flex",
    hash: true,
    slideNumber: "c/t",
    transition: "none",
    pdfSeparateFragments: false,
    pdfMaxPagesPerSlide: 1,
  });
  deck.initialize().then(() => {
    // What scrolls sideways must do so by keyboard too, but on the slide that is shown only.
    const reachable = () => {
      for (const box of document.querySelectorAll(".reveal [tabindex]")) {
        box.tabIndex = box.closest("section.present") ? 0 : -1;
      }
    };
    deck.on("slidechanged", reachable);
    reachable();
  });
}
