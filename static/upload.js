/* Where scripts run: sizes are looked at before a file is sent, and a bar shows how far it has come. */
"use strict";

for (const form of document.querySelectorAll("form[data-upload]")) {
  const box = form.querySelector('input[type="file"]');
  const bar = form.querySelector("[data-progress]");
  if (!box || !bar) continue;

  const say = (words) => {
    bar.hidden = false;
    bar.querySelector("output").textContent = words;
  };

  const tooBig = () => [...box.files].find((file) => file.size > Number(form.dataset.most));

  box.addEventListener("change", () => {
    bar.hidden = true;
    const file = tooBig();
    if (file) say(form.dataset.tooBig + file.name);
  });

  form.addEventListener("submit", (event) => {
    if (!box.files.length || tooBig()) return;
    event.preventDefault();
    send(new FormData(form, event.submitter));
  });

  const send = (content) => {
    const request = new XMLHttpRequest();
    const progress = bar.querySelector("progress");
    const buttons = [...form.elements].filter((one) => one.type === "submit");
    const stop = bar.querySelector("[data-stop]");
    const end = (words) => {
      for (const button of buttons) button.disabled = false;
      stop.hidden = true;
      say(words);
    };
    for (const button of buttons) button.disabled = true;
    progress.value = 0;
    stop.hidden = false;
    stop.onclick = () => request.abort();
    say("0%");
    request.upload.onprogress = (event) => {
      progress.value = (100 * event.loaded) / event.total;
      say(`${Math.floor(progress.value)}%`);
    };
    request.onerror = () => end(form.dataset.lost);
    request.onabort = () => end("");
    request.onload = () => {
      const told = new DOMParser().parseFromString(request.responseText, "text/html").querySelector("main");
      if (request.status >= 400 && told && !told.querySelector("form")) {
        // Nothing was read, and that page has no words of this one: they would be lost with it.
        end(form.dataset.stays + told.querySelector("h1").textContent);
      } else if (request.responseURL !== new URL(form.action, location.href).href) {
        location.assign(request.responseURL);
      } else {
        document.open();
        document.write(request.responseText);
        document.close();
      }
    };
    request.open("POST", form.action);
    request.send(content);
  };
}
