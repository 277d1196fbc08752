/** Register the service worker that shows the offline page; say on the page when the network is gone. */
export function startOffline(): void {
  if ("serviceWorker" in navigator && location.protocol === "https:") {
    void navigator.serviceWorker.register("/sw.js");
  }
  const show = () => document.documentElement.classList.toggle("is-offline", !navigator.onLine);
  addEventListener("online", show);
  addEventListener("offline", show);
  show();
}
