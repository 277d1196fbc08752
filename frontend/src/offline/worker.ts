/** The service worker keeps pages for the time without a network; the page says when that is. */
import { owner } from "./identity";
import { onHalt } from "./queue";

export function startWorker(): void {
  if ("serviceWorker" in navigator && isSecureContext) void register();
  let isKept = document.documentElement.dataset.kept === "yes"; // the worker's copy: the server was out of reach
  const show = () => document.documentElement.classList.toggle("is-offline", !navigator.onLine || isKept);
  addEventListener("online", () => {
    isKept = false;
    show();
  });
  addEventListener("offline", show);
  show();
  onHalt((why) => {
    const isGone = why === "signed-out" || why === "somebody-else";
    document.querySelectorAll<HTMLElement>("[data-signed-out]").forEach((one) => {
      one.hidden = !isGone;
    });
  });
}

async function register(): Promise<void> {
  const isFirst = !navigator.serviceWorker.controller;
  await navigator.serviceWorker.register("/sw.js");
  const { active } = await navigator.serviceWorker.ready;
  if (isFirst && owner()) active?.postMessage({ keep: location.href }); // it did not see this page go by
}
