import { startBadge } from "./badge";
import { startForms } from "./forms";
import { startFreshness } from "./fresh";
import { owner } from "./identity";
import { startQueue } from "./queue";
import { forgetAccepted } from "./store";
import { startWorker } from "./worker";

export function startOffline(): void {
  startWorker();
  if ("indexedDB" in window) void forgetAccepted(owner());
  if (!owner()) return;
  startFreshness();
  startForms();
  startBadge();
  startQueue();
}
