/** Find a code in a picture: with the browser's own detector where it knows our kinds, else with ours. */
interface Detector {
  detect(picture: CanvasImageSource): Promise<{ rawValue: string }[]>;
}
interface DetectorKind {
  new (options: { formats: string[] }): Detector;
  getSupportedFormats(): Promise<string[]>;
}
export type Detect = (picture: HTMLCanvasElement) => Promise<string>;

const FORMATS = ["qr_code", "data_matrix", "ean_13", "code_128"];

async function native(): Promise<Detector | null> {
  const { BarcodeDetector: kind } = window as unknown as { BarcodeDetector?: DetectorKind };
  const known = (await kind?.getSupportedFormats().catch(() => [])) ?? [];
  return kind && FORMATS.every((one) => known.includes(one)) ? new kind({ formats: FORMATS }) : null;
}

export async function detector(): Promise<Detect> {
  const own = await native();
  if (own) return async (picture) => (await own.detect(picture))[0]?.rawValue ?? "";
  const { decode, prepare } = await import("./decoder");
  await prepare();
  return (picture) => decode(pixelsOf(picture));
}

function pixelsOf(picture: HTMLCanvasElement): ImageData {
  const paper = picture.getContext("2d", { willReadFrequently: true }) as CanvasRenderingContext2D;
  return paper.getImageData(0, 0, picture.width, picture.height);
}

/** Draw a frame or a photo no larger than `longest`. */
export function draw(canvas: HTMLCanvasElement, picture: CanvasImageSource, width: number, height: number, longest: number): void {
  const scale = Math.min(1, longest / Math.max(width, height));
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  canvas.getContext("2d", { willReadFrequently: true })?.drawImage(picture, 0, 0, canvas.width, canvas.height);
}
