/** The camera on the back of the phone, and its lamp. */
export class Camera {
  private stream: MediaStream | null = null;

  constructor(private readonly video: HTMLVideoElement) {}

  async open(): Promise<void> {
    this.close();
    const video = { facingMode: "environment", width: { ideal: 1280 }, height: { ideal: 720 } };
    this.stream = await navigator.mediaDevices.getUserMedia({ video, audio: false });
    this.video.srcObject = this.stream;
    await this.video.play();
  }

  close(): void {
    this.stream?.getTracks().forEach((track) => track.stop());
    this.stream = null;
    this.video.srcObject = null;
  }

  get isOpen(): boolean {
    return this.stream !== null;
  }

  get hasLamp(): boolean {
    const track = this.stream?.getVideoTracks()[0];
    return Boolean(track && "getCapabilities" in track && "torch" in track.getCapabilities());
  }

  async light(isOn: boolean): Promise<void> {
    const wish = { advanced: [{ torch: isOn }] } as unknown as MediaTrackConstraints;
    await this.stream?.getVideoTracks()[0]?.applyConstraints(wish);
  }
}
