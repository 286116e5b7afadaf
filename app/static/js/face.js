// Small manners of every page; everything works without them.

// The error summary takes the focus, so that it is read first.
document.querySelector("[data-focus]")?.focus();

// A link of the error summary goes to its field, also where the field is a group of choices.
document.addEventListener("click", (event) => {
  const link = event.target.closest?.(".errs a[href^='#']");
  const target = link && document.getElementById(link.hash.slice(1));
  if (!target) return;
  event.preventDefault();
  target.scrollIntoView({ block: "center" });
  (target.matches("input, select, textarea") ? target : target.querySelector("input, select, textarea"))?.focus();
});

// A form that was sent is not sent twice.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent && !form.matches("[hx-post], [data-again]")) event.preventDefault();
  if (form.method === "post" && !event.defaultPrevented) form.dataset.sent = "yes";
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

// A control that may not be used now says why beside itself; pressing it does nothing.
document.addEventListener("click", (event) => {
  if (event.target.closest?.("[aria-disabled='true']")) event.preventDefault();
}, true);

// A page that is made for paper offers to be printed where a script can.
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

// The menus of the bar fold when Escape is pressed, or when something else is.
const openMenu = () => document.querySelector("details.bar-more[open], details.bar-rest[open]");
document.addEventListener("click", (event) => {
  const menu = openMenu();
  if (menu && !menu.contains(event.target)) menu.open = false;
});
document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && openMenu();
  if (menu) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});
