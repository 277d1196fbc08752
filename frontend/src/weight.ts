/** A weight is shown in the other unit beside its field: kg where jin are typed, jin where kg are. */
const OTHER: Record<string, { word: "kgm" | "jin"; times: number }> = {
  KGM: { word: "jin", times: 2 },
  JIN: { word: "kgm", times: 0.5 },
};

/** Read an amount as the server does: full-width digits and thousands separators count. */
export function amountIn(text: string): number {
  const plain = text.normalize("NFKC").replace(/[,，\s]/g, "").replace("。", ".");
  return /^\d+(\.\d+)?$|^\.\d+$/.test(plain) ? Number(plain) : NaN;
}

function show(box: HTMLElement): void {
  const typed = box.querySelector<HTMLInputElement>(".c-field__wrap input");
  const said = box.querySelector<HTMLElement>("[data-weight-other]");
  if (!typed || !said) return;
  const unit = box.querySelector<HTMLInputElement>(".c-switch input:checked")?.value ?? box.dataset.uom ?? "";
  const other = OTHER[unit];
  const amount = amountIn(typed.value);
  const isShown = other !== undefined && Number.isFinite(amount);
  said.textContent = isShown ? `= ${Number((amount * other.times).toFixed(4))} ${box.dataset[other.word] ?? ""}` : "";
}

export function startWeights(): void {
  const near = (event: Event) => (event.target as Element).closest?.<HTMLElement>("[data-weight]");
  for (const name of ["input", "change"] as const) {
    document.addEventListener(name, (event) => {
      const box = near(event);
      if (box) show(box);
    });
  }
  const all = () => document.querySelectorAll<HTMLElement>("[data-weight]").forEach(show);
  document.addEventListener("htmx:load", all);
  all();
}
