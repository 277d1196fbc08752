/** Uploads: chosen files are named, dropped files accepted, and the bar moves as bytes leave this device. */

function showChosen(input: HTMLInputElement): void {
  const box = input.closest<HTMLElement>("[data-upload]");
  const list = box?.querySelector<HTMLElement>("[data-upload-files]");
  if (!box || !list) return;
  const files = Array.from(input.files ?? []);
  list.replaceChildren(
    ...files.map((file) => {
      const row = document.createElement("li");
      row.textContent = `${file.name} · ${sizeOf(file)}`;
      return row;
    }),
  );
  box.classList.toggle("has-files", files.length > 0);
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
    if (event.target instanceof HTMLInputElement && event.target.type === "file") showChosen(event.target);
  });
  for (const name of ["dragover", "dragleave", "drop"] as const) document.addEventListener(name, acceptDrop);
  // htmx sends the form by XMLHttpRequest and reports its upload events under this name.
  document.addEventListener("htmx:xhr:progress", moveBar);
}
