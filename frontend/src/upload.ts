/** Uploads: photos are made smaller and shown, one can be taken away again, dropped files are accepted, a bar moves. */
import { smaller } from "./photos";

const work = new WeakMap<HTMLInputElement, Promise<void>>();
const chosen = new WeakMap<HTMLInputElement, File[]>();

/** Wait until the photos of a form are ready to be sent. */
export async function photosReady(form: HTMLFormElement): Promise<void> {
  const inputs = form.querySelectorAll<HTMLInputElement>("[data-upload] input[type=file]");
  await Promise.all(Array.from(inputs, (input) => work.get(input)));
}

function onChosen(input: HTMLInputElement): void {
  if (!input.closest("[data-upload]")) return;
  const before = input.multiple && input.files?.length ? (chosen.get(input) ?? []) : [];
  const added = Array.from(input.files ?? []).filter((file) => !before.includes(file));
  const ready = Promise.all(added.map(smaller)).then((files) => put(input, [...before, ...files]));
  work.set(input, ready);
}

function put(input: HTMLInputElement, files: File[]): void {
  const box = new DataTransfer();
  for (const file of files) box.items.add(file);
  input.files = box.files;
  chosen.set(input, Array.from(box.files));
  show(input);
}

function show(input: HTMLInputElement): void {
  const box = input.closest<HTMLElement>("[data-upload]");
  const list = box?.querySelector<HTMLElement>("[data-upload-files]");
  if (!box || !list) return;
  const files = chosen.get(input) ?? [];
  list.querySelectorAll("img").forEach((picture) => URL.revokeObjectURL(picture.src));
  list.replaceChildren(...files.map((file) => rowOf(input, file, list.dataset.remove ?? "")));
  box.classList.toggle("has-files", files.length > 0);
}

function rowOf(input: HTMLInputElement, file: File, remove: string): HTMLElement {
  const row = document.createElement("li");
  if (file.type.startsWith("image/")) {
    row.append(Object.assign(document.createElement("img"), { src: URL.createObjectURL(file), alt: "" }));
  }
  row.append(Object.assign(document.createElement("span"), { textContent: `${file.name} · ${sizeOf(file)}` }));
  const button = Object.assign(document.createElement("button"), { type: "button", textContent: "×" });
  button.setAttribute("aria-label", `${remove} ${file.name}`);
  button.addEventListener("click", () => put(input, (chosen.get(input) ?? []).filter((one) => one !== file)));
  row.append(button);
  return row;
}

function sizeOf(file: File): string {
  return file.size < 1_000_000 ? `${Math.ceil(file.size / 1000)} kB` : `${(file.size / 1_000_000).toFixed(1)} MB`;
}

function acceptDrop(event: DragEvent): void {
  const box = (event.target as Element).closest<HTMLElement>("[data-upload]");
  if (!box || !event.dataTransfer) return;
  event.preventDefault();
  box.classList.toggle("is-over", event.type === "dragover");
  if (event.type !== "drop") return;
  const input = box.querySelector<HTMLInputElement>("input[type=file]");
  if (!input) return;
  input.files = event.dataTransfer.files;
  input.dispatchEvent(new Event("change", { bubbles: true }));
}

function moveBar(event: Event): void {
  const { loaded, total } = (event as CustomEvent<{ loaded: number; total: number }>).detail;
  const bar = (event.target as Element).querySelector<HTMLProgressElement>("[data-upload-bar]");
  if (!bar || !total) return;
  bar.hidden = false;
  bar.value = loaded / total;
}

export function startUploads(): void {
  document.addEventListener("change", (event) => {
    if (event.target instanceof HTMLInputElement && event.target.type === "file") onChosen(event.target);
  });
  for (const name of ["dragover", "dragleave", "drop"] as const) document.addEventListener(name, acceptDrop);
  // htmx sends the form by XMLHttpRequest and reports its upload events under this name.
  document.addEventListener("htmx:xhr:progress", moveBar);
}
