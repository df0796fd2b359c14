// A photo as JPEG, no larger than what shows a door and a face well; what a phone writes beside it (place, owner) is left out.

const LONGEST_SIDE = 1600;
const QUALITY = 0.82;

/** Throws where the file is no picture. */
export async function shrunk(file: Blob, longest = LONGEST_SIDE): Promise<Blob> {
  const picture = await createImageBitmap(file);
  const scale = Math.min(1, longest / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  canvas.getContext("2d")?.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob === null ? reject(new Error("no picture")) : resolve(blob)), "image/jpeg", QUALITY);
  });
}
