// Material gives every code block a <nav> with a copy button and all of them the same (no) name.
// A screen reader lists them as landmarks: number them, as they come.
const article = document.querySelector("article");

function nameCodeTools() {
  article.querySelectorAll(".md-code__nav").forEach((nav, k) => {
    nav.setAttribute("aria-label", `Tools of code block ${k + 1}`);
  });
}

if (article) {
  new MutationObserver(nameCodeTools).observe(article, { childList: true, subtree: true });
  nameCodeTools();
}
