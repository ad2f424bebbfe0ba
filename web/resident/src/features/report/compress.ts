/** The longest side of a photo that is sent: enough to see a crack, small enough for a weak signal. */
const longest = 1600;
const quality = 0.82;

/** The size that fits into `longest`, keeping the shape. */
export function fitted(width: number, height: number): { width: number; height: number } {
  const scale = Math.min(1, longest / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

/**
 * Makes a photo small before it leaves the phone. Drawing it anew also drops what the camera wrote into it: place,
 * time and device. A picture that the browser cannot read is refused.
 */
export async function compress(file: Blob): Promise<Blob> {
  const picture = await createImageBitmap(file, { imageOrientation: 'from-image' });
  try {
    const size = fitted(picture.width, picture.height);
    const canvas = Object.assign(document.createElement('canvas'), size);
    const pen = canvas.getContext('2d');
    if (!pen) throw new Error('no canvas');
    pen.drawImage(picture, 0, 0, size.width, size.height);
    return await new Promise((resolve, reject) => canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('no picture'))), 'image/jpeg', quality));
  } finally {
    picture.close();
  }
}
