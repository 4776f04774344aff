import { StrictMode } from "react";
import { flushSync } from "react-dom";
import { createRoot } from "react-dom/client";
import { App } from "./report/App.tsx";
import { read_report } from "./report/validate.ts";
import "./styles/tokens.css";
import "./styles/page.css";
import "./styles/parts.css";
import "./styles/charts.css";
import "./styles/print.css";

const place = document.getElementById("page");
const data = document.getElementById("loadstar-report");
if (!place || !data) throw new Error("the page lost its elements #page and #loadstar-report");

const root = createRoot(place);
// Drawn before the browser says that the page is loaded: who prints at that moment gets charts, not blank fields.
flushSync(() =>
  root.render(
    <StrictMode>
      <App read={read_report(data.textContent)} address={new URLSearchParams(location.search)} />
    </StrictMode>,
  ),
);
