import { ask, find } from "./ui.js";
import { answersRequests } from "./requests.js";

// The page of one organization: what everybody may see of it, and for its admins who asks to join.
const name = decode(location.pathname.split("/")[3] ?? "");
const path = "/api/organization/" + encodeURIComponent(name);

function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function item(box) {
  const li = document.createElement("li"), a = document.createElement("a"), about = document.createElement("p");
  a.href = "/" + encodeURIComponent(box.organization) + "/" + encodeURIComponent(box.name);
  a.textContent = box.tag;
  about.textContent = box.shortDescription || box.description;
  li.append(a, about);
  return li;
}

async function show(after) {
  const { said: boxes, headers } = await ask("GET", path + "/box?limit=50&after=" + encodeURIComponent(after));
  find("#list").append(...boxes.map(item));
  const last = boxes.at(-1);
  if (!after && last) {
    find("#add").textContent = "vagrant box add " + location.origin + "/" + boxes[0].tag;
    find("#boxes").hidden = false;
  }
  if (!after && !last) find("#about").textContent = "It has no public boxes.";
  const more = find("#more");
  more.hidden = !headers.get("Link");
  more.onclick = () => show(last.name);
}

async function begin() {
  try {
    await show("");
  } catch (refusal) {
    find("#about").textContent = refusal.status === 404
      ? "There is no organization of that name, or nothing of it that everybody may see."
      : refusal.message;
  }
  find("#admins").hidden = false;
  answersRequests(path);
}

document.title = (name || "Organization") + " – BoxVault";
find("#name").textContent = name || "Which organization?";
if (name) await begin();
else find("#about").textContent = "Its name stands at the end of the address: /ui/organizations/NAME.";
