/** The page of entries made on this phone: where each stands, why one came back, and what to do. */
import { copyOf, minuteInShanghai, owner } from "../offline/identity";
import { isWaiting } from "../offline/queue";
import { discard, entriesOf, onChange, type Entry } from "../offline/store";

const list = document.querySelector("[data-entries]") as HTMLElement;
const part = <T extends HTMLElement>(row: ParentNode, selector: string): T => row.querySelector(selector) as T;
let drawn = 0;

function reveal(row: HTMLElement, selector: string): HTMLElement {
  const found = part(row, selector);
  found.hidden = false;
  return found;
}

function timeOf(milliseconds: number): string {
  return minuteInShanghai(new Date(milliseconds)).replace("T", " ");
}

function rowOf(entry: Entry): HTMLElement {
  const row = copyOf("entry");
  row.dataset.entry = String(entry.id);
  part(row, "[data-title]").textContent = entry.title;
  part(row, "[data-at]").textContent = timeOf(entry.enteredAt);
  reveal(row, `[data-state="${entry.kind === "scan" ? "scan" : entry.state}"]`);
  part(row, "[data-summary]").append(...entry.summary.map(factOf));
  part(row, "[data-photos]").append(...entry.files.filter((one) => one.blob.type.startsWith("image/")).map(pictureOf));
  if (entry.problem) showProblem(row, entry);
  if (entry.tries && isWaiting(entry)) showTries(row, entry);
  showActions(row, entry);
  return row;
}

function factOf([label, value]: [string, string]): HTMLElement {
  const fact = document.createElement("div");
  fact.append(
    Object.assign(document.createElement("dt"), { textContent: label }),
    Object.assign(document.createElement("dd"), { textContent: value }),
  );
  return fact;
}

function pictureOf({ blob, filename }: Entry["files"][number]): HTMLImageElement {
  const picture = Object.assign(document.createElement("img"), { src: URL.createObjectURL(blob), alt: filename });
  picture.addEventListener("load", () => URL.revokeObjectURL(picture.src), { once: true });
  return picture;
}

function showProblem(row: HTMLElement, entry: Entry): void {
  const box = reveal(row, "[data-problem]");
  const { title, detail, errors = [] } = entry.problem ?? {};
  part(box, ".c-problem__title").textContent = title ?? "";
  part(box, "[data-detail]").textContent = errors.map((one) => one.what).join(" ") || detail || "";
}

function showTries(row: HTMLElement, entry: Entry): void {
  const line = reveal(row, "[data-tries]");
  const words: Record<string, string> = { tries: String(entry.tries), at: timeOf(entry.notBefore).slice(-5) };
  line.textContent = (line.dataset.sentence ?? "").replace(/\{(\w+)\}/g, (_, name: string) => words[name] ?? "");
}

function showActions(row: HTMLElement, entry: Entry): void {
  if (entry.url || entry.kind === "scan") (reveal(row, "[data-open]") as HTMLAnchorElement).href = entry.url ?? entry.action;
  if (entry.state === "refused") (reveal(row, "[data-correct]") as HTMLAnchorElement).href = `${entry.page}#entry=${entry.id}`;
  if (entry.state === "waiting" || entry.state === "refused") reveal(row, "[data-discard]").addEventListener("click", () => void ask(entry));
}

async function ask(entry: Entry): Promise<void> {
  const dialog = part<HTMLDialogElement>(document, "[data-ask]");
  part(dialog, "[data-ask-what]").textContent = `${entry.title} · ${timeOf(entry.enteredAt)}`;
  dialog.returnValue = "";
  dialog.showModal();
  await new Promise((resolve) => dialog.addEventListener("close", resolve, { once: true }));
  if (dialog.returnValue === "discard") await discard(entry.id);
}

async function draw(): Promise<void> {
  const turn = ++drawn;
  const entries = await entriesOf(owner());
  if (turn !== drawn) return; // a later change is being drawn
  list.replaceChildren(...entries.reverse().map(rowOf));
  part(document, "[data-none]").hidden = entries.length > 0;
  part(document, "[data-sync]").hidden = !entries.some(isWaiting);
}

onChange(() => void draw());
void draw();
