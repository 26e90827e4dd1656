// Archives of files that are compressed already: stored, without compression (PKWARE APPNOTE 6.3.10, 4.3).
const CRC = Uint32Array.from({ length: 256 }, (_, value) => {
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  return value;
});

function crc32(bytes) {
  let value = -1;
  for (const byte of bytes) value = CRC[(value ^ byte) & 0xff] ^ (value >>> 8);
  return ~value >>> 0;
}

// Return a file name that is safe in a path and not that of a Windows device, such as NUL.
const RESERVED = /^(con|prn|aux|nul|com\d|lpt\d)(?=\.|$)/i;
const safeName = (name) => String(name).replace(/[\u0000-\u001f\u007f"*/:<>?\\|]/g, "_").replace(/^\.+/, "_").replace(RESERVED, "$1_").slice(0, 120) || "_";

function record(layout) {
  const bytes = new DataView(new ArrayBuffer(layout.reduce((sum, [size]) => sum + size, 0)));
  let at = 0;
  for (const [size, value] of layout) {
    if (size === 2) bytes.setUint16(at, value, true);
    else bytes.setUint32(at, value, true);
    at += size;
  }
  return bytes.buffer;
}

// Return a file of an uncompressed archive, such as Herald's, by its name; null if it is missing.
function fileOf(archive, name) {
  const view = new DataView(archive.buffer);
  const end = archive.length - 22; // the end record, without a comment
  if (end < 0 || view.getUint32(end, true) !== 0x06054b50) return null;
  let at = view.getUint32(end + 16, true);
  for (let left = view.getUint16(end + 10, true); left > 0 && view.getUint32(at, true) === 0x02014b50; left -= 1) {
    const [title, extra, comment] = [28, 30, 32].map((offset) => view.getUint16(at + offset, true));
    if (new TextDecoder().decode(archive.subarray(at + 46, at + 46 + title)) === name) {
      const place = view.getUint32(at + 42, true);
      const start = place + 30 + view.getUint16(place + 26, true) + view.getUint16(place + 28, true);
      return archive.slice(start, start + view.getUint32(at + 20, true));
    }
    at += 46 + title + extra + comment;
  }
  return null;
}

function zip(files) {
  const parts = [];
  const directory = [];
  let at = 0;
  let length = 0;
  for (const { name, bytes } of files) {
    const title = new TextEncoder().encode(name);
    // version 2.0; names in UTF-8; stored; 1980-01-01
    const common = [[2, 20], [2, 0x0800], [2, 0], [2, 0], [2, 0x21], [4, crc32(bytes)], [4, bytes.length], [4, bytes.length], [2, title.length], [2, 0]];
    parts.push(record([[4, 0x04034b50], ...common]), title, bytes);
    directory.push(record([[4, 0x02014b50], [2, 20], ...common, [2, 0], [2, 0], [2, 0], [4, 0], [4, at]]), title);
    at += 30 + title.length + bytes.length;
    length += 46 + title.length;
  }
  const end = record([[4, 0x06054b50], [2, 0], [2, 0], [2, files.length], [2, files.length], [4, length], [4, at], [2, 0]]);
  return new Blob([...parts, ...directory, end], { type: "application/zip" });
}
