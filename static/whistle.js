/* What pages gain where scripts run: a copy button, a print button, leaving without a trace in "back", and a turn that
   comes by itself. */
"use strict";

for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const text = document.getElementById(button.dataset.copy).textContent.trim().replace(/\s+/g, " ");
    await navigator.clipboard.writeText(text);
    button.textContent = button.dataset.done;
  });
}

for (const link of document.querySelectorAll("[data-leave]")) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    document.documentElement.hidden = true;
    location.replace(link.href);
  });
}

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}

for (const form of document.querySelectorAll("[data-again]")) {
  form.querySelector("[data-told]").hidden = false;
  setTimeout(() => form.submit(), Number(form.dataset.again) * 1000);
}
