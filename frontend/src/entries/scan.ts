/** The scanner: camera, photo or typed code; what it reads is opened, or kept until there is a network. */
import "../styles/scan.css";
import { copyOf, owner } from "../offline/identity";
import { add } from "../offline/store";
import { Camera } from "../scanning/camera";
import { detector, draw, type Detect } from "../scanning/detect";

const PAUSE_MS = 120;
const FRAME_PIXELS = 1000;
const PHOTO_PIXELS = 2000;

class Scanner {
  private readonly camera: Camera;
  private readonly canvas = document.createElement("canvas");
  private readonly detect: Promise<Detect>;
  private lastKept = "";

  constructor(private readonly box: HTMLElement) {
    this.camera = new Camera(this.part<HTMLVideoElement>("video"));
    this.detect = detector();
    this.detect.catch(() => this.say("broken"));
    this.part("[data-scan-lamp]").addEventListener("click", (event) => void this.toggleLamp(event.currentTarget as HTMLElement));
    this.part("[data-scan-start]").addEventListener("click", () => void this.start());
    this.part<HTMLInputElement>("[data-scan-photo]").addEventListener("change", (event) => void this.readPhoto(event.target as HTMLInputElement));
    this.part<HTMLFormElement>("[data-scan-typed]").addEventListener("submit", (event) => this.readTyped(event));
    addEventListener("pagehide", () => this.camera.close());
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden") this.camera.close();
      else void this.start();
    });
  }

  private part<T extends HTMLElement>(selector: string): T {
    return this.box.querySelector<T>(selector) as T;
  }

  private say(name: string): void {
    this.part("[data-scan-said]").textContent = this.box.dataset[name] ?? "";
  }

  async start(): Promise<void> {
    this.say("starting");
    try {
      await this.camera.open();
    } catch {
      this.box.classList.add("has-no-camera");
      this.part("[data-scan-start]").hidden = false;
      return this.say("blind");
    }
    this.box.classList.remove("has-no-camera");
    this.part("[data-scan-start]").hidden = true;
    this.part("[data-scan-lamp]").hidden = !this.camera.hasLamp;
    this.say("looking");
    await this.look();
  }

  private async look(): Promise<void> {
    const detect = await this.detect;
    const video = this.part<HTMLVideoElement>("video");
    while (this.camera.isOpen) {
      if (video.videoWidth) {
        draw(this.canvas, video, video.videoWidth, video.videoHeight, FRAME_PIXELS);
        const text = await detect(this.canvas).catch(() => "");
        if (text && this.camera.isOpen) await this.found(text);
      }
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }

  private async readPhoto(input: HTMLInputElement): Promise<void> {
    const file = input.files?.[0];
    input.value = "";
    if (!file) return;
    const picture = await createImageBitmap(file).catch(() => null);
    let text = "";
    if (picture) {
      draw(this.canvas, picture, picture.width, picture.height, PHOTO_PIXELS);
      text = await (await this.detect)(this.canvas).catch(() => "");
    }
    if (text) await this.found(text);
    else this.say("nothing");
  }

  private readTyped(event: SubmitEvent): void {
    const text = this.part<HTMLInputElement>("[data-scan-typed] input").value.trim();
    if (navigator.onLine && text) return; // the form goes there by itself
    event.preventDefault();
    if (text) void this.found(text);
  }

  /** Open what a code leads to; without a network keep it, once, and go on looking. */
  private async found(text: string): Promise<void> {
    const goal = new URL(this.box.dataset.scan ?? "", location.href);
    goal.searchParams.set("code", text);
    if (navigator.onLine) {
      buzz(80);
      this.say("found");
      this.camera.close();
      location.assign(goal.href);
      return;
    }
    if (text === this.lastKept) return;
    this.lastKept = text;
    buzz([80, 60, 80]);
    const [title, action] = [this.box.dataset.title ?? "", goal.pathname + goal.search];
    const common = { page: location.pathname, fields: [], files: [], tries: 0, notBefore: 0, enteredAt: Date.now() };
    await add({ ...common, kind: "scan", owner: owner(), title, action, summary: [["", shortOf(text)]], state: "waiting" });
    const note = copyOf("kept");
    (note.querySelector("[data-what]") as HTMLElement).textContent = shortOf(text);
    this.part("[data-scan-kept]").replaceChildren(note);
  }

  private async toggleLamp(button: HTMLElement): Promise<void> {
    const isOn = button.getAttribute("aria-pressed") !== "true";
    await this.camera.light(isOn).catch(() => undefined);
    button.setAttribute("aria-pressed", String(isOn));
  }
}

/** The browser lets a page shake the phone only after somebody touched it. */
function buzz(pattern: number | number[]): void {
  if (navigator.userActivation?.hasBeenActive) navigator.vibrate?.(pattern);
}

/** Of our own addresses the code says enough. */
function shortOf(text: string): string {
  return /\/t\/([0-9A-Z]{21})\b/.exec(text)?.[1] ?? text;
}

document.querySelectorAll<HTMLElement>("[data-scan]").forEach((box) => void new Scanner(box).start());
