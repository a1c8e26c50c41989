// Registration and sign-in: fetch options, ask the browser for the credential, send it back, say what happens in #message.

const form = document.getElementById("ceremony");
const message = document.getElementById("message");
const button = form?.querySelector("button");
const texts = document.getElementById("texts")?.dataset ?? {};

/** A problem with its words: a code, what happened, what to do, and the code to search for. */
class Told extends Error {
  constructor(code, what, action, shownCode) {
    super(what);
    this.code = code;
    this.action = action;
    this.shownCode = shownCode;
  }

  /** One of the problems whose words came with the page. */
  static here(code) {
    const key = code.replace(/-([a-z])/g, (_, letter) => letter.toUpperCase());
    return new Told(code, texts[key], texts[`${key}Do`], texts[`${key}Code`]);
  }
}

function paragraph(text, name) {
  const element = document.createElement("p");
  element.className = name;
  element.textContent = text;
  return element;
}

/** A link after the words: what it does, and where it leads. */
function link(words, address) {
  const element = document.createElement("a");
  element.textContent = words;
  element.href = address;
  const line = document.createElement("p");
  line.className = "do";
  line.append(element);
  return [line, element];
}

/** For those who cannot get further here: the operator's own page. */
function help() {
  return texts.helpUrl ? [link(texts.help, texts.helpUrl)[0]] : [];
}

/** Refusals that say all there is to say; an operator could find out no more. */
const PLAIN = new Set([
  "offline",
  "account-name-taken",
  "attestation-required",
  "card-key-required",
  "certificate-already-registered",
  "challenge-unknown",
  "credential-already-registered",
  "internal",
  "link-code",
]);

/** The registration that was refused, as a file for the operator. The service keeps nothing of it. */
function saving(registration) {
  const file = new Blob([JSON.stringify(registration)], { type: "application/json" });
  const [line, element] = link(texts.save, URL.createObjectURL(file));
  element.id = "save-registration";
  element.download = "registration.json";
  return [line, paragraph(texts.saveHint, "hint")];
}

function say(kind, code, what, more = []) {
  message.hidden = false;
  message.dataset.kind = kind;
  message.setAttribute("role", kind === "error" ? "alert" : "status");
  message.replaceChildren(paragraph(what, "what"), ...more);
  // Last, so that whoever waits for the code finds the words.
  message.dataset.code = code;
}

/** What a person can search for and quote. */
function shown(code) {
  const line = paragraph(`${texts.errorCode} `, "error-code");
  const element = document.createElement("code");
  element.translate = false;
  element.textContent = code;
  line.append(element);
  return line;
}

async function post(path, body) {
  let response;
  try {
    response = await fetch(path, {
      method: "POST",
      headers: { "content-type": "application/json", accept: "application/json" },
      body: JSON.stringify(body),
    });
  } catch {
    throw Told.here("offline");
  }
  const answer = await response.json().catch(() => undefined);
  if (response.ok && answer !== undefined) return answer;
  if (answer?.error) {
    const { code, message, action, shown_code: shownCode } = answer.error;
    throw new Told(code, message, action, shownCode);
  }
  throw Told.here("offline");
}

