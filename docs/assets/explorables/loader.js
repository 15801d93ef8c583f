// Wakes each explorable of the page when it comes near the screen or is used; until then its
// figure stands there and nothing else is loaded.

const NEAR = "300px";

async function wake(place) {
  const name = place.dataset.explorable;
  const at = (file) => new URL(file, import.meta.url);
  try {
    const [shell, view, answer] = await Promise.all([
      import("./shell.js"),
      import(`./${name}.js`),
      fetch(at(`${name}.json`)),
      styled(at("explorables.css")),
    ]);
    const page = new URL(`../../explorables/${name}/`, import.meta.url);
    shell.open(place, await answer.json(), view.draw, page);
  } catch (error) {
    place.dataset.failed = String(error); // the figure stays
  }
  document.documentElement.classList.remove("nne-waiting"); // a page of its own has only this one
}

const sheets = new Map();

function styled(url) {
  if (!sheets.has(url.href)) {
    sheets.set(url.href, new Promise((resolve) => {
      const link = document.createElement("link");
      link.rel = "stylesheet";
      link.href = url.href;
      link.onload = link.onerror = resolve;
      document.head.append(link);
    }));
  }
  return sheets.get(url.href);
}

function watch(place) {
  const start = () => {
    observer.disconnect();
    place.removeEventListener("pointerdown", start);
    place.removeEventListener("focusin", start);
    wake(place);
  };
  const observer = new IntersectionObserver(
    (entries) => entries.some((entry) => entry.isIntersecting) && start(),
    { rootMargin: NEAR },
  );
  observer.observe(place);
  place.addEventListener("pointerdown", start);
  place.addEventListener("focusin", start);
}

// Two explorables on a page bring two script tags, but a module runs once.
document.querySelectorAll(".nne-explorable").forEach(watch);
