/** How many entries wait on this phone or came back, in the frame of every page. */
import { owner } from "./identity";
import { entriesOf, onChange } from "./store";

async function show(): Promise<void> {
  const open = (await entriesOf(owner())).filter((one) => one.state !== "accepted");
  const isRefused = open.some((one) => one.state === "refused");
  document.querySelectorAll<HTMLElement>("[data-pending]").forEach((link) => {
    link.hidden = open.length === 0;
    link.classList.toggle("is-refused", isRefused);
    const count = link.querySelector("[data-pending-count]");
    if (count) count.textContent = String(open.length);
  });
}

export function startBadge(): void {
  onChange(() => void show());
  void show();
}
