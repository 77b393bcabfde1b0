import { ask, find, finish, signOut, submits, token } from "./ui.js";

const form = find("#form"), own = find("#own"), ways = find("#ways");

// The invitation is in the form already.
submits(form, async (wanted) => {
  const { said } = await ask("POST", "/api/auth/signup", wanted);
  ways.hidden = true;
  finish(form, said.message);
});

// The session is for the one request.
submits(own, async ({ username, password }) => {
  const session = (await ask("POST", "/api/auth/signin", { username, password })).said.accessToken;
  try {
    await ask("POST", "/api/auth/invitations/" + encodeURIComponent(token) + "/accept", undefined, session);
  } finally {
    signOut(session);
  }
  ways.hidden = true;
  finish(own, "You are a member now.");
});
