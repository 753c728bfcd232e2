// Shows a PDF in its frame page by page. The frame has no origin: what is in a PDF meets this reader and nothing else.

const view = document.querySelector(".pdf");
const words = view.dataset;
const said = view.querySelector("output");
const list = view.querySelector(".pages");
const MOST_ZOOM = 6, LEAST_ZOOM = 0.3;
const READABLE = 860; // pixels: a page of A4 about as wide as on paper
// A page larger than this on the screen is drawn coarser, so that no PDF can ask for more memory than there is.
const MOST_PIXELS = 16e6;

let pdf = null;
let zoom = 1;
let shown = 1;
let drawnFor = 0;
const drawing = new Map(); // the pages near the screen, each with how to stop its drawing

view.hidden = false;
open().catch(broken);

async function open() {
  said.textContent = words.opening.replace("{percent}", 0);
  const reader = await import(words.reader);
  reader.GlobalWorkerOptions.workerSrc = words.worker;
  reader.GlobalWorkerOptions.workerPort = await ownWorker();
  const parts = new URL(words.parts, location).href;
  const loading = reader.getDocument({
    url: words.address,
    disableRange: true, // a part asked for without an origin would be asked for twice
    cMapUrl: parts,
    standardFontDataUrl: parts,
    wasmUrl: parts,
    useWasm: false, // our policy compiles nothing; the decoders are there as scripts too
    enableXfa: false,
    maxImageSize: 100e6,
  });
  loading.onPassword = broken;
  loading.onProgress = ({ loaded, total }) => {
    if (!pdf && total) said.textContent = words.opening.replace("{percent}", Math.floor((100 * loaded) / total));
  };
  pdf = await loading.promise;
  await layOut();
}

// A worker of another origin is refused, and everything is of another origin than none. So it is made here and loads
// the reader's (as a plain one: Chromium refuses it as a module); where even that is refused, the reader does without.
function ownWorker() {
  return new Promise((resolve) => {
    try {
      const load = `import(${JSON.stringify(new URL(words.worker, location).href)}).catch(() => postMessage("none"));`;
      const worker = new Worker(URL.createObjectURL(new Blob([load], { type: "text/javascript" })));
      worker.addEventListener("message", ({ data }) => resolve(data === "none" ? null : worker), { once: true });
      worker.addEventListener("error", () => resolve(null), { once: true });
    } catch {
      resolve(null);
    }
  });
}

function broken() {
  const told = document.createElement("p");
  told.setAttribute("role", "alert");
  told.textContent = words.broken;
  view.replaceWith(told);
}

async function layOut() {
  const first = (await pdf.getPage(1)).getViewport({ scale: 1 });
  const seen = new IntersectionObserver(
    (changes) => changes.forEach(({ target, isIntersecting }) => (isIntersecting ? draw(target) : forget(target))),
    { root: list, rootMargin: "100% 0px" },
  );
  for (let number = 1; number <= pdf.numPages; number++) {
    const page = document.createElement("div");
    page.className = "page";
    page.dataset.number = number;
    fit(page, first);
    list.append(page);
    seen.observe(page);
  }
  drawnFor = list.clientWidth;
  list.addEventListener("scroll", tellPage, { passive: true });
  new ResizeObserver(() => resize(1)).observe(list);
  for (const button of view.querySelectorAll("[data-by]")) {
    button.addEventListener("click", () => resize(Number(button.dataset.by)));
  }
  tellPage();
}

function fit(page, size) {
  page.size = { width: size.width, height: size.height };
  const style = getComputedStyle(list);
  const room = list.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
  const width = Math.max(1, Math.min(room, READABLE) * zoom);
  page.style.width = `${width}px`;
  page.style.height = `${(width * size.height) / size.width}px`;
}

function resize(by) {
  if (by === 1 && list.clientWidth === drawnFor) return;
  zoom = Math.min(MOST_ZOOM, Math.max(LEAST_ZOOM, zoom * by));
  drawnFor = list.clientWidth;
  const at = list.children[shown - 1];
  for (const page of list.children) fit(page, page.size);
  list.scrollTop = at.offsetTop;
  for (const page of [...drawing.keys()]) {
    forget(page);
    draw(page);
  }
}

async function draw(page) {
  if (drawing.has(page)) return;
  let isWanted = true;
  let task = null;
  drawing.set(page, () => {
    isWanted = false;
    task?.cancel();
  });
  try {
    const found = await pdf.getPage(Number(page.dataset.number));
    if (!isWanted) return;
    const size = found.getViewport({ scale: 1 });
    fit(page, size);
    const sharp = Math.min(devicePixelRatio || 1, 2) * (page.clientWidth / size.width);
    const most = Math.sqrt(MOST_PIXELS / (size.width * size.height));
    const viewport = found.getViewport({ scale: Math.min(sharp, most) });
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.floor(viewport.width));
    canvas.height = Math.max(1, Math.floor(viewport.height));
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", ofAll(page.dataset.number));
    task = found.render({ canvas, viewport });
    await task.promise;
    if (isWanted) page.replaceChildren(canvas, await readAloud(found));
  } catch (fault) {
    if (isWanted && fault?.name !== "RenderingCancelledException") page.textContent = words.broken;
  }
}

// What is written on a page, for whoever has it read to them.
async function readAloud(found) {
  const text = document.createElement("p");
  text.className = "hidden";
  const { items } = await found.getTextContent();
  text.textContent = items.map((item) => item.str + (item.hasEOL ? "\n" : "")).join("");
  return text;
}

function forget(page) {
  drawing.get(page)?.();
  drawing.delete(page);
  page.replaceChildren();
}

function tellPage() {
  const top = list.getBoundingClientRect().top + list.clientHeight / 3;
  const pages = [...list.children];
  const here = pages.findIndex((page) => page.getBoundingClientRect().bottom > top);
  shown = here < 0 ? pages.length : here + 1;
  said.textContent = ofAll(shown);
}

function ofAll(number) {
  return words.page.replace("{n}", number).replace("{all}", pdf.numPages);
}
