/** Show a refusal in the form: at the fields it names, the rest above them. */
import { copyOf } from "./identity";
import type { Problem } from "./store";

const BOXES = ".c-field, .c-chips, .c-upload, .c-lines__row";

export function clearRefusal(form: HTMLFormElement): void {
  form.querySelectorAll(".c-field__error, [data-refusal]").forEach((one) => one.remove());
  form.querySelectorAll("[aria-invalid]").forEach((one) => one.removeAttribute("aria-invalid"));
}

export function showRefusal(form: HTMLFormElement, problem: Problem): void {
  clearRefusal(form);
  const left: string[] = [];
  for (const { where, what } of problem.errors ?? []) if (!showAt(form, where, what)) left.push(what);
  const isNamed = (problem.errors ?? []).length > 0;
  if (left.length || !isNamed) {
    const box = copyOf("problem");
    box.dataset.refusal = "yes";
    (box.querySelector(".c-problem__title") as HTMLElement).textContent = problem.title ?? "";
    (box.querySelector("[data-detail]") as HTMLElement).textContent = left.join(" ") || problem.detail || "";
    form.prepend(box);
  }
  const first = form.querySelector<HTMLElement>("[data-refusal], [aria-invalid=true]");
  first?.scrollIntoView({ block: "center" });
  first?.focus({ preventScroll: true });
}

function showAt(form: HTMLFormElement, name: string, what: string): boolean {
  const field = name ? form.querySelector<HTMLElement>(`[name="${CSS.escape(name)}"]:not([type=hidden])`) : null;
  const box = field?.closest(BOXES);
  if (!field || !box) return false;
  const error = copyOf("field-error");
  (error.querySelector("[data-what]") as HTMLElement).textContent = what;
  box.append(error);
  field.setAttribute("aria-invalid", "true");
  return true;
}
