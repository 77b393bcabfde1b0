import { ask, find, finish, submits, tell, token } from "./ui.js";

const form = find("#form"), again = find("#again");
submits(form, async ({ password }) => {
  try {
    await ask("POST", "/api/auth/reset-password", { token, password });
  } catch (refusal) {
    again.hidden = !refusal.fields?.token;
    throw refusal;
  }
  finish(form, "The password is set.");
});
if (!token) {
  form.hidden = true;
  again.hidden = false;
  tell("bad", "The link is not whole: open it from the letter once more.");
}
