// A live page: when the ledger tells of something new, what the server draws anew takes the place of what it drew before.
// Without this module pages read the same; one reloads them by hand.

const region = document.querySelector("[data-live]");
const light = document.querySelector("[data-light]");
const heard = document.querySelector("[data-heard]");
const QUIET_MS = 400; // many events in a row are one change of the page
let before = region.innerHTML; // as the server drew it: what other modules did to it since is not in there
let waiting = 0;

function tell(state) {
  light.dataset.state = state;
  light.textContent = light.dataset[state];
  light.hidden = false;
}

// What a reader has opened, typed and stands on is still so after the region was drawn anew.
function keep() {
  const named = (each) => each.id || each.querySelector("summary")?.textContent;
  const all = (selector) => [...region.querySelectorAll(selector)];
  const open = new Set(all("details[open]").map(named));
  const typed = all("input, select, textarea").map((each) => [each.id, each.value]);
  const focused = region.contains(document.activeElement) ? document.activeElement.id : "";
  return () => {
    all("details").forEach((each) => (each.open = open.has(named(each))));
    typed.forEach(([id, value]) => { const field = document.getElementById(id); if (field) field.value = value; });
    if (focused) document.getElementById(focused)?.focus();
  };
}

async function renew() {
  waiting = 0;
  const answer = await fetch(location.href, { headers: { Accept: "text/html" }, cache: "no-store" });
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const drawn = page.querySelector("[data-live]");
  if (!drawn || drawn.innerHTML === before) return;
  before = drawn.innerHTML;
  const kept = keep();
  region.replaceChildren(...drawn.childNodes);
  kept();
  document.dispatchEvent(new Event("waitan:drawn"));
  heard.textContent = `${heard.dataset.said} ${new Date().toISOString().slice(11, 19)}`;
}

function changed() {
  if (!waiting) waiting = setTimeout(() => renew().catch(() => tell("off")), QUIET_MS);
}

const source = new EventSource(region.dataset.live);
source.onopen = () => tell("on");
source.onerror = () => tell("off"); // the browser connects again by itself
source.onmessage = changed;
