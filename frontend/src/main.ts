import { mount } from "svelte";
import App from "./App.svelte";
import type { Payload } from "./lib/types.ts";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/stacked.css";
import "./styles/plain.css";
import "./styles/print.css";

const data = document.getElementById("report-data")?.textContent;
const target = document.getElementById("app");
if (data && target) {
  const payload = JSON.parse(data) as Payload;
  mount(App, { target, props: { payload } });
  // what Python wrote for readers without scripts has served its purpose
  document.getElementById("plain")?.remove();
  document.documentElement.dataset["ready"] = "yes";
}
