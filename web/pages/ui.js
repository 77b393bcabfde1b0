// What the pages share. Nothing that the API or an address says is ever taken for HTML: it becomes text.

const query = new URLSearchParams(location.search);

// An address with a token in it stays neither in the address bar nor in the history.
if (location.search || location.hash) history.replaceState(null, "", location.pathname);

// The token of the letter's link; empty when there was none.
export const token = query.get("token") ?? "";

export const find = (selector) => document.querySelector(selector);

for (const e of document.querySelectorAll("[data-origin]")) e.textContent = location.origin;

// What the API has refused: a message, and for each field what is wrong with it.
export class Refusal extends Error {
  constructor(message, fields = {}) {
    super(message);
    this.fields = fields;
  }
}

// Asks the API, and returns its answer with the headers that came with it.
export async function ask(method, path, body, session) {
  const headers = { Accept: "application/json" };
  if (body) headers["Content-Type"] = "application/json";
  if (session) headers["X-Access-Token"] = session;
  let answer, said;
  try {
    answer = await fetch(path, { method, headers, body: body && JSON.stringify(body), credentials: "omit", cache: "no-store" });
    said = await answer.json();
  } catch {
    throw new Refusal("The registry did not answer. Look at your connection, and try again.");
  }
  if (answer.ok) return { said, headers: answer.headers };
  const fields = said.error === "VALIDATION_ERROR" ? said.details : {};
  throw Object.assign(new Refusal(said.message ?? "The registry could not do that.", fields), { status: answer.status });
}

// Ends a session. The request outlives the page.
export function signOut(session) {
  void fetch("/api/auth/signout", { method: "POST", headers: { "X-Access-Token": session }, keepalive: true, credentials: "omit" });
}

// Writes a sentence where the page has its place for it, which screen readers then read out.
export function tell(kind, text) {
  const at = find("#told");
  at.className = "told " + kind;
  at.textContent = sentence(text);
  at.hidden = !text;
}

export function sentence(text) {
  if (!text) return "";
  return text[0].toUpperCase() + text.slice(1) + (/[.!?]$/.test(text) ? "" : ".");
}

// What came with the letter, and nobody types.
const given = { token: "The link of the letter", invitationToken: "The invitation", email: "The e-mail address" };

// Tells what was refused: beside the fields that the page has, and at its place for all else.
export function refuse(form, refusal) {
  const rest = [];
  let first;
  for (const [name, why] of Object.entries(refusal.fields ?? {})) {
    const input = form?.elements.namedItem(name);
    if (!input?.labels?.length) { // there is none, or it is hidden
      rest.push((given[name] ?? name) + " " + why);
      continue;
    }
    markWrong(input, sentence(input.labels[0].textContent + " " + why));
    first ??= input;
  }
  tell("bad", rest.join(". ") || (first ? "That was not taken: see below." : refusal.message));
  first?.focus();
}

function markWrong(input, why) {
  const at = Object.assign(document.createElement("p"), { className: "wrong", id: input.id + "-wrong", textContent: why });
  (input.closest("[data-field]") ?? input).append(at);
  input.setAttribute("aria-invalid", "true");
  input.setAttribute("aria-describedby", [input.dataset.hint, at.id].filter(Boolean).join(" "));
}

function forgetWrong(form) {
  for (const at of form.querySelectorAll(".wrong")) at.remove();
  for (const input of form.querySelectorAll("[aria-invalid]")) {
    input.removeAttribute("aria-invalid");
    input.setAttribute("aria-describedby", input.dataset.hint ?? "");
  }
}

// Has `send` do what the form asks for, once at a time. Until then its button does nothing.
export function submits(form, send) {
  const button = form.querySelector("button");
  button.disabled = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (button.disabled) return;
    forgetWrong(form);
    tell("plain", "");
    button.disabled = true;
    try {
      await send(Object.fromEntries(new FormData(form)));
    } catch (refusal) {
      refuse(form, refusal);
    } finally {
      button.disabled = false;
    }
  });
  const show = form.querySelector("[data-shows]");
  show?.addEventListener("change", () => { find("#" + show.dataset.shows).type = show.checked ? "text" : "password"; });
}

// Ends what a form was for: it goes, and what is next comes.
export function finish(form, text) {
  form.hidden = true;
  form.reset();
  tell("good", text);
  const next = find("#next");
  if (next) next.hidden = false;
}