function bytes(base64url) {
  const binary = atob(base64url.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(binary, (letter) => letter.charCodeAt(0));
}

function text(buffer) {
  const binary = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(binary).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

const descriptors = (list) => list?.map((each) => ({ ...each, id: bytes(each.id) }));

function creationOptions(json) {
  if (PublicKeyCredential.parseCreationOptionsFromJSON) return PublicKeyCredential.parseCreationOptionsFromJSON(json);
  return {
    ...json,
    challenge: bytes(json.challenge),
    user: { ...json.user, id: bytes(json.user.id) },
    excludeCredentials: descriptors(json.excludeCredentials),
  };
}

function requestOptions(json) {
  if (PublicKeyCredential.parseRequestOptionsFromJSON) return PublicKeyCredential.parseRequestOptionsFromJSON(json);
  return { ...json, challenge: bytes(json.challenge), allowCredentials: descriptors(json.allowCredentials) };
}

/** The credential as JSON: the members the service reads. */
function credentialJson(credential) {
  const response = credential.response;
  const part = { clientDataJSON: text(response.clientDataJSON) };
  if (response.attestationObject) {
    part.attestationObject = text(response.attestationObject);
    part.transports = response.getTransports?.() ?? [];
  } else {
    part.authenticatorData = text(response.authenticatorData);
    part.signature = text(response.signature);
    part.userHandle = response.userHandle ? text(response.userHandle) : null;
  }
  return {
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    response: part,
    clientExtensionResults: {},
  };
}

const ceremonies = {
  registration: async (publicKey) => navigator.credentials.create({ publicKey: creationOptions(publicKey) }),
  authentication: async (publicKey) => navigator.credentials.get({ publicKey: requestOptions(publicKey) }),
};

/** Not completed. At sign-in the browser does not say whether there was nothing to sign in with. */
function notCompleted(name) {
  return Told.here(name === "authentication" ? "sign-in-not-completed" : "not-completed");
}

function browserProblem(error, name) {
  switch (error?.name) {
    case "NotAllowedError":
    case "AbortError":
      return notCompleted(name);
    case "InvalidStateError":
      return Told.here("already-here");
    case "SecurityError":
      return Told.here("refused-by-browser");
    default:
      return Told.here("no-authenticator");
  }
}

/** What the form asks for. */
function asked(name) {
  const value = (id) => document.getElementById(id)?.value.trim();
  const [accountName, linkCode] = [value("account-name"), value("link-code")];
  const kind = document.getElementById("card-key")?.checked ? { credential: "card" } : {};
  if (linkCode !== undefined) return { link_code: linkCode, ...kind };
  return name === "registration" || accountName ? { account_name: accountName, ...kind } : {};
}

async function run(name) {
  if (!window.PublicKeyCredential || !navigator.credentials) throw Told.here("browser-unsupported");
  say("progress", "starting", texts.starting);
  const options = await post(`/api/${name}/start`, asked(name));
  say("progress", "waiting", texts.waiting);
  let credential;
  try {
    credential = await ceremonies[name](options.publicKey);
  } catch (error) {
    throw browserProblem(error, name);
  }
  if (!credential) throw notCompleted(name);
  say("progress", "finishing", texts.finishing);
  const json = credentialJson(credential);
  try {
    await post(`/api/${name}/finish`, json);
  } catch (error) {
    if (name === "registration" && error instanceof Told && !PLAIN.has(error.code)) error.more = saving(json);
    throw error;
  }
  say("success", "done", texts.done);
}

// A page that comes back from the browser's memory is a fresh start.
window.addEventListener("pageshow", (event) => {
  if (!event.persisted || !form) return;
  form.ariaBusy = "false";
  button.disabled = false;
  message.hidden = true;
  message.dataset.code = "";
});

form?.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (form.ariaBusy === "true") return;
  form.ariaBusy = "true";
  button.disabled = true;
  try {
    await run(form.dataset.ceremony);
    location.assign("/account");
  } catch (error) {
    const told = error instanceof Told ? error : Told.here("no-authenticator");
    button.disabled = false;
    form.ariaBusy = "false";
    const stuck = ["browser-unsupported", "no-authenticator"].includes(told.code);
    const more = told.more ?? (stuck ? help() : []);
    const code = told.shownCode ? [shown(told.shownCode)] : [];
    say("error", told.code, told.message, [paragraph(told.action, "do"), ...more, ...code]);
    // Below the form, perhaps out of sight.
    message.scrollIntoView({ block: "nearest" });
    if (told.code.startsWith("account-name-")) document.getElementById("account-name").focus();
    if (told.code === "link-code") document.getElementById("link-code").focus();
  }
});
