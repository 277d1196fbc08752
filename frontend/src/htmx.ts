import htmx from "htmx.org";

// Strict content policy: no inline styles, no evaluated attributes, our own host only.
htmx.config.includeIndicatorStyles = false;
htmx.config.allowEval = false;
htmx.config.selfRequestsOnly = true;
htmx.config.scrollBehavior = "auto";
// A refused form answers 422 with the form again; show it where the form was.
htmx.config.responseHandling = [
  { code: "204", swap: false },
  { code: "[23]..", swap: true },
  { code: "422", swap: true },
  { code: "[45]..", swap: false, error: true },
];

declare global {
  interface Window {
    htmx: typeof htmx;
  }
}
window.htmx = htmx;
