// Signing with a key that this browser makes and keeps. What leaves the page: a request for a certificate (PKCS #10), and
// for each signing the command, the certificate and the signature. What is signed is the text that the page shows.
// A page whose region is drawn anew (tracker.js) offers signing anew.

const TEXT = new TextEncoder();
const ES256 = { name: "ECDSA", hash: "SHA-256" };
const P256 = { name: "ECDSA", namedCurve: "P-256" };

// Bytes and texts

const base64 = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes)));
const base64url = (bytes) => base64(bytes).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const bytesOf = (text) => Uint8Array.from(atob(text.replace(/\s/g, "")), (each) => each.charCodeAt(0));
const hex = (bytes) => [...new Uint8Array(bytes)].map((each) => each.toString(16).padStart(2, "0")).join("");
const sha256 = (bytes) => crypto.subtle.digest("SHA-256", bytes);

function joined(...parts) {
  const all = new Uint8Array(parts.reduce((size, each) => size + each.length, 0));
  parts.reduce((place, each) => (all.set(each, place), place + each.length), 0);
  return all;
}

// The key: in this browser's database, which hands it to nobody (`extractable` is false)

function database() {
  return new Promise((done, failed) => {
    const opening = indexedDB.open("waitan", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("keys");
    opening.onsuccess = () => done(opening.result);
    opening.onerror = () => failed(opening.error);
  });
}

async function stored(mode, ask) {
  const store = (await database()).transaction("keys", mode).objectStore("keys");
  return new Promise((done, failed) => {
    const asking = ask(store);
    asking.onsuccess = () => done(asking.result);
    asking.onerror = () => failed(asking.error);
  });
}

const mine = () => stored("readonly", (store) => store.get("mine"));
const keep = (key) => stored("readwrite", (store) => store.put(key, "mine"));
const sign = async (key, bytes) => new Uint8Array(await crypto.subtle.sign(ES256, key, bytes));

// A request for a certificate (RFC 2986), in the few forms of DER that it needs (X.690)

function der(tag, ...parts) {
  const body = joined(...parts);
  const size = body.length;
  const length = size < 128 ? [size] : size < 256 ? [0x81, size] : [0x82, size >> 8, size & 255];
  return joined([tag, ...length], body);
}

const sequence = (...parts) => der(0x30, ...parts);

function integer(bytes) {
  let first = 0;
  while (first < bytes.length - 1 && bytes[first] === 0) first += 1;
  const rest = bytes.slice(first);
  return der(0x02, rest[0] > 127 ? joined([0], rest) : rest);
}

const COMMON_NAME = der(0x06, [0x55, 0x04, 0x03]);
const ECDSA_WITH_SHA256 = sequence(der(0x06, [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02]));

async function requestFor(pair, name) {
  const subject = sequence(der(0x31, sequence(COMMON_NAME, der(0x0c, TEXT.encode(name)))));
  const key = new Uint8Array(await crypto.subtle.exportKey("spki", pair.publicKey));
  const asked = sequence(integer([0]), subject, key, der(0xa0));
  const both = await sign(pair.privateKey, asked); // r and s, 32 bytes each
  const signature = sequence(integer(both.slice(0, 32)), integer(both.slice(32)));
  const whole = base64(sequence(asked, ECDSA_WITH_SHA256, der(0x03, [0], signature)));
  return `-----BEGIN CERTIFICATE REQUEST-----\n${whole.match(/.{1,64}/g).join("\n")}\n-----END CERTIFICATE REQUEST-----\n`;
}

// Signing (settlement/trade/signing.py, settlement/forms/consent.py): the command, and where a document is signed by
// itself, a detached JWS over it, which stands in the command's `signature`. The server writes both in canonical form,
// and what is filled in changes no order.

async function detached(own, network, document) {
  const thumbprint = base64url(await sha256(own.certificate));
  const header = { alg: "ES256", b64: false, crit: ["b64"], network, "x5t#S256": thumbprint };
  const encoded = base64url(TEXT.encode(JSON.stringify(header)));
  const signature = await sign(own.privateKey, TEXT.encode(`${encoded}.${document}`));
  return `${encoded}..${base64url(signature)}`;
}

async function signedCommand(own, network, asked, document) {
  const command = document
    ? JSON.stringify({ ...JSON.parse(asked), signature: await detached(own, network, document) })
    : asked;
  const consent = await sign(own.privateKey, TEXT.encode(`waitan/command/1\n${network}\n${command}`));
  return { command, certificate: base64(own.certificate), signature: base64(consent) };
}

async function post(path, body) {
  const answer = await fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "text/html, application/json;q=0.5" },
    body: JSON.stringify(body),
  });
  if (answer.ok) return answer.json();
  throw new Error(problemOn(new DOMParser().parseFromString(await answer.text(), "text/html")));
}

