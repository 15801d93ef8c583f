// What Material leaves to be mended, and what pages need that are opened as files.
const article = document.querySelector("article");

function mend() {
  // Every code block has a <nav> with a copy button and all of them the same (no) name.
  // A screen reader lists them as landmarks: number them, as they come.
  article.querySelectorAll(".md-code__nav").forEach((nav, k) => {
    nav.setAttribute("aria-label", `Tools of code block ${k + 1}`);
  });
  // The wrapper of a wide table scrolls, but only a tab stop lets the keyboard scroll it.
  article.querySelectorAll(".md-typeset__scrollwrap").forEach((wrap) => {
    wrap.tabIndex = 0;
  });
}

if (article) {
  new MutationObserver(mend).observe(article, { childList: true, subtree: true });
  mend();
}

// A server answers an address that ends in / with the page inside; a folder does not.
if (location.protocol === "file:") {
  for (const link of document.links) {
    if (link.protocol === "file:" && link.pathname.endsWith("/")) link.pathname += "index.html";
  }
}
