/** Photos are made smaller on the phone: at most 1600 pixels, JPEG; a market's network is slow. */
const LONGEST_SIDE = 1600;
const SMALL_ENOUGH_BYTES = 400_000;
const QUALITY = 0.82;

/** Return the photo in a size that travels; what is no photo, or cannot be read here, as it is. */
export async function smaller(file: File): Promise<File> {
  if (!/^image\/(jpeg|png|webp|bmp|heic|heif|avif)$/.test(file.type)) return file;
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" }).catch(() => null);
  if (!picture) return file;
  const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
  if (scale === 1 && file.size <= SMALL_ENOUGH_BYTES) return file;
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  const paper = canvas.getContext("2d");
  if (!paper) return file;
  paper.fillStyle = "white";
  paper.fillRect(0, 0, canvas.width, canvas.height);
  paper.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  const jpeg = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
  if (!jpeg || (scale === 1 && jpeg.size >= file.size)) return file;
  const name = file.name.replace(/\.\w+$/, "") || "photo";
  return new File([jpeg], `${name}.jpg`, { type: "image/jpeg", lastModified: file.lastModified });
}