// What was wrong and what to do, as a page says it in the reader's language, and its code and field

function problemOn(page) {
  const texts = (selector) => [...page.querySelectorAll(selector)].map((each) => each.textContent);
  const codes = texts("[data-problem] code").join(", ");
  return [...texts("[data-problem]:not(dl)"), codes && `(${codes})`].filter(Boolean).join(" ");
}

// A panel with something to sign: its text is the document, or else the command itself

async function offerSigning(panel) {
  const text = panel.querySelector("[data-text]").textContent;
  const command = panel.dataset.command || text;
  const document = panel.dataset.command ? text : "";
  const button = panel.querySelector("[data-do]");
  const said = panel.querySelector("[data-said]");
  panel.querySelector("[data-digest]").textContent = hex(await sha256(TEXT.encode(text)));
  const own = await mine();
  if (!own?.certificate) {
    panel.querySelector("[data-no-key]").hidden = false;
    return;
  }
  button.hidden = false;
  button.onclick = async () => {
    button.disabled = true;
    said.textContent = said.dataset.working;
    try {
      await post("/trade/commands", await signedCommand(own, panel.dataset.network, command, document));
      said.textContent = said.dataset.done;
      location.replace(panel.dataset.after);
    } catch (error) {
      const why = error instanceof TypeError ? said.dataset.unreached : error.message; // fetch: no answer came
      said.textContent = `${said.dataset.failed} ${why}`;
      button.disabled = false;
    }
  };
}

// The page of the key

async function offerKey(panel) {
  const said = panel.querySelector("[data-said]");
  const making = panel.querySelector("[data-make]");
  const byHand = panel.querySelector("[data-by-hand]");
  const tell = (state, more = "") => (said.textContent = `${said.dataset[state]} ${more}`.trim());
  const trying = (work) => (event) => {
    event.preventDefault();
    work(new FormData(event.target)).catch((error) => tell("failed", error.message));
  };

  async function show() {
    const own = await mine();
    making.hidden = Boolean(own);
    byHand.hidden = !own || Boolean(own.certificate);
    if (!own) return tell("none");
    if (!own.certificate) {
      panel.querySelector("#request").value = own.request;
      return tell("made");
    }
    const print = panel.querySelector("[data-fingerprint]");
    print.querySelector("code").textContent = hex(await sha256(own.certificate));
    print.hidden = false;
    return tell("ready", own.name);
  }

  async function take(certificate) {
    const own = await mine();
    const key = own.spki;
    const found = certificate.some((_, place) => key.every((each, at) => certificate[place + at] === each));
    if (!found) return tell("other"); // a certificate holds the key that it is of, as it was exported
    await keep({ ...own, certificate });
    return show();
  }

  making.onsubmit = trying(async (form) => {
    const pair = await crypto.subtle.generateKey(P256, false, ["sign", "verify"]);
    const name = form.get("name").trim();
    const request = await requestFor(pair, name);
    const spki = new Uint8Array(await crypto.subtle.exportKey("spki", pair.publicKey));
    await keep({ privateKey: pair.privateKey, spki, name, request });
    await show();
    if (panel.dataset.certifies === "yes") {
      await take(bytesOf((await post("/trade/certificate", { request })).certificate));
    }
  });
  panel.querySelector("[data-take]").onsubmit = trying((form) =>
    take(bytesOf(form.get("certificate").replace(/-----[^-]+-----/g, ""))),
  );
  await show();
}

const offer = () => Promise.all([...document.querySelectorAll("[data-sign]")].map(offerSigning));
const key = document.querySelector("[data-key]");
document.addEventListener("waitan:drawn", offer);
await offer();
if (key) await offerKey(key);
