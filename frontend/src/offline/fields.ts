/** From a form to what is kept, and back into the form. */
import { smaller } from "../photos";
import type { Kept } from "./store";

const NOT_KEPT = new Set(["csrfmiddlewaretoken"]);
const MOST_SUMMARY = 4;
const RARE = new Set(["occurred_at", "document"]);

type Field = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

export async function read(form: HTMLFormElement, button: HTMLElement | null) {
  const fields: [string, string][] = [];
  const files: Kept[] = [];
  for (const [name, value] of new FormData(form)) {
    if (NOT_KEPT.has(name)) continue;
    if (typeof value === "string") fields.push([name, value]);
    else if (value.size) {
      const photo = await smaller(value);
      files.push({ name, filename: photo.name, blob: photo });
    }
  }
  if (button instanceof HTMLButtonElement && button.name) fields.push([button.name, button.value]);
  return { fields, files, summary: summaryOf(form) };
}

/** Return the first things somebody filled in, in words, so that the entry is known again. */
function summaryOf(form: HTMLFormElement): [string, string][] {
  const found: [string, string][] = [];
  for (const one of Array.from(form.elements) as Field[]) {
    const isChoice = one instanceof HTMLInputElement && ["radio", "checkbox"].includes(one.type);
    const isShown = !["hidden", "file", "submit", "button", "search"].includes(one.type) && one.name && !RARE.has(one.name);
    if (!isShown || !("value" in one) || !one.value || (isChoice && !(one as HTMLInputElement).checked)) continue;
    const own = labelOf(one);
    const label = isChoice ? (one.closest("fieldset")?.querySelector("legend")?.textContent ?? "") : own;
    const value = one instanceof HTMLSelectElement ? (one.selectedOptions[0]?.textContent ?? "") : isChoice ? own : one.value;
    found.push([label.trim().replace(/\s+/g, " "), value.trim().replace(/\s+/g, " ")]);
  }
  return found.slice(0, MOST_SUMMARY);
}

function labelOf(field: Field): string {
  const label = field.labels?.[0]?.cloneNode(true) as HTMLElement | undefined;
  label?.querySelector(".c-field__optional")?.remove();
  return label?.textContent ?? "";
}

/** Put what was kept back where it was typed. */
export function fill(form: HTMLFormElement, fields: [string, string][], files: Kept[]): void {
  const values = new Map<string, string[]>();
  for (const [name, value] of fields) values.set(name, [...(values.get(name) ?? []), value]);
  for (const one of Array.from(form.elements) as Field[]) {
    if (!one.name || NOT_KEPT.has(one.name) || one.name === "client_key") continue;
    if (one instanceof HTMLInputElement && one.type === "file") putFiles(one, files);
    else if (one instanceof HTMLInputElement && ["radio", "checkbox"].includes(one.type)) {
      one.checked = (values.get(one.name) ?? []).includes(one.value);
    } else if ("value" in one && values.has(one.name)) one.value = values.get(one.name)?.shift() ?? "";
    if (one.name === "occurred_at") delete one.dataset.now;
    one.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

function putFiles(input: HTMLInputElement, files: Kept[]): void {
  const box = new DataTransfer();
  for (const file of files.filter((one) => one.name === input.name)) {
    box.items.add(new File([file.blob], file.filename, { type: file.blob.type }));
  }
  input.files = box.files;
}
