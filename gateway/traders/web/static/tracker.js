// A live page: when the ledger tells of something new, what the server draws anew takes the place of what it drew before.
// Without this module pages read the same; one reloads them by hand.

const region = document.querySelector("[data-live]");
const light = document.querySelector("[data-light]");
const heard = document.querySelector("[data-heard]");
const QUIET_MS = 400; // many events in a row are one change of the page
let waiting = 0;

function tell(state) {
  light.dataset.state = state;
  light.textContent = light.dataset[state];
  light.hidden = false;
}

async function renew() {
  waiting = 0;
  const answer = await fetch(location.href, { headers: { Accept: "text/html" }, cache: "no-store" });
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const drawn = page.querySelector("[data-live]");
  if (!drawn || drawn.innerHTML === region.innerHTML) return;
  const open = [...region.querySelectorAll("details")].map((each) => each.open);
  region.replaceChildren(...drawn.childNodes);
  region.querySelectorAll("details").forEach((each, place) => (each.open = open[place] ?? false));
  heard.textContent = `${heard.dataset.said} ${new Date().toISOString().slice(11, 19)}`;
}

function changed() {
  if (!waiting) waiting = setTimeout(() => renew().catch(() => tell("off")), QUIET_MS);
}

const source = new EventSource(region.dataset.live);
source.onopen = () => tell("on");
source.onerror = () => tell("off"); // the browser connects again by itself
source.onmessage = changed;
