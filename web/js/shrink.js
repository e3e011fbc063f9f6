// Makes a photo small enough for a slow link: at most 2048 px on its long side
// and about 200 KB, as an upright JPEG.
const longSide = 2048, enough = 200 * 1024, most = 360 * 1024;

// shrink returns the smaller JPEG, or the file itself when it is small already
// or when this browser cannot decode it: the server then has the say.
export async function shrink(file) {
  let picture;
  try {
    picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch {
    return file;
  }
  try {
    const scale = Math.min(1, longSide / Math.max(picture.width, picture.height));
    if (scale === 1 && file.size <= enough && file.type === "image/jpeg") return file;
    for (const [size, qualities] of [[scale, [0.82, 0.72, 0.62, 0.52]], [scale * 0.75, [0.62, 0.5]], [scale * 0.5, [0.6]]]) {
      const canvas = draw(picture, size);
      for (const quality of qualities) {
        const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", quality));
        // The first try may stay a little larger rather than look bad.
        if (blob && blob.size <= (quality > 0.6 ? enough : most)) return named(blob, file.name);
      }
    }
    return file;
  } finally {
    picture.close?.();
  }
}

function draw(picture, scale) {
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  const pen = canvas.getContext("2d");
  // A transparent picture gets a white ground, not a black one.
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.imageSmoothingQuality = "high";
  pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return canvas;
}

const named = (blob, name) => new File([blob], name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg" });
