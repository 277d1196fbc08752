import { startBadge } from "./badge";
import { startForms } from "./forms";
import { startFreshness } from "./fresh";
import { owner } from "./identity";
import { startQueue } from "./queue";
import { startWorker } from "./worker";

export function startOffline(): void {
  startWorker();
  if (!owner()) return;
  startFreshness();
  startForms();
  startBadge();
  startQueue();
}
