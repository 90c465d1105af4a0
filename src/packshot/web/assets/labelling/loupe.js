// A side enlarged at three places, so that it can be set to the pixel and seen to be straight.

const ZOOM = 8;
const canvas = document.getElementById("loupe");

// image: as served, perhaps smaller than the photo; side: 0..3, left, top, right, bottom; at: the pointer along the
// side, or null for its middle.
export function enlarge(image, size, box, side, at) {
  canvas.hidden = side === null;
  if (side === null) return;
  const pen = canvas.getContext("2d");
  const upright = side % 2 === 0;
  const [low, high] = upright ? [box[1], box[3]] : [box[0], box[2]];
  const middle = at === null ? (low + high) / 2 : Math.min(high, Math.max(low, at));
  const places = [low + (high - low) * 0.08, middle, high - (high - low) * 0.08];
  const scale = image.naturalWidth / size[0];
  const height = canvas.height;
  const width = (canvas.width - 2 * 8) / 3;
  pen.clearRect(0, 0, canvas.width, height);
  pen.imageSmoothingEnabled = false;
  places.forEach((place, index) => {
    const left = index * (width + 8);
    const [x, y] = upright ? [box[side], Math.floor(place)] : [Math.floor(place), box[side]];
    const [across, down] = [width / ZOOM, height / ZOOM];
    pen.save();
    pen.beginPath();
    pen.rect(left, 0, width, height);
    pen.clip();
    pen.drawImage(image, (x - across / 2) * scale, (y - down / 2) * scale, across * scale, down * scale, left, 0, width, height);
    for (const [colour, wide] of [["rgb(0 0 0 / 75%)", 4], ["#ffd23f", 2]]) {
      pen.strokeStyle = colour;
      pen.lineWidth = wide;
      pen.beginPath();
      pen.moveTo(upright ? left + width / 2 : left, upright ? 0 : height / 2);
      pen.lineTo(upright ? left + width / 2 : left + width, upright ? height : height / 2);
      pen.stroke();
    }
    pen.restore();
  });
}
