import { ask, find } from "./ui.js";

const { said } = await ask("GET", "/api/setup/status");
find(!said.setupComplete ? "#first" : said.signup === "open" ? "#open" : "#invited").hidden = false;
