/* The password meter where scripts run: asks our own server, a little after the last key, how good the password is. */
"use strict";

for (const meter of document.querySelectorAll("[data-weigh]")) {
  const form = meter.closest("form");
  const box = form.elements.password;
  let waiting = 0;
  box.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(weigh, 400);
  });

  async function weigh() {
    const body = new URLSearchParams();
    body.set("csrf_token", form.elements.csrf_token.value);
    body.set("password", box.value);
    const answer = await fetch(meter.dataset.weigh, { method: "POST", body });
    if (!answer.ok) return;
    const weight = await answer.json();
    meter.hidden = box.value === "";
    meter.querySelector("meter").value = weight.score;
    meter.querySelector("[aria-live]").textContent = weight.words;
  }
}
