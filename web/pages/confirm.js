import { ask, find, finish, submits, tell, token } from "./ui.js";

// It takes a click: programs open the links of letters, to see whether they are harmful.
const form = find("#form");
submits(form, async () => {
  const { said } = await ask("POST", form.dataset.path + encodeURIComponent(token));
  finish(form, said.message);
});
if (!token) {
  form.hidden = true;
  tell("bad", "The link is not whole: open it from the letter once more.");
}
