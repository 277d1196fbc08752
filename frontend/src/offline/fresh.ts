/** A form that lay open, or was kept, gets a key of its own and the time of now; a time somebody chose stays. */
import { minuteInShanghai, newKey } from "./identity";

const MINUTE_MS = 60_000;

const timeOf = (form: HTMLFormElement) => form.querySelector<HTMLInputElement>("input[name=occurred_at]");

/** Tell whether the field says what the server took for now when it made the page. */
function saysNow(field: HTMLInputElement): boolean {
  const made = Date.parse(document.body.dataset.now ?? "");
  return Math.abs(Date.parse(field.value) - made) <= MINUTE_MS;
}

/** Let what is in the form be sent as an entry of its own. */
export function renewKey(form: HTMLFormElement): void {
  const key = form.querySelector<HTMLInputElement>("input[name=client_key]");
  if (key) key.value = newKey();
}

export function freshen(form: HTMLFormElement): void {
  renewKey(form);
  const time = timeOf(form);
  if (!time || !saysNow(time)) return;
  time.dataset.now = "yes";
  setNow(form);
}

/** Write the time of now, unless somebody chose another. */
export function setNow(form: HTMLFormElement): void {
  const time = timeOf(form);
  if (time?.dataset.now) time.value = minuteInShanghai(new Date());
}

export function startFreshness(): void {
  const forms = () => document.querySelectorAll<HTMLFormElement>("form[data-offline]");
  document.addEventListener("input", (event) => {
    if (event.target instanceof HTMLInputElement && event.target.name === "occurred_at") delete event.target.dataset.now;
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") forms().forEach(setNow);
  });
  document.addEventListener("htmx:load", (event) => {
    const part = event.target as Element;
    if (part !== document.body) part.querySelectorAll<HTMLFormElement>("form[data-offline]").forEach(freshen);
  });
  forms().forEach(freshen);
}
