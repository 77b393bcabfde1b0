import { ask, find, finish, refuse, signOut, submits, tell } from "./ui.js";

// Has admins answer who asks to join. The session is a variable of the page, and ends with it.
export function answersRequests(organization) {
  const form = find("#form"), asking = find("#asking");
  let session = "";

  submits(form, async ({ username, password }) => {
    session = (await ask("POST", "/api/auth/signin", { username, password })).said.accessToken;
    try {
      show((await ask("GET", organization + "/requests", undefined, session)).said);
    } catch (refusal) {
      leave();
      throw refusal;
    }
    finish(form, "");
    asking.hidden = false;
  });

  function show(requests) {
    find("#requests").replaceChildren(...requests.map(item));
    find("#none").hidden = requests.length > 0;
  }

  function item(request) {
    const li = document.createElement("li"), who = document.createElement("span"), said = document.createElement("p");
    who.textContent = request.user.username;
    said.textContent = request.message;
    li.append(who, said, answer("Approve", "approve"), answer("Deny", "deny"));
    return li;

    function answer(word, verb) {
      const button = Object.assign(document.createElement("button"), { type: "button", textContent: word });
      button.className = verb === "deny" ? "second" : "";
      button.setAttribute("aria-label", word + " " + request.user.username);
      button.addEventListener("click", async () => {
        for (const b of li.querySelectorAll("button")) b.disabled = true;
        try {
          await ask("POST", organization + "/requests/" + request.id + "/" + verb, undefined, session);
          tell("good", (verb === "deny" ? "Denied: " : "A member now: ") + request.user.username);
          show((await ask("GET", organization + "/requests", undefined, session)).said);
        } catch (refusal) {
          refuse(null, refusal);
          for (const b of li.querySelectorAll("button")) b.disabled = false;
        }
      });
      return button;
    }
  }

  function leave() {
    if (session) signOut(session);
    session = "";
  }
  addEventListener("pagehide", leave);
  find("#leave").addEventListener("click", () => {
    leave();
    asking.hidden = true;
    form.hidden = false;
    tell("plain", "");
  });
}
