import { ask, find, finish, submits } from "./ui.js";

const form = find("#form");
submits(form, async ({ email }) => {
  const { said } = await ask("POST", "/api/auth/forgot-password", { email });
  finish(form, said.message);
});
