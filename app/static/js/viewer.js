// The way to the viewer: shows its place at once, and loads the drawing of pages when the document is looked at.
// A page of results stays light: nothing of pdf.js is asked for before the page itself is there.

const reader = document.getElementById("reader");

const open = () => import("./viewer-app.js").then(({ start }) => start(reader), () => {
  document.getElementById("blank").hidden = true;
  document.getElementById("cannot").hidden = false;
});

const whenSeen = () => {
  const eye = new IntersectionObserver((seen) => {
    if (!seen.some((one) => one.isIntersecting)) return;
    eye.disconnect();
    open();
  }, { rootMargin: "200px" });
  eye.observe(reader);
};

if (reader) {
  reader.hidden = false;
  if (document.readyState === "complete") whenSeen();
  else window.addEventListener("load", whenSeen, { once: true });
}
