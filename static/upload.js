/* Where scripts run: what cannot be taken is told before it is sent, and a bar shows how far the rest has come. What was
   typed and chosen stays on the page until the server has it. */
"use strict";

for (const form of document.querySelectorAll("form[data-upload]")) {
  const box = form.querySelector('input[type="file"]');
  const place = form.querySelector("[data-progress]");
  if (!box || !place) continue;

  const words = form.dataset;
  const SILENCE = 15_000; // milliseconds without a byte that got through, after which it is said
  const output = place.querySelector("output");
  const progress = place.querySelector("progress");
  const stop = place.querySelector("[data-stop]");
  const buttons = [...form.elements].filter((one) => one.type === "submit");
  const texts = [...form.elements].filter((one) => "readOnly" in one && one !== box);
  let pressed = null;
  for (const button of buttons) button.addEventListener("click", () => (pressed = button));

  const say = (text, isSending = false) => {
    place.hidden = !text;
    output.textContent = text;
    progress.hidden = stop.hidden = !isSending;
  };

  const isTooBig = (file) => file.size > Number(words.most);

  const named = (files) => files.slice(0, 5).map((file) => file.name).join(words.comma) + (files.length > 5 ? "…" : "");

  /* Nobody pays for bytes that are refused. A browser too old for it sends them, and is told by the server. */
  const choose = (files) => {
    const chosen = new DataTransfer();
    for (const file of files) chosen.items.add(file);
    box.files = chosen.files;
  };

  box.addEventListener("change", () => {
    const big = [...box.files].filter(isTooBig);
    const others = [...box.files].filter((file) => !isTooBig(file));
    const [kept, over] = [others.slice(0, words.left), others.slice(words.left)];
    const told = [big.length && words.tooBig + named(big), over.length && words.tooMany + named(over)];
    say(told.filter(Boolean).join("\n"));
    try {
      if (big.length || over.length) choose(kept);
    } catch {}
  });

  form.addEventListener("submit", (event) => {
    if (!box.files.length || [...box.files].some(isTooBig)) return;
    event.preventDefault();
    const content = new FormData(form);
    // Older browsers say neither which button it was, nor put it into the form's data.
    if (pressed && pressed.name) content.append(pressed.name, pressed.value);
    send(content);
  });

  const send = (content) => {
    const request = new XMLHttpRequest();
    let silence = 0;
    // What was written while files are on their way would be on no page that comes.
    const lock = (isLocked) => {
      for (const button of buttons) button.disabled = isLocked;
      for (const text of texts) text.readOnly = isLocked;
    };
    const tell = (part) => {
      clearTimeout(silence);
      progress.value = 100 * part;
      const percent = `${Math.floor(100 * part)}%`;
      say(part < 1 ? percent : words.storing, true);
      if (part < 1) silence = setTimeout(() => say(`${percent} ${words.silent}`, true), SILENCE);
    };
    const end = (text) => {
      clearTimeout(silence);
      lock(false);
      say(text);
    };
    stop.onclick = () => request.abort();
    request.upload.onprogress = (event) => {
      if (event.lengthComputable) tell(event.loaded / event.total);
    };
    request.onerror = () => end(words.lost);
    request.onabort = () => end(words.stopped);
    request.onload = () => {
      const { status, responseURL, responseText } = request;
      const why = { 400: words.failed, 408: words.slow, 413: words.many, 429: words.busy, 503: words.busy }[status];
      const sendsAgain = responseText.includes("data-again=");
      if ((why || status >= 500) && !sendsAgain) {
        end(why || words.failed);
        return;
      }
      end("");
      if (responseURL !== new URL(form.action, location.href).href) {
        location.assign(responseURL);
      } else {
        document.open();
        document.write(responseText);
        document.close();
      }
    };
    lock(true);
    tell(0);
    request.open("POST", form.action);
    request.send(content);
  };
}
