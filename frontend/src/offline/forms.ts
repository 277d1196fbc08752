/** Forms that work without a network: sent at once where there is one, else kept on this phone and sent later. */
import { photosReady } from "../upload";
import { fill, read } from "./fields";
import { freshen, renewKey, setNow } from "./fresh";
import { copyOf, minuteInShanghai, owner, word } from "./identity";
import { sync } from "./queue";
import { clearRefusal, showRefusal } from "./refusals";
import { send } from "./send";
import { add, change, discard, entryOf, type NewEntry, type Problem } from "./store";

const plain = new WeakSet<HTMLFormElement>(); // submitted the browser's own way

async function onSubmit(event: SubmitEvent): Promise<void> {
  const form = event.target as HTMLFormElement;
  if (!form.matches?.("form[data-offline]") || plain.has(form) || !owner()) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (form.getAttribute("aria-busy") === "true") return; // a double tap
  setBusy(form, true);
  let isLeaving = false;
  try {
    isLeaving = await submit(form, event.submitter);
  } finally {
    if (!isLeaving) setBusy(form, false);
  }
}

/** Return whether the browser goes on to another page. */
async function submit(form: HTMLFormElement, button: HTMLElement | null): Promise<boolean> {
  await photosReady(form);
  setNow(form);
  const entry = await entryFrom(form, button);
  if (!navigator.onLine) return keep(form, entry);
  await sync(); // what was entered before goes first
  const outcome = await send(entry, true);
  if (outcome.state === "accepted") {
    if (form.dataset.entry) await discard(Number(form.dataset.entry));
    location.assign(outcome.url);
  } else if (outcome.state === "refused") {
    return refuse(form, outcome.problem);
  } else if (outcome.state === "page") {
    submitPlainly(form, button);
  } else if (outcome.why === "somebody-else") {
    return refuse(form, { title: word("other") });
  } else return keep(form, entry);
  return true;
}

async function entryFrom(form: HTMLFormElement, button: HTMLElement | null): Promise<NewEntry> {
  return {
    kind: "entry",
    owner: owner(),
    title: form.dataset.title || document.title,
    action: new URL(form.action || location.href).pathname + new URL(form.action || location.href).search,
    page: location.pathname + location.search,
    enteredAt: Date.now(),
    state: "waiting",
    tries: 0,
    notBefore: 0,
    ...(await read(form, button)),
  };
}

async function keep(form: HTMLFormElement, entry: NewEntry): Promise<boolean> {
  const id = Number(form.dataset.entry);
  if (id) await change({ ...entry, id });
  else await add(entry);
  delete form.dataset.entry;
  clearRefusal(form);
  form.reset();
  form.querySelectorAll("input[type=file]").forEach((one) => one.dispatchEvent(new Event("change", { bubbles: true })));
  freshen(form);
  const note = copyOf("kept");
  const at = minuteInShanghai(new Date(entry.enteredAt)).slice(-5);
  (note.querySelector("[data-what]") as HTMLElement).textContent = `${entry.title} · ${at}`;
  document.querySelectorAll("[data-kept-note]").forEach((one) => one.remove());
  form.before(note);
  note.scrollIntoView({ block: "center" });
  note.focus({ preventScroll: true });
  void sync();
  return false;
}

function refuse(form: HTMLFormElement, problem: Problem): false {
  showRefusal(form, problem);
  renewKey(form);
  return false;
}

function submitPlainly(form: HTMLFormElement, button: HTMLElement | null): void {
  setBusy(form, false);
  plain.add(form);
  if (button instanceof HTMLButtonElement) form.requestSubmit(button);
  else form.requestSubmit();
}

function setBusy(form: HTMLFormElement, isBusy: boolean): void {
  form.setAttribute("aria-busy", String(isBusy));
  form.querySelectorAll<HTMLButtonElement>("button[type=submit]").forEach((one) => {
    one.disabled = isBusy;
  });
}

/** Open a kept entry again in its form: the pending page leads here with #entry=ID. */
async function reopen(): Promise<void> {
  const id = Number(/^#entry=(\d+)$/.exec(location.hash)?.[1]);
  const entry = id ? await entryOf(owner(), id) : undefined;
  if (entry?.state !== "refused") return; // what still waits may be on its way
  const forms = Array.from(document.querySelectorAll<HTMLFormElement>("form[data-offline]"));
  const form = forms.find((one) => one.dataset.title === entry.title) ?? forms[0];
  if (!form) return;
  form.dataset.entry = String(id);
  fill(form, entry.fields, entry.files);
  showRefusal(form, entry.problem ?? {});
}

export function startForms(): void {
  document.addEventListener("submit", (event) => void onSubmit(event), { capture: true });
  addEventListener("pageshow", (event) => {
    if (event.persisted) document.querySelectorAll<HTMLFormElement>("form[data-offline]").forEach((form) => setBusy(form, false));
  });
  addEventListener("hashchange", () => void reopen());
  void reopen();
}
